package dev.nstm.metrics;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.Sizes;
import java.util.Arrays;

/**
 * Paths of material points through the movie. A motion map says for every place p which place of the scene at rest it
 * shows: p + motion(p, t). A point that starts at q is, at time t, at the place that shows what q showed at the first
 * time.
 */
public final class Trajectory {
    /**
     * Beyond this distance (sum over the axes, in pixels) no interpolation is tried: the point has left the picture.
     */
    private static final double LOST = 5;

    private static final double FAR = 1e7;

    private final int[] extents;
    private final double[][][] seen;

    /**
     * @param motion displacement in pixels, {@code [time][axis][pixel]}, pixels with the last axis fastest
     * @param extents samples along each axis
     */
    public Trajectory(float[][][] motion, int... extents) {
        int count = Sizes.product("a grid", extents);
        require(
                motion.length > 0 && motion[0].length == extents.length && motion[0][0].length == count,
                "a motion map of %d axes and %d pixels does not fit a grid of %s",
                motion.length == 0 ? 0 : motion[0].length,
                count,
                Arrays.toString(extents));
        this.extents = extents.clone();
        seen = new double[motion.length][extents.length][count];
        for (int t = 0; t < motion.length; t++) {
            for (int i = 0; i < count; i++) {
                int[] place = place(i);
                for (int axis = 0; axis < extents.length; axis++) seen[t][axis][i] = motion[t][axis][i] + place[axis];
            }
        }
    }

    /**
     * Places of a point at every time, {@code [time][axis]}: the places that show the same place of the scene at rest,
     * the target. They are interpolated along the diagonal of the cell whose far corner is the nearest pixel that shows
     * a place beyond the target on every axis; where there is no such pixel, the pixel that shows the nearest place is
     * taken.
     */
    public double[][] interpolated(int... start) {
        double[] target = target(start);
        double[][] path = new double[seen.length][];
        for (int t = 0; t < path.length; t++) {
            int corner = -1;
            double least = LOST;
            for (int i = 0; i < seen[t][0].length; i++) {
                double distance = beyond(t, i, target);
                if (distance < least && inside(place(i))) {
                    least = distance;
                    corner = i;
                }
            }
            path[t] = corner < 0 ? doubles(place(nearestIndex(t, target))) : between(t, corner, target);
        }
        return path;
    }

    private double[] between(int t, int corner, double[] target) {
        double[] point = doubles(place(corner));
        int before = corner;
        for (int axis = extents.length - 1, stride = 1; axis >= 0; stride *= extents[axis--]) before -= stride;
        for (int axis = 0; axis < point.length; axis++) {
            double next = seen[t][axis][corner];
            double share = Math.clamp((target[axis] - next) / (seen[t][axis][before] - next), 0, 1);
            point[axis] -= share;
        }
        return point;
    }

    /** Whether there is a cell before this pixel on every axis. */
    private static boolean inside(int[] place) {
        return Arrays.stream(place).allMatch(index -> index > 0);
    }

    private double beyond(int t, int i, double[] target) {
        double sum = 0;
        for (int axis = 0; axis < extents.length; axis++) {
            double difference = seen[t][axis][i] - target[axis];
            sum += difference > 0 ? difference : FAR;
        }
        return sum;
    }

    private int nearestIndex(int t, double[] target) {
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < seen[t][0].length; i++) {
            double sum = 0;
            for (int axis = 0; axis < extents.length; axis++) {
                double difference = seen[t][axis][i] - target[axis];
                sum += difference * difference;
            }
            if (sum < least) {
                least = sum;
                nearest = i;
            }
        }
        return nearest;
    }

    private double[] target(int[] start) {
        require(
                start.length == extents.length,
                "a point on this grid has %d coordinates, got %s",
                extents.length,
                Arrays.toString(start));
        int index = 0;
        for (int axis = 0; axis < extents.length; axis++) {
            require(
                    start[axis] >= 0 && start[axis] < extents[axis],
                    "point %s lies outside the grid of %s",
                    Arrays.toString(start),
                    Arrays.toString(extents));
            index = index * extents[axis] + start[axis];
        }
        double[] target = new double[extents.length];
        for (int axis = 0; axis < target.length; axis++) target[axis] = seen[0][axis][index];
        return target;
    }

    private int[] place(int index) {
        int[] place = new int[extents.length];
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            place[axis] = index % extents[axis];
            index /= extents[axis];
        }
        return place;
    }

    private static double[] doubles(int[] values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }
}
