package dev.nstm.metrics;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;

/** Likeness of two pictures. DPC determines a picture up to a constant, so means are removed first. */
public final class ImageMetrics {
    private static final double SIGMA = 1.5;
    private static final int REACH = 5;

    private ImageMetrics() {}

    /**
     * Peak signal-to-noise ratio in dB: 10 log10(range(truth)^2 / mean squared difference), means removed.
     *
     * @param margin pixels left out at each border
     */
    public static double psnr(Grid2D picture, Grid2D truth, int margin) {
        Grid2D a = centred(picture, margin, truth);
        Grid2D b = centred(truth, margin, truth);
        double squares = 0;
        for (int i = 0; i < a.values().length; i++) squares += (a.values()[i] - b.values()[i]) * (a.values()[i] - b.values()[i]);
        double range = range(b);
        return 10 * Math.log10(range * range * a.values().length / squares);
    }

    /**
     * Structural similarity (Wang et al., IEEE Trans. Image Process. 13, 600 (2004)) with an 11-pixel Gaussian window
     * of standard deviation 1.5 and K = 0.01, 0.03; means removed, the truth's range as dynamic range.
     */
    public static double ssim(Grid2D picture, Grid2D truth, int margin) {
        Grid2D a = centred(picture, margin, truth);
        Grid2D b = centred(truth, margin, truth);
        require(a.height() > 2 * REACH && a.width() > 2 * REACH, "pictures of %s are too small for SSIM; at least %d pixels are needed", a.size(), 2 * REACH + 1);
        double range = range(b);
        double c1 = 0.01 * range * 0.01 * range;
        double c2 = 0.03 * range * 0.03 * range;
        Grid2D meanA = smooth(a);
        Grid2D meanB = smooth(b);
        Grid2D squareA = smooth(product(a, a));
        Grid2D squareB = smooth(product(b, b));
        Grid2D cross = smooth(product(a, b));
        double total = 0;
        for (int i = 0; i < meanA.values().length; i++) {
            double ma = meanA.values()[i];
            double mb = meanB.values()[i];
            double varianceA = squareA.values()[i] - ma * ma;
            double varianceB = squareB.values()[i] - mb * mb;
            double covariance = cross.values()[i] - ma * mb;
            total += (2 * ma * mb + c1) * (2 * covariance + c2) / ((ma * ma + mb * mb + c1) * (varianceA + varianceB + c2));
        }
        return total / meanA.values().length;
    }

    private static Grid2D centred(Grid2D picture, int margin, Grid2D truth) {
        require(picture.height() == truth.height() && picture.width() == truth.width(), "the picture is %s but the truth is %s", picture.size(), truth.size());
        int height = picture.height() - 2 * margin;
        int width = picture.width() - 2 * margin;
        require(height > 0 && width > 0, "a margin of %d leaves nothing of %s", margin, picture.size());
        Grid2D inner = new Grid2D(height, width);
        for (int y = 0; y < height; y++) for (int x = 0; x < width; x++) inner.values()[y * width + x] = picture.get(y + margin, x + margin);
        double mean = inner.sum() / inner.values().length;
        for (int i = 0; i < inner.values().length; i++) inner.values()[i] -= mean;
        return inner;
    }

    private static double range(Grid2D grid) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double value : grid.values()) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        return max - min;
    }

    private static Grid2D product(Grid2D a, Grid2D b) {
        Grid2D product = new Grid2D(a.height(), a.width());
        for (int i = 0; i < product.values().length; i++) product.values()[i] = a.values()[i] * b.values()[i];
        return product;
    }

    /** Gaussian window where it fits whole. */
    private static Grid2D smooth(Grid2D grid) {
        double[] window = new double[2 * REACH + 1];
        double sum = 0;
        for (int k = -REACH; k <= REACH; k++) sum += window[k + REACH] = Math.exp(-0.5 * k * k / SIGMA / SIGMA);
        int width = grid.width() - 2 * REACH;
        int height = grid.height() - 2 * REACH;
        Grid2D rows = new Grid2D(grid.height(), width);
        for (int y = 0; y < grid.height(); y++) {
            for (int x = 0; x < width; x++) {
                double value = 0;
                for (int k = 0; k < window.length; k++) value += window[k] * grid.get(y, x + k);
                rows.values()[y * width + x] = value / sum;
            }
        }
        Grid2D result = new Grid2D(height, width);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double value = 0;
                for (int k = 0; k < window.length; k++) value += window[k] * rows.get(y + k, x);
                result.values()[y * width + x] = value / sum;
            }
        }
        return result;
    }
}
