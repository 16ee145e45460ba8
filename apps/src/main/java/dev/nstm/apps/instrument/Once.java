package dev.nstm.apps.instrument;

import java.util.function.Supplier;

/** A value that takes long to make: made when it is first asked for, and kept. */
public final class Once<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private T value;

    public Once(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public synchronized T get() {
        if (value == null) value = maker.get();
        return value;
    }
}
