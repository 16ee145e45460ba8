package dev.nstm.apps.movie;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Evenly spaced times, and values at every so many-th. */
public final class Times {
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

    /** From the earliest of some times to the latest. */
    public static double[] across(double[] others, int count) {
        double first = Arrays.stream(others).min().orElse(-1);
        double last = Arrays.stream(others).max().orElse(1);
        double[] times = evenly(count);
        for (int i = 0; i < count; i++) times[i] = first + (last - first) * (times[i] + 1) / 2;
        return times;
    }
}
