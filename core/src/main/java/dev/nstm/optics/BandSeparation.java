package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.List;

/**
 * Separates the bands of structured illumination. Image j, taken at phase p_j of the pattern, is
 *
 * <pre>I_j = a_0 + sum over orders o of a_o cos(o p_j) + b_o sin(o p_j);</pre>
 *
 * least squares gives a and b at every pixel, and the band of order o is (a_o + i b_o) / 2 (band 0 is a_0). Phases need
 * not be equally spaced; where they are, this is the transform over the phases divided by their number.
 */
public final class BandSeparation {
    private final double[][] weights;
    private final int orders;

    /**
     * @param phases phase of the pattern's first order in each image, radians
     * @param orders number of bands, order 0 included
     */
    public BandSeparation(double[] phases, int orders) {
        int unknowns = 2 * orders - 1;
        require(orders >= 1, "there must be at least one band, got %d", orders);
        require(
                phases.length >= unknowns,
                "%d phases cannot separate %d orders; at least %d are needed",
                phases.length,
                orders,
                unknowns);
        this.orders = orders;
        double[][] model = new double[phases.length][unknowns];
        for (int j = 0; j < phases.length; j++) {
            model[j][0] = 1;
            for (int order = 1; order < orders; order++) {
                model[j][2 * order - 1] = Math.cos(order * phases[j]);
                model[j][2 * order] = Math.sin(order * phases[j]);
            }
        }
        weights = pseudoInverse(model);
    }

    /** Phases spread evenly over a period. */
    public static double[] evenPhases(int count) {
        double[] phases = new double[count];
        for (int j = 0; j < count; j++) phases[j] = 2 * Math.PI * j / count;
        return phases;
    }

    /** Bands of order 0 and up, in real space. */
    public ComplexGrid3D[] separate(List<Grid3D> images) {
        Grid3D first = images.getFirst();
        ComplexGrid3D[] bands = new ComplexGrid3D[orders];
        for (int order = 0; order < orders; order++) {
            bands[order] = new ComplexGrid3D(first.depth(), first.height(), first.width());
            for (int j = 0; j < images.size(); j++) {
                double[] image = images.get(j).values();
                double real = order == 0 ? weights[0][j] : weights[2 * order - 1][j] / 2;
                double imaginary = order == 0 ? 0 : weights[2 * order][j] / 2;
                for (int i = 0; i < image.length; i++) {
                    bands[order].re()[i] += real * image[i];
                    bands[order].im()[i] += imaginary * image[i];
                }
            }
        }
        return bands;
    }

    /** (A'A)^-1 A' by Gauss-Jordan elimination with pivoting. */
    private static double[][] pseudoInverse(double[][] a) {
        int rows = a.length;
        int n = a[0].length;
        double[][] augmented = new double[n][n + rows];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) for (int j = 0; j < rows; j++) augmented[i][k] += a[j][i] * a[j][k];
            for (int j = 0; j < rows; j++) augmented[i][n + j] = a[j][i];
        }
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int i = column + 1; i < n; i++)
                if (Math.abs(augmented[i][column]) > Math.abs(augmented[pivot][column])) pivot = i;
            require(
                    Math.abs(augmented[pivot][column]) > 1e-6 * rows,
                    "the phases do not separate %d orders: some of them coincide",
                    (n + 1) / 2);
            double[] swap = augmented[pivot];
            augmented[pivot] = augmented[column];
            augmented[column] = swap;
            double scale = 1 / augmented[column][column];
            for (int k = 0; k < n + rows; k++) augmented[column][k] *= scale;
            for (int i = 0; i < n; i++) {
                if (i == column) continue;
                double factor = augmented[i][column];
                for (int k = 0; k < n + rows; k++) augmented[i][k] -= factor * augmented[column][k];
            }
        }
        double[][] inverse = new double[n][rows];
        for (int i = 0; i < n; i++) System.arraycopy(augmented[i], n, inverse[i], 0, rows);
        return inverse;
    }
}
