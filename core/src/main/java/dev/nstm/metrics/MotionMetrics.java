package dev.nstm.metrics;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;
import java.util.Arrays;

/** How well a displacement was recovered. */
public final class MotionMetrics {
    private MotionMetrics() {}

    /**
     * Median length of the difference of two displacements, in pixels, over the pixels where the picture's gradient is
     * in its top fifth: elsewhere there is nothing that could show a motion.
     *
     * @param motion {@code [axis][pixel]}
     * @param truth laid out alike
     * @param picture whose gradient counts
     * @param margin pixels left out at each border
     */
    public static double medianError(float[][] motion, float[][] truth, Grid2D picture, int margin) {
        int width = picture.width();
        int from = Math.max(1, margin);
        int rows = picture.height() - 2 * from;
        int columns = width - 2 * from;
        require(rows > 0 && columns > 0, "a margin of %d leaves nothing of %s", margin, picture.size());
        double[] slopes = new double[rows * columns];
        double[] errors = new double[rows * columns];
        for (int i = 0; i < slopes.length; i++) {
            int y = from + i / columns;
            int x = from + i % columns;
            slopes[i] = Math.hypot(picture.get(y + 1, x) - picture.get(y - 1, x), picture.get(y, x + 1) - picture.get(y, x - 1));
            int at = y * width + x;
            errors[i] = Math.hypot(motion[0][at] - truth[0][at], motion[1][at] - truth[1][at]);
        }
        double[] sorted = slopes.clone();
        Arrays.sort(sorted);
        double threshold = sorted[sorted.length * 4 / 5];
        double[] selected = new double[slopes.length];
        int count = 0;
        for (int i = 0; i < slopes.length; i++) if (slopes[i] >= threshold) selected[count++] = errors[i];
        selected = Arrays.copyOf(selected, count);
        Arrays.sort(selected);
        return count % 2 == 1 ? selected[count / 2] : 0.5 * (selected[count / 2 - 1] + selected[count / 2]);
    }
}
