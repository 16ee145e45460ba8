package dev.nstm.simd;

import java.util.SplittableRandom;

/** Plain, slow counterparts of the kernels in double precision: the formulas once more, as test oracles. */
public final class Scalar {
    private Scalar() {}

    public static float[] random(SplittableRandom random, int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) (scale * random.nextGaussian());
        return values;
    }

    static double gelu(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    static double geluSlope(double x) {
        double u = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
        double slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
        double t = Math.tanh(u);
        return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope;
    }

    static double elu(double x) {
        return x > 0 ? x : Math.expm1(x);
    }

    /** C += A B. */
    static double[] multiplyAdd(
            float[] a,
            int aOffset,
            int aRow,
            int aColumn,
            float[] b,
            int bRow,
            float[] c,
            int cRow,
            int m,
            int n,
            int k) {
        double[] result = new double[c.length];
        for (int i = 0; i < c.length; i++) result[i] = c[i];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int l = 0; l < k; l++)
                    result[i * cRow + j] += (double) a[aOffset + i * aRow + l * aColumn] * b[l * bRow + j];
            }
        }
        return result;
    }

    /** Discrete Fourier transform by its definition. */
    public static double[][] dft(double[] re, double[] im) {
        int n = re.length;
        double[][] out = new double[2][n];
        for (int k = 0; k < n; k++) {
            for (int i = 0; i < n; i++) {
                double angle = -2 * Math.PI * ((long) i * k % n) / n;
                out[0][k] += re[i] * Math.cos(angle) - im[i] * Math.sin(angle);
                out[1][k] += re[i] * Math.sin(angle) + im[i] * Math.cos(angle);
            }
        }
        return out;
    }

    /** Entry of a corner, and the share of the point it gets. */
    static int entry(int[] cell, int corner, int entries, int[] multipliers) {
        long hash = 0;
        for (int axis = 0; axis < cell.length; axis++)
            hash ^= ((cell[axis] + (corner >> axis & 1)) * (long) multipliers[axis]) & 0xFFFFFFFFL;
        return (int) (hash & (entries - 1));
    }

    static double share(double[] weight, int corner) {
        double share = 1;
        for (int axis = 0; axis < weight.length; axis++)
            share *= (corner >> axis & 1) == 1 ? weight[axis] : 1 - weight[axis];
        return share;
    }
}
