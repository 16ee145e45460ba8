package dev.nstm.metrics;

import java.util.ArrayList;
import java.util.List;

/** Polynomials in row and column, which vary slowly over a picture. */
final class Surfaces {
    /** Along an axis of few pixels higher powers are combinations of the lower ones, but for rounding. */
    private static final double NOTHING = 1e-9;

    private Surfaces() {}

    /**
     * The polynomials y^i x^j, i + j at most {@code degree}, made orthonormal one after another.
     *
     * @return {@code [surface][pixel]}
     */
    static double[][] orthonormal(int degree, int height, int width) {
        List<double[]> surfaces = new ArrayList<>();
        for (int sum = 0; sum <= degree; sum++) {
            for (int rows = 0; rows <= sum; rows++) {
                double[] surface = new double[height * width];
                for (int i = 0; i < surface.length; i++)
                    surface[i] =
                            Math.pow(place(i / width, height), rows) * Math.pow(place(i % width, width), sum - rows);
                for (double[] before : surfaces) {
                    double product = product(surface, before);
                    for (int i = 0; i < surface.length; i++) surface[i] -= product * before[i];
                }
                double length = Math.sqrt(product(surface, surface));
                if (length < NOTHING) continue;
                for (int i = 0; i < surface.length; i++) surface[i] /= length;
                surfaces.add(surface);
            }
        }
        return surfaces.toArray(double[][]::new);
    }

    /** How much of a picture's sum of squares orthonormal surfaces explain. */
    static double explained(double[] picture, double[][] surfaces) {
        double explained = 0;
        for (double[] surface : surfaces) explained += Math.pow(product(surface, picture), 2);
        return explained;
    }

    /** From -1 at the first border to 1 at the last. */
    private static double place(int i, int extent) {
        return (2 * i + 1.0) / extent - 1;
    }

    private static double product(double[] a, double[] b) {
        double product = 0;
        for (int i = 0; i < a.length; i++) product += a[i] * b[i];
        return product;
    }
}
