package dev.nstm.optics;

import java.util.Arrays;

/**
 * Discrete Fourier transforms in double precision for setting up instruments: any length, unhurried. Lengths are split
 * by their smallest prime factor; large primes go through Bluestein's convolution.
 */
public final class Fourier {
    private static final int LARGE_PRIME = 31;

    private Fourier() {}

    /** Two-dimensional transform, unnormalised, exp(-2 pi i k x / n). */
    public static ComplexGrid forward(ComplexGrid grid) {
        return transform(grid, false);
    }

    /** The inverse of {@link #forward}, normalised. */
    public static ComplexGrid inverse(ComplexGrid grid) {
        return transform(grid, true);
    }

    private static ComplexGrid transform(ComplexGrid grid, boolean inverse) {
        int height = grid.height();
        int width = grid.width();
        // The inverse is the forward transform with real and imaginary parts exchanged before and after.
        double[] re = (inverse ? grid.im() : grid.re()).clone();
        double[] im = (inverse ? grid.re() : grid.im()).clone();
        Roots rows = Roots.of(width);
        Roots columns = Roots.of(height);
        for (int y = 0; y < height; y++) line(re, im, y * width, 1, rows);
        for (int x = 0; x < width; x++) line(re, im, x, width, columns);
        if (!inverse) return new ComplexGrid(height, width, re, im);
        double scale = 1.0 / height / width;
        for (int i = 0; i < re.length; i++) {
            re[i] *= scale;
            im[i] *= scale;
        }
        return new ComplexGrid(height, width, im, re);
    }

    /** Three-dimensional transform, unnormalised, exp(-2 pi i k x / n). */
    public static ComplexGrid3D forward(ComplexGrid3D grid) {
        return transform(grid, false);
    }

    /** The inverse of {@link #forward(ComplexGrid3D)}, normalised. */
    public static ComplexGrid3D inverse(ComplexGrid3D grid) {
        return transform(grid, true);
    }

    /** A volume whose spectrum is multiplied by {@code window}, zero frequency first and as large as the volume. */
    public static Grid3D filtered(Grid3D volume, Grid3D window) {
        ComplexGrid3D spectrum = forward(ComplexGrid3D.ofReal(volume));
        for (int i = 0; i < window.values().length; i++) {
            spectrum.re()[i] *= window.values()[i];
            spectrum.im()[i] *= window.values()[i];
        }
        return inverse(spectrum).real();
    }

    private static ComplexGrid3D transform(ComplexGrid3D grid, boolean inverse) {
        int plane = grid.height() * grid.width();
        ComplexGrid3D out = new ComplexGrid3D(grid.depth(), grid.height(), grid.width());
        for (int z = 0; z < grid.depth(); z++) {
            ComplexGrid part = new ComplexGrid(grid.height(), grid.width(), Arrays.copyOfRange(grid.re(), z * plane, (z + 1) * plane),
                    Arrays.copyOfRange(grid.im(), z * plane, (z + 1) * plane));
            ComplexGrid transformed = transform(part, inverse);
            System.arraycopy(transformed.re(), 0, out.re(), z * plane, plane);
            System.arraycopy(transformed.im(), 0, out.im(), z * plane, plane);
        }
        if (grid.depth() == 1) return out;
        double[] re = inverse ? out.im() : out.re();
        double[] im = inverse ? out.re() : out.im();
        Roots planes = Roots.of(grid.depth());
        for (int i = 0; i < plane; i++) line(re, im, i, plane, planes);
        if (inverse) {
            for (int i = 0; i < re.length; i++) {
                re[i] /= grid.depth();
                im[i] /= grid.depth();
            }
        }
        return out;
    }

    /** cos and sin of -2 pi i / n. */
    private record Roots(double[] cos, double[] sin) {
        static Roots of(int n) {
            Roots roots = new Roots(new double[n], new double[n]);
            for (int i = 0; i < n; i++) {
                roots.cos[i] = Math.cos(2 * Math.PI * i / n);
                roots.sin[i] = -Math.sin(2 * Math.PI * i / n);
            }
            return roots;
        }
    }

