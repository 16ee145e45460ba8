package dev.nstm.optics;

import dev.nstm.tensor.Sizes;

/**
 * Complex values on a two-dimensional grid, row after row.
 *
 * @param height rows
 * @param width columns
 * @param re real parts
 * @param im imaginary parts
 */
public record ComplexGrid(int height, int width, double[] re, double[] im) {
    public ComplexGrid(int height, int width) {
        this(
                height,
                width,
                new double[Sizes.product("a picture", height, width)],
                new double[Sizes.product("a picture", height, width)]);
    }

    public static ComplexGrid ofReal(Grid2D real) {
        return new ComplexGrid(real.height(), real.width(), real.values().clone(), new double[real.values().length]);
    }

    public Grid2D real() {
        return new Grid2D(height, width, re.clone());
    }

    public ComplexGrid scaled(double factor) {
        ComplexGrid scaled = new ComplexGrid(height, width);
        for (int i = 0; i < re.length; i++) {
            scaled.re[i] = factor * re[i];
            scaled.im[i] = factor * im[i];
        }
        return scaled;
    }

    /**
     * The low frequencies of a spectrum as the spectrum of a smaller picture of the same field, sample 0 staying where
     * it is. The Nyquist frequency of an even size is left out: its sign is lost.
     *
     * @param amplitude factor on every value: 1 for a transfer function; the ratio of the pixel counts, new to old, for
     *     an unnormalised spectrum
     */
    public ComplexGrid lowFrequencies(int newHeight, int newWidth, double amplitude) {
        ComplexGrid small = new ComplexGrid(newHeight, newWidth);
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                if (2 * y == newHeight || 2 * x == newWidth) continue;
                int from = (2 * y < newHeight ? y : height - newHeight + y) * width
                        + (2 * x < newWidth ? x : width - newWidth + x);
                small.re[y * newWidth + x] = amplitude * re[from];
                small.im[y * newWidth + x] = amplitude * im[from];
            }
        }
        return small;
    }

    /** Index of the negative of a frequency. */
    public int mirror(int y, int x) {
        return (y == 0 ? 0 : height - y) * width + (x == 0 ? 0 : width - x);
    }
}
