package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;

/** Brings raw pictures to their relative deviation from the background. */
public final class Background {
    private Background() {}

    /** I / mean(I) - 1. */
    public static Grid2D divideByMean(Grid2D image) {
        double mean = image.sum() / image.values().length;
        require(mean > 0, "the picture's mean is %s; a bright field is needed to divide by it", mean);
        Grid2D result = new Grid2D(image.height(), image.width());
        for (int i = 0; i < result.values().length; i++) result.values()[i] = image.values()[i] / mean - 1;
        return result;
    }

    /** I / blur(I) - 1, the blur being Gaussian with mirrored borders. */
    public static Grid2D divideByBlur(Grid2D image, double standardDeviation) {
        Grid2D blurred = blur(blur(image, standardDeviation, true), standardDeviation, false);
        Grid2D result = new Grid2D(image.height(), image.width());
        for (int i = 0; i < result.values().length; i++) {
            require(blurred.values()[i] > 0, "the blurred background is %s at row %d, column %d; a bright field is needed to divide by it",
                    blurred.values()[i], i / image.width(), i % image.width());
            result.values()[i] = image.values()[i] / blurred.values()[i] - 1;
        }
        return result;
    }

    private static Grid2D blur(Grid2D image, double standardDeviation, boolean alongRows) {
        int reach = (int) Math.ceil(3 * standardDeviation);
        double[] kernel = new double[2 * reach + 1];
        double sum = 0;
        for (int k = -reach; k <= reach; k++) sum += kernel[k + reach] = Math.exp(-0.5 * k * k / (standardDeviation * standardDeviation));
        Grid2D result = new Grid2D(image.height(), image.width());
        int length = alongRows ? image.width() : image.height();
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                double value = 0;
                for (int k = -reach; k <= reach; k++) {
                    int at = mirror((alongRows ? x : y) + k, length);
                    value += kernel[k + reach] * (alongRows ? image.get(y, at) : image.get(at, x));
                }
                result.values()[y * image.width() + x] = value / sum;
            }
        }
        return result;
    }

    private static int mirror(int index, int length) {
        int wrapped = Math.floorMod(index, 2 * length);
        return wrapped < length ? wrapped : 2 * length - 1 - wrapped;
    }
}
