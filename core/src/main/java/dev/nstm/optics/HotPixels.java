package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.Arrays;

/** Pixels of a camera that are stuck far from their neighbours. */
public final class HotPixels {
    /** A normal deviation is this many median deviations. */
    private static final double TO_DEVIATION = 1.4826;
    /**
     * A hot pixel lies at least this many times further from the median of its neighbours than these differ among each
     * other, the smallest and the largest left out; for a bead as small as the light allows the factor is 2.
     */
    private static final double BEYOND_NEIGHBOURS = 3;

    private HotPixels() {}

    /**
     * The picture with every hot pixel replaced by the median of its neighbours. A pixel is hot where its distance from
     * that median is more than {@code threshold} typical deviations of the picture (1.4826 times the median of those
     * distances that are not 0) and several times larger than its neighbours differ among each other, which excludes
     * beads and edges.
     */
    public static Grid2D removed(Grid2D picture, double threshold) {
        require(threshold > 0, "the threshold for hot pixels must be positive, got %s", threshold);
        double[] medians = new double[picture.values().length];
        double[] spreads = new double[medians.length];
        double[] distances = new double[medians.length];
        for (int i = 0; i < medians.length; i++) {
            double[] neighbours = neighbours(picture, i / picture.width(), i % picture.width());
            int count = neighbours.length;
            if (count == 0) return picture;
            medians[i] = (neighbours[(count - 1) / 2] + neighbours[count / 2]) / 2;
            spreads[i] = count < 4 ? 0 : neighbours[count - 2] - neighbours[1];
            distances[i] = Math.abs(picture.values()[i] - medians[i]);
        }
        // Dark backgrounds are flat: pixels without any difference say nothing about the size of typical differences.
        double[] sorted = Arrays.stream(distances)
                .filter(distance -> distance > 0)
                .sorted()
                .toArray();
        if (sorted.length == 0) return picture;
        double typical = TO_DEVIATION * sorted[sorted.length / 2];
        Grid2D cleaned =
                new Grid2D(picture.height(), picture.width(), picture.values().clone());
        for (int i = 0; i < medians.length; i++)
            if (distances[i] > Math.max(threshold * typical, BEYOND_NEIGHBOURS * spreads[i]))
                cleaned.values()[i] = medians[i];
        return cleaned;
    }

    /** Sorted. */
    private static double[] neighbours(Grid2D picture, int row, int column) {
        double[] neighbours = new double[8];
        int count = 0;
        for (int y = Math.max(0, row - 1); y <= Math.min(picture.height() - 1, row + 1); y++) {
            for (int x = Math.max(0, column - 1); x <= Math.min(picture.width() - 1, column + 1); x++)
                if (y != row || x != column) neighbours[count++] = picture.get(y, x);
        }
        double[] sorted = Arrays.copyOf(neighbours, count);
        Arrays.sort(sorted);
        return sorted;
    }
}
