package dev.nstm.optics;

import dev.nstm.tensor.Sizes;

/**
 * The columns up to width/2 of a spectrum that belongs to a real array, in single precision.
 *
 * @param height rows of the whole
 * @param width columns of the whole
 * @param values interleaved complex values, {@code [height][width / 2 + 1]}, zero frequency first
 */
public record HalfSpectrum(int height, int width, float[] values) {
    /** The part of a transfer function that a real picture of a real scene depends on, (H(f) + conj H(-f)) / 2. */
    public static HalfSpectrum hermitian(ComplexGrid grid) {
        ComplexGrid3D plane = new ComplexGrid3D(1, grid.height(), grid.width(), grid.re(), grid.im());
        return new HalfSpectrum(grid.height(), grid.width(), plane.hermitianHalf(1));
    }

    /** The low frequencies, as {@link ComplexGrid#lowFrequencies} cuts them, for a transfer function. */
    public HalfSpectrum lowFrequencies(int newHeight, int newWidth) {
        int half = width / 2 + 1;
        int newHalf = newWidth / 2 + 1;
        HalfSpectrum small =
                new HalfSpectrum(newHeight, newWidth, new float[Sizes.product("a spectrum", 2, newHeight, newHalf)]);
        int kept = 2 * ((newWidth + 1) / 2);
        for (int y = 0; y < newHeight; y++) {
            if (2 * y == newHeight) continue;
            int from = 2 * y < newHeight ? y : height - newHeight + y;
            System.arraycopy(values, 2 * from * half, small.values, 2 * y * newHalf, kept);
        }
        return small;
    }
}
