package dev.nstm.metrics;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.Sizes;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How far a specimen has moved. The model's motion m says where a point looks: p shows at time t what the specimen at
 * rest has at p + m(p, t), so m may hold any common offset. What lies at p at time t lay at p - d(p, t) at the first
 * time:
 *
 * <pre>d(p, t) = m(p - d(p, t), first) - m(p, t),</pre>
 *
 * positive where the specimen went towards higher indices. It has one solution where m at the first time changes by
 * less than a pixel per pixel, as it does wherever that map folds nothing.
 */
public final class Displacements {
    private static final int MOST_ROUNDS = 200;
    /** Pixels within which the equation is solved. */
    private static final double ACCURACY = 1e-4;
    /** Pixels that a processor solves at a time. */
    private static final int CHUNK = 4096;

    private Displacements() {}

    /**
     * Displacement of the specimen since the earliest time, in pixels.
     *
     * @param motion where points look, {@code [time][axis][pixel]}, in pixels, pixels with the last axis fastest
     * @param times of the maps
     * @param extents samples along each axis
     * @return laid out like {@code motion}
     */
    public static float[][][] sinceFirst(float[][][] motion, double[] times, int... extents) {
        int count = Sizes.product("a grid", extents);
        require(
                motion.length == times.length
                        && Arrays.stream(motion)
                                .allMatch(map -> map.length == extents.length && map[0].length == count),
                "motion maps at %d times on a grid of %s are expected",
                times.length,
                Arrays.toString(extents));
        int first = earliest(times);
        return Arrays.stream(motion)
                .map(now -> between(motion[first], now, extents))
                .toArray(float[][][]::new);
    }

    /** Index of the earliest time; of several, the first. */
    public static int earliest(double[] times) {
        return IntStream.range(0, times.length).reduce(0, (a, b) -> times[b] < times[a] ? b : a);
    }

    /**
     * Displacement of the specimen from one time to another, in pixels.
     *
     * @param before where points look at the first of these times, {@code [axis][pixel]}, in pixels
     * @param now the same at the second of these times
     * @param extents samples along each axis
     * @return laid out alike
     */
    public static float[][] between(float[][] before, float[][] now, int... extents) {
        float[][] displacement = new float[extents.length][now[0].length];
        IntStream.range(0, now[0].length / CHUNK + 1)
                .parallel()
                .forEach(chunk -> solve(
                        before,
                        now,
                        extents,
                        displacement,
                        chunk * CHUNK,
                        Math.min(now[0].length, (chunk + 1) * CHUNK)));
        return displacement;
    }

    private static void solve(
            float[][] before, float[][] now, int[] extents, float[][] displacement, int from, int to) {
        int axes = extents.length;
        double[] place = new double[axes];
        for (int i = from; i < to; i++) {
            double change = Double.POSITIVE_INFINITY;
            for (int round = 0; round < MOST_ROUNDS && change > ACCURACY; round++) {
                for (int axis = axes - 1, rest = i; axis >= 0; rest /= extents[axis--])
                    place[axis] = rest % extents[axis] - displacement[axis][i];
                change = 0;
                for (int axis = 0; axis < axes; axis++) {
                    float next = (float) (interpolated(before[axis], extents, place, 0, 0) - now[axis][i]);
                    change = Math.max(change, Math.abs(next - displacement[axis][i]));
                    displacement[axis][i] = next;
                }
            }
        }
    }

    /** Linear between the samples from an axis on; the border goes on beyond it. */
    private static double interpolated(float[] map, int[] extents, double[] place, int axis, int index) {
        if (axis == extents.length) return map[index];
        double at = Math.clamp(place[axis], 0, extents[axis] - 1);
        int low = (int) at;
        int next = index * extents[axis] + low;
        double below = interpolated(map, extents, place, axis + 1, next);
        return at == low ? below : below + (at - low) * (interpolated(map, extents, place, axis + 1, next + 1) - below);
    }
}
