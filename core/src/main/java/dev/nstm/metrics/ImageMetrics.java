package dev.nstm.metrics;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;

/** Likeness of a reconstruction and the truth. */
public final class ImageMetrics {
    private static final double SIGMA = 1.5;
    private static final int REACH = 5;

    private ImageMetrics() {}

    /** What a measurement leaves open of the values that it reconstructs; it is fitted before they are compared. */
    public enum Freedom {
        /** Values are absolute. */
        NONE,
        /** A constant may be added, as to the phase and the absorption of DPC. */
        OFFSET,
        /**
         * A polynomial of second degree in row and column may be added to every plane, as to the phase of DPC in uneven
         * light.
         */
        SURFACE,
        /** The unit is open too, as that of a density. */
        SCALE_AND_OFFSET
    }

    /**
     * Peak signal-to-noise ratio in dB: 10 log10(range(truth)^2 / mean squared difference), over every plane except its
     * margin.
     *
     * @param margin pixels left out at each border of a plane
     * @param freedom what is fitted to the truth first
     */
    public static double psnr(Grid3D volume, Grid3D truth, int margin, Freedom freedom) {
        require(
                volume.size().equals(truth.size()),
                "the reconstruction is %s but the truth is %s",
                volume.size(),
                truth.size());
        double[] a = inner(volume, margin);
        double[] b = inner(truth, margin);
        if (freedom != Freedom.NONE) {
            double[] mean = {mean(a), mean(b)};
            for (int i = 0; i < a.length; i++) {
                a[i] -= mean[0];
                b[i] -= mean[1];
            }
        }
        if (freedom == Freedom.SCALE_AND_OFFSET) {
            double variance = 0;
            double covariance = 0;
            for (int i = 0; i < a.length; i++) {
                variance += a[i] * a[i];
                covariance += a[i] * b[i];
            }
            double scale = variance > 0 ? covariance / variance : 0;
            for (int i = 0; i < a.length; i++) a[i] *= scale;
        }
        double squares = 0;
        for (int i = 0; i < a.length; i++) squares += (a[i] - b[i]) * (a[i] - b[i]);
        if (freedom == Freedom.SURFACE)
            squares -= explainedBySurfaces(a, b, volume.height() - 2 * margin, volume.width() - 2 * margin);
        double range = range(b);
        return 10 * Math.log10(range * range * a.length / squares);
    }

    /** How much of the squares of a - b a polynomial of second degree explains in every plane. */
    private static double explainedBySurfaces(double[] a, double[] b, int height, int width) {
        double explained = 0;
        for (int first = 0; first < a.length; first += height * width) {
            double[] difference = new double[height * width];
            for (int i = 0; i < difference.length; i++) difference[i] = a[first + i] - b[first + i];
            explained += Surfaces.explained(difference, 2, height, width);
        }
        return explained;
    }

    /** The same of pictures. */
    public static double psnr(Grid2D picture, Grid2D truth, int margin, Freedom freedom) {
        return psnr(Grid3D.of(picture), Grid3D.of(truth), margin, freedom);
    }

    /**
     * Structural similarity (Wang et al., IEEE Trans. Image Process. 13, 600 (2004)) with an 11-pixel Gaussian window
     * of standard deviation 1.5 and K = 0.01, 0.03; means removed, the truth's range as dynamic range.
     */
    public static double ssim(Grid2D picture, Grid2D truth, int margin) {
        Grid2D a = centred(picture, margin, truth);
        Grid2D b = centred(truth, margin, truth);
        require(
                a.height() > 2 * REACH && a.width() > 2 * REACH,
                "pictures of %s are too small for SSIM; at least %d pixels are needed",
                a.size(),
                2 * REACH + 1);
        double range = range(b.values());
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
            total += (2 * ma * mb + c1)
                    * (2 * covariance + c2)
                    / ((ma * ma + mb * mb + c1) * (varianceA + varianceB + c2));
        }
        return total / meanA.values().length;
    }

    /** The picture without its margin, minus the mean of what remains. */
    private static Grid2D centred(Grid2D picture, int margin, Grid2D truth) {
        require(
                picture.height() == truth.height() && picture.width() == truth.width(),
                "the picture is %s but the truth is %s",
                picture.size(),
                truth.size());
        double[] inner = inner(Grid3D.of(picture), margin);
        double mean = mean(inner);
        for (int i = 0; i < inner.length; i++) inner[i] -= mean;
        return new Grid2D(picture.height() - 2 * margin, picture.width() - 2 * margin, inner);
    }

    private static double[] inner(Grid3D volume, int margin) {
        int height = volume.height() - 2 * margin;
        int width = volume.width() - 2 * margin;
        require(
                height > 0 && width > 0,
                "a margin of %d leaves nothing of %dx%d",
                margin,
                volume.height(),
                volume.width());
        double[] inner = new double[volume.depth() * height * width];
        for (int row = 0; row < volume.depth() * height; row++) {
            System.arraycopy(
                    volume.values(),
                    ((row / height * volume.height()) + row % height + margin) * volume.width() + margin,
                    inner,
                    row * width,
                    width);
        }
        return inner;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) sum += value;
        return sum / values.length;
    }

    private static double range(double[] values) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
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
