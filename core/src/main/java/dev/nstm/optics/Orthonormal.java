package dev.nstm.optics;

/** Vectors made orthonormal. */
public final class Orthonormal {
    /** What is left of a vector that is a combination of those before it, but for rounding, relative to its length. */
    private static final double NOTHING = 1e-9;

    private Orthonormal() {}

    /**
     * Gram-Schmidt in the order of the vectors, each freed twice of those before it, which keeps the digits. A vector
     * that is a combination of those before it becomes zero.
     */
    public static double[][] of(double[][] vectors) {
        double[][] orthonormal = new double[vectors.length][];
        for (int row = 0; row < vectors.length; row++) {
            double[] vector = vectors[row].clone();
            double given = Math.sqrt(product(vector, vector));
            for (int pass = 0; pass < 2; pass++) {
                for (int before = 0; before < row; before++) {
                    double common = product(vector, orthonormal[before]);
                    for (int i = 0; i < vector.length; i++) vector[i] -= common * orthonormal[before][i];
                }
            }
            double length = Math.sqrt(product(vector, vector));
            boolean combination = length <= NOTHING * given;
            for (int i = 0; i < vector.length; i++) vector[i] = combination ? 0 : vector[i] / length;
            orthonormal[row] = vector;
        }
        return orthonormal;
    }

    private static double product(double[] a, double[] b) {
        double product = 0;
        for (int i = 0; i < a.length; i++) product += a[i] * b[i];
        return product;
    }
}
