package dev.nstm.optics;

/** Convolution with a Gaussian, cut off at three standard deviations, of a picture mirrored at its borders. */
public final class GaussianBlur {
    private static final int REACH = 3;

    private GaussianBlur() {}

    /** @param standardDeviation in pixels */
    public static Grid2D of(Grid2D image, double standardDeviation) {
        return along(along(image, standardDeviation, true), standardDeviation, false);
    }

    private static Grid2D along(Grid2D image, double standardDeviation, boolean alongRows) {
        int reach = (int) Math.ceil(REACH * standardDeviation);
        double[] kernel = new double[2 * reach + 1];
        double sum = 0;
        for (int k = -reach; k <= reach; k++)
            sum += kernel[k + reach] = Math.exp(-0.5 * k * k / (standardDeviation * standardDeviation));
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
