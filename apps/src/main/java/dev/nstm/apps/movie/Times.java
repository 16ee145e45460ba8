package dev.nstm.apps.movie;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Evenly spaced times, and values at every so many-th. */
public final class Times {
    /** Share of their spacing by which times that count as even may be off. */
    private static final double UNEVEN = 0.01;

    private Times() {}

    /** From -1 to 1; 0 where there is one. */
    public static double[] evenly(int count) {
        double[] times = new double[count];
        for (int i = 0; i < count; i++) times[i] = count == 1 ? 0 : -1 + 2.0 * i / (count - 1);
        return times;
    }

    /** Every so many-th value, beginning with the first. */
    public static double[] every(int step, double[] values) {
        return IntStream.range(0, Math.ceilDiv(values.length, step))
                .mapToDouble(i -> values[i * step])
                .toArray();
    }

    /** From one of some times to the next, where that is the same everywhere; empty of a single one. */
    public static OptionalDouble spacing(double[] times) {
        if (times.length < 2) return OptionalDouble.empty();
        double step = (times[times.length - 1] - times[0]) / (times.length - 1);
        boolean even = IntStream.range(0, times.length)
                .allMatch(i -> Math.abs(times[i] - times[0] - i * step) <= UNEVEN * Math.abs(step));
        return even && step > 0 ? OptionalDouble.of(step) : OptionalDouble.empty();
    }

    /** From the earliest of some times to the latest. */
    public static double[] across(double[] others, int count) {
        double first = Arrays.stream(others).min().orElse(-1);
        double last = Arrays.stream(others).max().orElse(1);
        double[] times = evenly(count);
        for (int i = 0; i < count; i++) times[i] = first + (last - first) * (times[i] + 1) / 2;
        return times;
    }
}
