package dev.nstm.apps.report;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.IntFunction;

/**
 * A list whose elements are made each time they are asked for: all of them together may be more than there is room for.
 */
public final class LazyList<T> extends AbstractList<T> implements RandomAccess {
    private final int size;
    private final IntFunction<T> maker;

    public LazyList(int size, IntFunction<T> maker) {
        this.size = size;
        this.maker = maker;
    }

    @Override
    public T get(int index) {
        return maker.apply(Objects.checkIndex(index, size));
    }

    @Override
    public int size() {
        return size;
    }
}
