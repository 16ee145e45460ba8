package dev.nstm.metrics;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid3D;
import java.util.Arrays;
import java.util.stream.IntStream;

/** How well a displacement was recovered. */
public final class MotionMetrics {
    private MotionMetrics() {}

    /**
     * Lengths of the difference of two displacements within the planes, in pixels, at the pixels where the gradient of
     * the true picture is in its top fifth: elsewhere there is nothing that could show a motion. Sorted, least first.
     *
     * @param motion along rows and columns, {@code [axis][pixel]}
     * @param truth laid out alike
     * @param scene whose gradient within the planes counts
     * @param margin pixels left out at each border of a plane
     */
    public static double[] errors(float[][] motion, float[][] truth, Grid3D scene, int margin) {
        int width = scene.width();
        int from = Math.max(1, margin);
        int rows = scene.height() - 2 * from;
        int columns = width - 2 * from;
        require(rows > 0 && columns > 0, "a margin of %d leaves nothing of %s", margin, scene.size());
        double[] values = scene.values();
        double[] slopes = new double[scene.depth() * rows * columns];
        double[] errors = new double[slopes.length];
        for (int i = 0; i < slopes.length; i++) {
            int row = i / columns;
            int at = (row / rows * scene.height() + from + row % rows) * width + from + i % columns;
            slopes[i] = Math.hypot(values[at + width] - values[at - width], values[at + 1] - values[at - 1]);
            errors[i] = Math.hypot(motion[0][at] - truth[0][at], motion[1][at] - truth[1][at]);
        }
        double[] sorted = slopes.clone();
        Arrays.sort(sorted);
        double threshold = sorted[sorted.length * 4 / 5];
        return IntStream.range(0, slopes.length)
                .filter(i -> slopes[i] >= threshold)
                .mapToDouble(i -> errors[i])
                .sorted()
                .toArray();
    }

    /** Value below which a share of sorted values lies, interpolated between neighbours; 0.5 is the median. */
    public static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
