package dev.nstm.optics;

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
        this(height, width, new double[height * width], new double[height * width]);
    }

    public static ComplexGrid ofReal(Grid2D real) {
        return new ComplexGrid(real.height(), real.width(), real.values().clone(), new double[real.values().length]);
    }

    public Grid2D real() {
        return new Grid2D(height, width, re.clone());
    }

    /** Index of the negative of a frequency. */
    public int mirror(int y, int x) {
        return (y == 0 ? 0 : height - y) * width + (x == 0 ? 0 : width - x);
    }

    /**
     * The part of a transfer function that a real picture of a real scene depends on, (H(f) + conj H(-f)) / 2, for
     * columns up to width/2, as interleaved single-precision values.
     */
    public float[] hermitianHalf() {
        int half = width / 2 + 1;
        float[] values = new float[2 * height * half];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < half; x++) {
                int at = y * width + x;
                int mirror = mirror(y, x);
                values[2 * (y * half + x)] = (float) ((re[at] + re[mirror]) / 2);
                values[2 * (y * half + x) + 1] = (float) ((im[at] - im[mirror]) / 2);
            }
        }
        return values;
    }
}
