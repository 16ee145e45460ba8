package dev.nstm.imaging;

import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Orthonormal;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Smooth light that a shot may have of its own: polynomials of row and column, orthonormal over the compared pixels. A
 * difference of light between shots that is linear in row and column looks the same as a phase that is quadratic in
 * them, and so on: what is smooth in the phase cannot be told from what is smooth in the light, so light has its
 * {@link #PRICE}.
 */
final class SmoothLight {
    /** Highest sum of the powers of row and column. */
    private static final int ORDER = 3;

    static final int FIELDS = (ORDER + 1) * (ORDER + 2) / 2;
    /** What a squared coefficient costs, in squared differences of pixels. */
    static final double PRICE = 0.03;

    private SmoothLight() {}

    /**
     * The fields of every mask.
     *
     * @param seen how a field appears in the pictures that are compared
     * @return {@code [mask][field][pixel]}
     */
    static List<float[][]> fields(ComparedPixels pixels, UnaryOperator<Grid2D> seen) {
        double[][] smooth = SmoothSurface.polynomials(ORDER, pixels.height(), pixels.width());
        double[][] appearing = Arrays.stream(smooth)
                .map(values -> seen.apply(new Grid2D(pixels.height(), pixels.width(), values))
                        .values())
                .toArray(double[][]::new);
        return pixels.masks().stream().map(mask -> orthonormal(appearing, mask)).toList();
    }

    private static float[][] orthonormal(double[][] fields, boolean[] mask) {
        double[][] masked = new double[fields.length][mask.length];
        for (int row = 0; row < masked.length; row++)
            for (int i = 0; i < mask.length; i++) masked[row][i] = mask[i] ? fields[row][i] : 0;
        double[][] rows = Orthonormal.of(masked);
        float[][] rounded = new float[rows.length][mask.length];
        for (int row = 0; row < rows.length; row++)
            for (int i = 0; i < mask.length; i++) rounded[row][i] = (float) rows[row][i];
        return rounded;
    }
}
