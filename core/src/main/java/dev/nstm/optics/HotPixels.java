package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.Arrays;

/** Pixels of a camera that are stuck far from their neighbours. */
public final class HotPixels {
    /** A normal deviation is this many median deviations. */
    private static final double TO_DEVIATION = 1.4826;

    private HotPixels() {}

    /**
     * The picture with every pixel that stands out replaced by the median of its neighbours.
     *
     * @param threshold how far a pixel may lie from the median of its neighbours, in typical deviations (1.4826 times
     *     the median over the picture of such distances)
     */
    public static Grid2D removed(Grid2D picture, double threshold) {
        require(threshold > 0, "the threshold for hot pixels must be positive, got %s", threshold);
        double[] medians = new double[picture.values().length];
        double[] distances = new double[medians.length];
        for (int i = 0; i < medians.length; i++) {
            medians[i] = median(picture, i / picture.width(), i % picture.width());
            distances[i] = Math.abs(picture.values()[i] - medians[i]);
        }
        double[] sorted = distances.clone();
        Arrays.sort(sorted);
        double typical = TO_DEVIATION * sorted[sorted.length / 2];
        Grid2D cleaned = new Grid2D(picture.height(), picture.width(), picture.values().clone());
        for (int i = 0; i < medians.length; i++) if (distances[i] > threshold * typical) cleaned.values()[i] = medians[i];
        return cleaned;
    }

    private static double median(Grid2D picture, int row, int column) {
        double[] neighbours = new double[8];
        int count = 0;
        for (int y = Math.max(0, row - 1); y <= Math.min(picture.height() - 1, row + 1); y++) {
            for (int x = Math.max(0, column - 1); x <= Math.min(picture.width() - 1, column + 1); x++) if (y != row || x != column) neighbours[count++] = picture.get(y, x);
        }
        if (count == 0) return picture.get(row, column);
        Arrays.sort(neighbours, 0, count);
        return (neighbours[(count - 1) / 2] + neighbours[count / 2]) / 2;
    }
}
