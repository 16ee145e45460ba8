package dev.nstm.optics;

import dev.nstm.tensor.Sizes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The discrete Fourier transform of one axis, for all lines that lie side by side along it. Lengths of small prime
 * factors go through Stockham's stages, which sort as they go (Van Loan, Computational Frameworks for the FFT, 1.7);
 * others through Bluestein's convolution with a chirp.
 */
abstract sealed class FourierLine {
    private static final int LARGEST_FACTOR = 31;

    /**
     * @param n length of the axis
     * @param inner lines side by side: neighbours along the axis are so many values apart
     */
    static FourierLine of(int n, int inner) {
        List<Integer> factors = factors(n);
        return factors.getLast() <= LARGEST_FACTOR ? new Stockham(n, inner, factors) : new Bluestein(n, inner);
    }

    /** Ascending, fours instead of pairs of twos. */
    private static List<Integer> factors(int n) {
        List<Integer> factors = new ArrayList<>();
        int rest = n;
        for (; rest % 4 == 0; rest /= 4) factors.add(4);
        for (int factor = 2; rest > 1; factor++) for (; rest % factor == 0; rest /= factor) factors.add(factor);
        return factors;
    }

    /** In place, from an index on: n times {@code inner} values. */
    abstract void transform(double[] re, double[] im, int from);

    private static final class Stockham extends FourierLine {
        private final int n;
        private final int inner;
        private final List<Integer> factors;
        private final double[] cos;
        private final double[] sin;
        private double[] re;
        private double[] im;
        private double[] nextRe;
        private double[] nextIm;

        Stockham(int n, int inner, List<Integer> factors) {
            this.n = n;
            this.inner = inner;
            this.factors = factors;
            cos = new double[n];
            sin = new double[n];
            for (int i = 0; i < n; i++) {
                cos[i] = Math.cos(2 * Math.PI * i / n);
                sin[i] = -Math.sin(2 * Math.PI * i / n);
            }
            re = new double[Sizes.product("lines of a transform", n, inner)];
            im = new double[Sizes.product("lines of a transform", n, inner)];
            nextRe = new double[Sizes.product("lines of a transform", n, inner)];
            nextIm = new double[Sizes.product("lines of a transform", n, inner)];
        }

        @Override
        void transform(double[] givenRe, double[] givenIm, int from) {
            System.arraycopy(givenRe, from, re, 0, re.length);
            System.arraycopy(givenIm, from, im, 0, im.length);
            int done = 1;
            for (int factor : factors) {
                for (int p = 0; p < n / done / factor; p++) {
                    switch (factor) {
                        case 2 -> two(p, done);
                        case 4 -> four(p, done);
                        default -> any(factor, p, done);
                    }
                }
                done *= factor;
                exchange();
            }
            System.arraycopy(re, 0, givenRe, from, re.length);
            System.arraycopy(im, 0, givenIm, from, im.length);
        }

        private void exchange() {
            double[] keptRe = re;
            double[] keptIm = im;
            re = nextRe;
            im = nextIm;
            nextRe = keptRe;
            nextIm = keptIm;
        }

        /** y[r p + j] = w^(p j) sum over k of x[p + m k] exp(-2 pi i j k / r), with r = 2. */
        private void two(int p, int done) {
            int side = done * inner;
            int apart = n / 2 * inner;
            double c = cos[p * done];
            double s = sin[p * done];
            for (int q = 0, a = p * side, to = 2 * p * side; q < side; q++, a++, to++) {
                double dRe = re[a] - re[a + apart];
                double dIm = im[a] - im[a + apart];
                nextRe[to] = re[a] + re[a + apart];
                nextIm[to] = im[a] + im[a + apart];
                nextRe[to + side] = dRe * c - dIm * s;
                nextIm[to + side] = dRe * s + dIm * c;
            }
        }

