package dev.nstm.optics;

import dev.nstm.tensor.Sizes;

/**
 * Complex values on a three-dimensional grid: planes of rows.
 *
 * @param depth planes
 * @param height rows of a plane
 * @param width columns of a plane
 * @param re real parts, {@code [z][y][x]}
 * @param im imaginary parts
 */
public record ComplexGrid3D(int depth, int height, int width, double[] re, double[] im) {
    public ComplexGrid3D(int depth, int height, int width) {
        this(
                depth,
                height,
                width,
                new double[Sizes.product("a volume", depth, height, width)],
                new double[Sizes.product("a volume", depth, height, width)]);
    }

    public static ComplexGrid3D ofReal(Grid3D real) {
        return new ComplexGrid3D(
                real.depth(), real.height(), real.width(), real.values().clone(), new double[real.values().length]);
    }

    public Grid3D real() {
        return new Grid3D(depth, height, width, re.clone());
    }

    /** Squared magnitude of value i. */
    public double power(int i) {
        return re[i] * re[i] + im[i] * im[i];
    }

    /** Index of the negative of a frequency. */
    public int mirror(int z, int y, int x) {
        return ((z == 0 ? 0 : depth - z) * height + (y == 0 ? 0 : height - y)) * width + (x == 0 ? 0 : width - x);
    }

    /**
     * The part of a transfer function that a real volume depends on, (H(f) + conj H(-f)) / 2, for columns up to
     * width/2, as interleaved single-precision values {@code [z][y][x/2+1]}.
     *
     * @param factor multiplied to every value
     */
    public float[] hermitianHalf(double factor) {
        int half = width / 2 + 1;
        float[] values = new float[Sizes.product("a spectrum", 2, depth, height, half)];
        int to = 0;
        for (int z = 0; z < depth; z++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < half; x++) {
                    int at = (z * height + y) * width + x;
                    int mirror = mirror(z, y, x);
                    values[to++] = (float) (factor * (re[at] + re[mirror]) / 2);
                    values[to++] = (float) (factor * (im[at] - im[mirror]) / 2);
                }
            }
        }
        return values;
    }
}
