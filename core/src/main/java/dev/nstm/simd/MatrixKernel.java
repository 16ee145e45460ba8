package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.FLOAT;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Simd.FLOATS;

import dev.nstm.tensor.TensorArena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Dense matrix products of the sizes that small networks have. One register-blocked kernel serves the forward pass, the
 * input gradient and the weight gradient: only the strides of the left factor differ. A block keeps 4 rows by 4 vectors
 * of the result in registers, or 4 by 2 where there are only 16 registers.
 */
public final class MatrixKernel {
    private static final long VECTOR = Simd.VECTOR_BYTES;
    private static final int LANES = Simd.LANES;
    /** AVX2, the only one with vectors of 256 bits, has 16 registers; AVX-512 and Arm have 32. */
    private static final boolean MANY_REGISTERS = Simd.FLOATS.vectorBitSize() != 256;

    private MatrixKernel() {}

    /**
     * C[i][j] += sum over l of A[i][l] B[l][j] for i &lt; m, j &lt; n, l &lt; k.
     *
     * @param a left factor; A[i][l] lies at {@code aOffset + i*aRow + l*aColumn}, so a transposed view costs nothing
     * @param b right factor; B[l][j] lies at {@code bOffset + l*bRow + j}
     * @param c result; C[i][j] lies at {@code cOffset + i*cRow + j}
     * @param n columns, a multiple of {@link TensorArena#ROW_MULTIPLE} (pad rows with zeros)
     */
    public static void multiplyAdd(
            MemorySegment a,
            long aOffset,
            long aRow,
            long aColumn,
            MemorySegment b,
            long bOffset,
            long bRow,
            MemorySegment c,
            long cOffset,
            long cRow,
            int m,
            int n,
            int k) {
        multiply(a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow, c, cOffset, cRow, m, n, k);
    }

    /**
     * C[i][j] = S[i][j] + sum over l of A[i][l] B[l][j]; sizes and strides as for {@link #multiplyAdd}.
     *
     * @param s what the sum starts from; a row stride of 0 gives every row the same start, such as a bias
     */
    public static void multiply(
            MemorySegment a,
            long aOffset,
            long aRow,
            long aColumn,
            MemorySegment b,
            long bOffset,
            long bRow,
            MemorySegment s,
            long sOffset,
            long sRow,
            MemorySegment c,
            long cOffset,
            long cRow,
            int m,
            int n,
            int k) {
        if (m <= 0 || n <= 0 || k <= 0) return;
        if (n % TensorArena.ROW_MULTIPLE != 0)
            throw new IllegalArgumentException("columns must be padded to " + TensorArena.ROW_MULTIPLE + ", got " + n);
        long left = Memory.address(a, aOffset, (m - 1) * aRow + (k - 1) * aColumn + 1);
        long right = Memory.address(b, bOffset, (k - 1) * bRow + n);
        long result = Memory.address(c, cOffset, (m - 1) * cRow + n);
        long start = Memory.address(s, sOffset, (m - 1) * sRow + n);
        panels(
                left,
                aRow * Float.BYTES,
                aColumn * Float.BYTES,
                right,
                bRow * Float.BYTES,
                start,
                sRow * Float.BYTES,
                result,
                cRow * Float.BYTES,
                m,
                n,
                k);
    }

    private static void panels(
            long a,
            long aRow,
            long aColumn,
            long b,
            long bRow,
            long s,
            long sRow,
            long c,
            long cRow,
            int m,
            int n,
            int k) {
        int j = 0;
        for (; MANY_REGISTERS && j + 4 * LANES <= n; j += 4 * LANES) {
            panel4(a, aRow, aColumn, b + j * 4L, bRow, s + j * 4L, sRow, c + j * 4L, cRow, m, k);
        }
        for (; j + 2 * LANES <= n; j += 2 * LANES) {
            panel2(a, aRow, aColumn, b + j * 4L, bRow, s + j * 4L, sRow, c + j * 4L, cRow, m, k);
        }
        if (j < n) panel1(a, aRow, aColumn, b + j * 4L, bRow, s + j * 4L, sRow, c + j * 4L, cRow, m, k);
    }

    private static void panel4(
            long a, long aRow, long aColumn, long b, long bRow, long s, long sRow, long c, long cRow, int m, int k) {
        int i = 0;
        for (; i + 4 <= m; i += 4)
            block4x4(a + i * aRow, aRow, aColumn, b, bRow, s + i * sRow, sRow, c + i * cRow, cRow, k);
        for (; i < m; i++) block1x4(a + i * aRow, aRow, aColumn, b, bRow, s + i * sRow, sRow, c + i * cRow, cRow, k);
    }