        private void four(int p, int done) {
            int side = done * inner;
            int apart = n / 4 * inner;
            double c1 = cos[p * done];
            double s1 = sin[p * done];
            double c2 = cos[2 * p * done];
            double s2 = sin[2 * p * done];
            double c3 = cos[3 * p * done];
            double s3 = sin[3 * p * done];
            for (int q = 0, a = p * side, to = 4 * p * side; q < side; q++, a++, to++) {
                double evenRe = re[a] + re[a + 2 * apart];
                double evenIm = im[a] + im[a + 2 * apart];
                double oddRe = re[a + apart] + re[a + 3 * apart];
                double oddIm = im[a + apart] + im[a + 3 * apart];
                double acrossRe = re[a] - re[a + 2 * apart];
                double acrossIm = im[a] - im[a + 2 * apart];
                double turnedRe = im[a + apart] - im[a + 3 * apart];
                double turnedIm = re[a + 3 * apart] - re[a + apart];
                nextRe[to] = evenRe + oddRe;
                nextIm[to] = evenIm + oddIm;
                double xRe = acrossRe + turnedRe;
                double xIm = acrossIm + turnedIm;
                nextRe[to + side] = xRe * c1 - xIm * s1;
                nextIm[to + side] = xRe * s1 + xIm * c1;
                xRe = evenRe - oddRe;
                xIm = evenIm - oddIm;
                nextRe[to + 2 * side] = xRe * c2 - xIm * s2;
                nextIm[to + 2 * side] = xRe * s2 + xIm * c2;
                xRe = acrossRe - turnedRe;
                xIm = acrossIm - turnedIm;
                nextRe[to + 3 * side] = xRe * c3 - xIm * s3;
                nextIm[to + 3 * side] = xRe * s3 + xIm * c3;
            }
        }

        private void any(int r, int p, int done) {
            int side = done * inner;
            int apart = n / r * inner;
            for (int j = 0; j < r; j++) {
                int to = (r * p + j) * side;
                Arrays.fill(nextRe, to, to + side, 0);
                Arrays.fill(nextIm, to, to + side, 0);
                for (int k = 0; k < r; k++) {
                    int turn = (int) (((long) p * j * done + (long) (j * k % r) * (n / r)) % n);
                    double c = cos[turn];
                    double s = sin[turn];
                    for (int q = 0, a = p * side + k * apart, at = to; q < side; q++, a++, at++) {
                        nextRe[at] += re[a] * c - im[a] * s;
                        nextIm[at] += re[a] * s + im[a] * c;
                    }
                }
            }
        }
    }

    /** exp(-2 pi i jk/n) = exp(-pi i j^2/n) exp(-pi i k^2/n) exp(pi i (k-j)^2/n): line by line. */
    private static final class Bluestein extends FourierLine {
        private final int n;
        private final int inner;
        private final int size;
        private final FourierLine longer;
        private final double[] chirpCos;
        private final double[] chirpSin;
        private final double[] chirpRe;
        private final double[] chirpIm;

        Bluestein(int n, int inner) {
            this.n = n;
            this.inner = inner;
            size = Integer.highestOneBit(2 * n - 1) << 1;
            longer = of(size, 1);
            chirpCos = new double[n];
            chirpSin = new double[n];
            chirpRe = new double[size];
            chirpIm = new double[size];
            for (int i = 0; i < n; i++) {
                double angle = Math.PI * ((long) i * i % (2L * n)) / n;
                chirpCos[i] = Math.cos(angle);
                chirpSin[i] = Math.sin(angle);
                chirpRe[i] = chirpRe[(size - i) % size] = chirpCos[i];
                chirpIm[i] = chirpIm[(size - i) % size] = chirpSin[i];
            }
            longer.transform(chirpRe, chirpIm, 0);
        }

        @Override
        void transform(double[] re, double[] im, int from) {
            double[] lineRe = new double[size];
            double[] lineIm = new double[size];
            for (int line = from; line < from + inner; line++) {
                Arrays.fill(lineRe, 0);
                Arrays.fill(lineIm, 0);
                for (int i = 0; i < n; i++) {
                    lineRe[i] = re[line + i * inner] * chirpCos[i] + im[line + i * inner] * chirpSin[i];
                    lineIm[i] = im[line + i * inner] * chirpCos[i] - re[line + i * inner] * chirpSin[i];
                }
                longer.transform(lineRe, lineIm, 0);
                for (int i = 0; i < size; i++) {
                    double x = lineRe[i] * chirpRe[i] - lineIm[i] * chirpIm[i];
                    lineIm[i] = lineRe[i] * chirpIm[i] + lineIm[i] * chirpRe[i];
                    lineRe[i] = x;
                }
                longer.transform(lineIm, lineRe, 0);
                for (int i = 0; i < n; i++) {
                    double x = lineRe[i] / size;
                    double y = lineIm[i] / size;
                    re[line + i * inner] = x * chirpCos[i] + y * chirpSin[i];
                    im[line + i * inner] = y * chirpCos[i] - x * chirpSin[i];
                }
            }
        }
    }
}