    private static void line(double[] re, double[] im, int first, int stride, Roots roots) {
        int n = roots.cos.length;
        double[] a = new double[n];
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            a[i] = re[first + i * stride];
            b[i] = im[first + i * stride];
        }
        double[][] result = recurse(a, b, roots);
        for (int i = 0; i < n; i++) {
            re[first + i * stride] = result[0][i];
            im[first + i * stride] = result[1][i];
        }
    }

    /** @param roots of a multiple of the array's length */
    private static double[][] recurse(double[] re, double[] im, Roots roots) {
        int n = re.length;
        int step = roots.cos.length / n;
        int factor = smallestFactor(n);
        if (factor == n) return n > LARGE_PRIME ? bluestein(re, im) : direct(re, im, roots);
        int m = n / factor;
        double[][][] parts = new double[factor][][];
        for (int r = 0; r < factor; r++) {
            double[] partRe = new double[m];
            double[] partIm = new double[m];
            for (int i = 0; i < m; i++) {
                partRe[i] = re[i * factor + r];
                partIm[i] = im[i * factor + r];
            }
            parts[r] = recurse(partRe, partIm, roots);
        }
        double[] outRe = new double[n];
        double[] outIm = new double[n];
        for (int k = 0; k < n; k++) {
            for (int r = 0; r < factor; r++) {
                int turn = (int) ((long) r * k % n) * step;
                double a = parts[r][0][k % m];
                double b = parts[r][1][k % m];
                outRe[k] += a * roots.cos[turn] - b * roots.sin[turn];
                outIm[k] += a * roots.sin[turn] + b * roots.cos[turn];
            }
        }
        return new double[][] {outRe, outIm};
    }

    private static int smallestFactor(int n) {
        for (int factor = 2; (long) factor * factor <= n; factor++) if (n % factor == 0) return factor;
        return n;
    }

    private static double[][] direct(double[] re, double[] im, Roots roots) {
        int n = re.length;
        int step = roots.cos.length / n;
        double[] outRe = new double[n];
        double[] outIm = new double[n];
        for (int k = 0; k < n; k++) {
            for (int i = 0; i < n; i++) {
                int turn = (int) ((long) i * k % n) * step;
                outRe[k] += re[i] * roots.cos[turn] - im[i] * roots.sin[turn];
                outIm[k] += re[i] * roots.sin[turn] + im[i] * roots.cos[turn];
            }
        }
        return new double[][] {outRe, outIm};
    }

    /** Convolution with a chirp: exp(-2 pi i jk/n) = exp(-pi i j^2/n) exp(-pi i k^2/n) exp(pi i (k-j)^2/n). */
    private static double[][] bluestein(double[] re, double[] im) {
        int n = re.length;
        int size = Integer.highestOneBit(2 * n - 1) << 1;
        double[] chirpCos = new double[n];
        double[] chirpSin = new double[n];
        double[] aRe = new double[size];
        double[] aIm = new double[size];
        double[] bRe = new double[size];
        double[] bIm = new double[size];
        for (int i = 0; i < n; i++) {
            double angle = Math.PI * ((long) i * i % (2L * n)) / n;
            chirpCos[i] = Math.cos(angle);
            chirpSin[i] = Math.sin(angle);
            aRe[i] = re[i] * chirpCos[i] + im[i] * chirpSin[i];
            aIm[i] = im[i] * chirpCos[i] - re[i] * chirpSin[i];
            bRe[i] = bRe[(size - i) % size] = chirpCos[i];
            bIm[i] = bIm[(size - i) % size] = chirpSin[i];
        }
        Roots roots = Roots.of(size);
        double[][] a = recurse(aRe, aIm, roots);
        double[][] b = recurse(bRe, bIm, roots);
        double[] productRe = new double[size];
        double[] productIm = new double[size];
        for (int i = 0; i < size; i++) {
            productRe[i] = a[0][i] * b[0][i] - a[1][i] * b[1][i];
            productIm[i] = a[0][i] * b[1][i] + a[1][i] * b[0][i];
        }
        double[][] back = recurse(productIm, productRe, roots);
        double[] outRe = new double[n];
        double[] outIm = new double[n];
        for (int k = 0; k < n; k++) {
            double x = back[1][k] / size;
            double y = back[0][k] / size;
            outRe[k] = x * chirpCos[k] + y * chirpSin[k];
            outIm[k] = y * chirpCos[k] - x * chirpSin[k];
        }
        return new double[][] {outRe, outIm};
    }
}
