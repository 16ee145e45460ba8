package dev.nstm.metrics;

import dev.nstm.optics.Orthonormal;

/** Polynomials in row and column, which vary slowly over a picture. */
final class Surfaces {
    private Surfaces() {}

    /**
     * How much of a picture's sum of squares the polynomials y^i x^j, i + j at most {@code degree}, explain. On a whole
     * picture products of orthonormal polynomials of row and of column are an orthonormal basis of them.
     */
    static double explained(double[] picture, int degree, int height, int width) {
        double[][] columns = polynomials(degree, width);
        double[][] rows = polynomials(degree, height);
        double explained = 0;
        for (int j = 0; j <= degree; j++) {
            double[] projected = new double[height];
            for (int i = 0; i < picture.length; i++) projected[i / width] += picture[i] * columns[j][i % width];
            for (int i = 0; i + j <= degree; i++) {
                double product = 0;
                for (int y = 0; y < height; y++) product += rows[i][y] * projected[y];
                explained += product * product;
            }
        }
        return explained;
    }

    /** Orthonormal polynomials along an axis, {@code [degree][place]}. */
    private static double[][] polynomials(int degree, int extent) {
        double[][] powers = new double[degree + 1][extent];
        for (int n = 0; n <= degree; n++)
            for (int i = 0; i < extent; i++) powers[n][i] = Math.pow((2 * i + 1.0) / extent - 1, n);
        return Orthonormal.of(powers);
    }
}