    private static void panel2(
            long a, long aRow, long aColumn, long b, long bRow, long s, long sRow, long c, long cRow, int m, int k) {
        int i = 0;
        for (; i + 4 <= m; i += 4)
            block4x2(a + i * aRow, aRow, aColumn, b, bRow, s + i * sRow, sRow, c + i * cRow, cRow, k);
        for (; i < m; i++) block1x2(a + i * aRow, aRow, aColumn, b, bRow, s + i * sRow, sRow, c + i * cRow, cRow, k);
    }

    private static void panel1(
            long a, long aRow, long aColumn, long b, long bRow, long s, long sRow, long c, long cRow, int m, int k) {
        int i = 0;
        for (; i + 4 <= m; i += 4)
            block4x1(a + i * aRow, aRow, aColumn, b, bRow, s + i * sRow, sRow, c + i * cRow, cRow, k);
        for (; i < m; i++) block1x1(a + i * aRow, aRow, aColumn, b, bRow, s + i * sRow, sRow, c + i * cRow, cRow, k);
    }

    private static void block4x4(
            long a, long aRow, long aColumn, long b, long bRow, long s, long sRow, long c, long cRow, int k) {
        FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, ALL, s, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(FLOATS, ALL, s + VECTOR, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 2 * VECTOR, ORDER);
        FloatVector c03 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 3 * VECTOR, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(FLOATS, ALL, s + sRow, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(FLOATS, ALL, s + sRow + VECTOR, ORDER);
        FloatVector c12 = FloatVector.fromMemorySegment(FLOATS, ALL, s + sRow + 2 * VECTOR, ORDER);
        FloatVector c13 = FloatVector.fromMemorySegment(FLOATS, ALL, s + sRow + 3 * VECTOR, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 2 * sRow, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 2 * sRow + VECTOR, ORDER);
        FloatVector c22 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 2 * sRow + 2 * VECTOR, ORDER);
        FloatVector c23 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 2 * sRow + 3 * VECTOR, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 3 * sRow, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 3 * sRow + VECTOR, ORDER);
        FloatVector c32 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 3 * sRow + 2 * VECTOR, ORDER);
        FloatVector c33 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 3 * sRow + 3 * VECTOR, ORDER);
        for (int i = 0; i < k; i++) {
            FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, ALL, b, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(FLOATS, ALL, b + VECTOR, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(FLOATS, ALL, b + 2 * VECTOR, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(FLOATS, ALL, b + 3 * VECTOR, ORDER);
            FloatVector f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a));
            c00 = f.fma(b0, c00);
            c01 = f.fma(b1, c01);
            c02 = f.fma(b2, c02);
            c03 = f.fma(b3, c03);
            f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a + aRow));
            c10 = f.fma(b0, c10);
            c11 = f.fma(b1, c11);
            c12 = f.fma(b2, c12);
            c13 = f.fma(b3, c13);
            f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a + 2 * aRow));
            c20 = f.fma(b0, c20);
            c21 = f.fma(b1, c21);
            c22 = f.fma(b2, c22);
            c23 = f.fma(b3, c23);
            f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a + 3 * aRow));
            c30 = f.fma(b0, c30);
            c31 = f.fma(b1, c31);
            c32 = f.fma(b2, c32);
            c33 = f.fma(b3, c33);
            a += aColumn;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + VECTOR, ORDER);
        c02.intoMemorySegment(ALL, c + 2 * VECTOR, ORDER);
        c03.intoMemorySegment(ALL, c + 3 * VECTOR, ORDER);
        c10.intoMemorySegment(ALL, c + cRow, ORDER);
        c11.intoMemorySegment(ALL, c + cRow + VECTOR, ORDER);
        c12.intoMemorySegment(ALL, c + cRow + 2 * VECTOR, ORDER);
        c13.intoMemorySegment(ALL, c + cRow + 3 * VECTOR, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cRow, ORDER);
        c21.intoMemorySegment(ALL, c + 2 * cRow + VECTOR, ORDER);
        c22.intoMemorySegment(ALL, c + 2 * cRow + 2 * VECTOR, ORDER);
        c23.intoMemorySegment(ALL, c + 2 * cRow + 3 * VECTOR, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cRow, ORDER);
        c31.intoMemorySegment(ALL, c + 3 * cRow + VECTOR, ORDER);
        c32.intoMemorySegment(ALL, c + 3 * cRow + 2 * VECTOR, ORDER);
        c33.intoMemorySegment(ALL, c + 3 * cRow + 3 * VECTOR, ORDER);
    }

    private static void block4x2(
            long a, long aRow, long aColumn, long b, long bRow, long s, long sRow, long c, long cRow, int k) {
        FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, ALL, s, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(FLOATS, ALL, s + VECTOR, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(FLOATS, ALL, s + sRow, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(FLOATS, ALL, s + sRow + VECTOR, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 2 * sRow, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 2 * sRow + VECTOR, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 3 * sRow, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 3 * sRow + VECTOR, ORDER);
        for (int i = 0; i < k; i++) {
            FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, ALL, b, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(FLOATS, ALL, b + VECTOR, ORDER);
            FloatVector f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a));
            c00 = f.fma(b0, c00);
            c01 = f.fma(b1, c01);
            f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a + aRow));
            c10 = f.fma(b0, c10);
            c11 = f.fma(b1, c11);
            f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a + 2 * aRow));
            c20 = f.fma(b0, c20);
            c21 = f.fma(b1, c21);
            f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a + 3 * aRow));
            c30 = f.fma(b0, c30);
            c31 = f.fma(b1, c31);
            a += aColumn;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + VECTOR, ORDER);
        c10.intoMemorySegment(ALL, c + cRow, ORDER);
        c11.intoMemorySegment(ALL, c + cRow + VECTOR, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cRow, ORDER);
        c21.intoMemorySegment(ALL, c + 2 * cRow + VECTOR, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cRow, ORDER);
        c31.intoMemorySegment(ALL, c + 3 * cRow + VECTOR, ORDER);
    }

    private static void block4x1(
            long a, long aRow, long aColumn, long b, long bRow, long s, long sRow, long c, long cRow, int k) {
        FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, ALL, s, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(FLOATS, ALL, s + sRow, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 2 * sRow, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 3 * sRow, ORDER);
        for (int i = 0; i < k; i++) {
            FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, ALL, b, ORDER);
            FloatVector f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a));
            c00 = f.fma(b0, c00);
            f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a + aRow));
            c10 = f.fma(b0, c10);
            f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a + 2 * aRow));
            c20 = f.fma(b0, c20);
            f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a + 3 * aRow));
            c30 = f.fma(b0, c30);
            a += aColumn;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c10.intoMemorySegment(ALL, c + cRow, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cRow, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cRow, ORDER);
    }

    private static void block1x4(
            long a, long aRow, long aColumn, long b, long bRow, long s, long sRow, long c, long cRow, int k) {
        FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, ALL, s, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(FLOATS, ALL, s + VECTOR, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 2 * VECTOR, ORDER);
        FloatVector c03 = FloatVector.fromMemorySegment(FLOATS, ALL, s + 3 * VECTOR, ORDER);
        for (int i = 0; i < k; i++) {
            FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, ALL, b, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(FLOATS, ALL, b + VECTOR, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(FLOATS, ALL, b + 2 * VECTOR, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(FLOATS, ALL, b + 3 * VECTOR, ORDER);
            FloatVector f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a));
            c00 = f.fma(b0, c00);
            c01 = f.fma(b1, c01);
            c02 = f.fma(b2, c02);
            c03 = f.fma(b3, c03);
            a += aColumn;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + VECTOR, ORDER);
        c02.intoMemorySegment(ALL, c + 2 * VECTOR, ORDER);
        c03.intoMemorySegment(ALL, c + 3 * VECTOR, ORDER);
    }

    private static void block1x2(
            long a, long aRow, long aColumn, long b, long bRow, long s, long sRow, long c, long cRow, int k) {
        FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, ALL, s, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(FLOATS, ALL, s + VECTOR, ORDER);
        for (int i = 0; i < k; i++) {
            FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, ALL, b, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(FLOATS, ALL, b + VECTOR, ORDER);
            FloatVector f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a));
            c00 = f.fma(b0, c00);
            c01 = f.fma(b1, c01);
            a += aColumn;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + VECTOR, ORDER);
    }

    private static void block1x1(
            long a, long aRow, long aColumn, long b, long bRow, long s, long sRow, long c, long cRow, int k) {
        FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, ALL, s, ORDER);
        for (int i = 0; i < k; i++) {
            FloatVector b0 = FloatVector.fromMemorySegment(FLOATS, ALL, b, ORDER);
            FloatVector f = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, a));
            c00 = f.fma(b0, c00);
            a += aColumn;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
    }

    /**
     * Y[o][p] = bias[o] + sum over i of X[p][i] W[o][i]: a layer with few outputs, written one output after the other.
     *
     * @param x inputs, row p at {@code p*xRow}
     * @param w weights, row o at {@code wOffset + o*wRow}
     * @param y outputs, row o at {@code yOffset + o*yRow}
     * @param width length of a row, a multiple of {@link TensorArena#ROW_MULTIPLE}
     */
    public static void narrowLayer(
            MemorySegment x,
            long xRow,
            MemorySegment w,
            long wOffset,
            long wRow,
            long biasOffset,
            MemorySegment y,
            long yOffset,
            long yRow,
            int points,
            int width,
            int outputs) {
        long input = Memory.address(x, 0, (points - 1) * xRow + width);
        long weights = Memory.address(w, wOffset, (outputs - 1L) * wRow + width);
        long bias = Memory.address(w, biasOffset, outputs);
        long output = Memory.address(y, yOffset, (outputs - 1) * yRow + points);
        for (int o = 0; o < outputs; o++) {
            float start = Memory.get(bias + o * 4L);
            long row = weights + o * wRow * 4;
            for (int p = 0; p < points; p++) {
                Memory.set(output + (o * yRow + p) * 4, start + dot(input + p * xRow * 4, row, width));
            }
        }
    }

    private static float dot(long x, long w, int width) {
        FloatVector even = FloatVector.broadcast(FLOATS, 0f);
        FloatVector odd = even;
        for (int i = 0; i < width; i += TensorArena.ROW_MULTIPLE) {
            for (int j = 0; j < TensorArena.ROW_MULTIPLE; j += LANES) {
                even = FloatVector.fromMemorySegment(FLOATS, ALL, x + (i + j) * 4L, ORDER)
                        .fma(FloatVector.fromMemorySegment(FLOATS, ALL, w + (i + j) * 4L, ORDER), even);
            }
            FloatVector swap = even;
            even = odd;
            odd = swap;
        }
        return LaneSum.of(even.add(odd));
    }

    /** column[j] += sum over p of Y[p][j], j &lt; n: the gradient of a bias. */
    public static void addColumnSums(
            MemorySegment y, long yRow, MemorySegment column, long columnOffset, int points, int n) {
        long rows = Memory.address(y, 0, (points - 1) * yRow + n);
        long sums = Memory.address(column, columnOffset, n);
        for (int j = 0; j < n; j += LANES) {
            FloatVector sum = FloatVector.fromMemorySegment(FLOATS, ALL, sums + j * 4L, ORDER);
            for (int p = 0; p < points; p++)
                sum = sum.add(FloatVector.fromMemorySegment(FLOATS, ALL, rows + (p * yRow + j) * 4, ORDER));
            sum.intoMemorySegment(ALL, sums + j * 4L, ORDER);
        }
    }

    /** sums[i] += sum over j of Y[i][j], i &lt; m, j &lt; n; n is a multiple of {@link TensorArena#ROW_MULTIPLE}. */
    public static void addRowSums(MemorySegment y, long yRow, MemorySegment sums, long sumsOffset, int m, int n) {
        long rows = Memory.address(y, 0, (m - 1) * yRow + n);
        long targets = Memory.address(sums, sumsOffset, m);
        for (int i = 0; i < m; i++) {
            FloatVector sum = FloatVector.broadcast(FLOATS, 0f);
            for (int j = 0; j < n; j += LANES)
                sum = sum.add(FloatVector.fromMemorySegment(FLOATS, ALL, rows + (i * yRow + j) * 4, ORDER));
            Memory.set(targets + i * 4L, Memory.get(targets + i * 4L) + LaneSum.of(sum));
        }
    }

    /** T[j][i] = X[i][j] for i &lt; m, j &lt; n. */
    public static void transpose(
            MemorySegment x, long xOffset, long xRow, MemorySegment t, long tOffset, long tRow, int m, int n) {
        long from = Memory.address(x, xOffset, (m - 1) * xRow + n);
        long to = Memory.address(t, tOffset, (n - 1) * tRow + m);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                Memory.set(to + (j * tRow + i) * 4, Memory.get(from + (i * xRow + j) * 4));
            }
        }
    }
}
