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
    /** Values of scratch memory that {@link #transpose} needs. */
    public static final int TRANSPOSE_SCRATCH = TileTranspose.TILE;

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
        if (m <= 0 || n <= 0 || k <= 0) return;
        if (n % TensorArena.ROW_MULTIPLE != 0)
            throw new IllegalArgumentException("columns must be padded to " + TensorArena.ROW_MULTIPLE + ", got " + n);
        long left = Memory.address(a, aOffset, (m - 1) * aRow + (k - 1) * aColumn + 1);
        long right = Memory.address(b, bOffset, (k - 1) * bRow + n);
        long result = Memory.address(c, cOffset, (m - 1) * cRow + n);
        panels(
                left,
                aRow * Float.BYTES,
                aColumn * Float.BYTES,
                right,
                bRow * Float.BYTES,
                result,
                cRow * Float.BYTES,
                m,
                n,
                k);
    }

    private static void panels(
            long a, long aRow, long aColumn, long b, long bRow, long c, long cRow, int m, int n, int k) {
        int j = 0;
        for (; MANY_REGISTERS && j + 4 * LANES <= n; j += 4 * LANES) {
            panel4(a, aRow, aColumn, b + j * 4L, bRow, c + j * 4L, cRow, m, k);
        }
        for (; j + 2 * LANES <= n; j += 2 * LANES) {
            panel2(a, aRow, aColumn, b + j * 4L, bRow, c + j * 4L, cRow, m, k);
        }
        if (j < n) panel1(a, aRow, aColumn, b + j * 4L, bRow, c + j * 4L, cRow, m, k);
    }

    private static void panel4(long a, long aRow, long aColumn, long b, long bRow, long c, long cRow, int m, int k) {
        int i = 0;
        for (; i + 4 <= m; i += 4) block4x4(a + i * aRow, aRow, aColumn, b, bRow, c + i * cRow, cRow, k);
        for (; i < m; i++) block1x4(a + i * aRow, aRow, aColumn, b, bRow, c + i * cRow, cRow, k);
    }

    private static void panel2(long a, long aRow, long aColumn, long b, long bRow, long c, long cRow, int m, int k) {
        int i = 0;
        for (; i + 4 <= m; i += 4) block4x2(a + i * aRow, aRow, aColumn, b, bRow, c + i * cRow, cRow, k);
        for (; i < m; i++) block1x2(a + i * aRow, aRow, aColumn, b, bRow, c + i * cRow, cRow, k);
    }

    private static void panel1(long a, long aRow, long aColumn, long b, long bRow, long c, long cRow, int m, int k) {
        int i = 0;
        for (; i + 4 <= m; i += 4) block4x1(a + i * aRow, aRow, aColumn, b, bRow, c + i * cRow, cRow, k);
        for (; i < m; i++) block1x1(a + i * aRow, aRow, aColumn, b, bRow, c + i * cRow, cRow, k);
    }

    private static void block4x4(long a, long aRow, long aColumn, long b, long bRow, long c, long cRow, int k) {
        FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, ALL, c, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(FLOATS, ALL, c + VECTOR, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 2 * VECTOR, ORDER);
        FloatVector c03 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 3 * VECTOR, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(FLOATS, ALL, c + cRow, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(FLOATS, ALL, c + cRow + VECTOR, ORDER);
        FloatVector c12 = FloatVector.fromMemorySegment(FLOATS, ALL, c + cRow + 2 * VECTOR, ORDER);
        FloatVector c13 = FloatVector.fromMemorySegment(FLOATS, ALL, c + cRow + 3 * VECTOR, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 2 * cRow, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 2 * cRow + VECTOR, ORDER);
        FloatVector c22 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 2 * cRow + 2 * VECTOR, ORDER);
        FloatVector c23 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 2 * cRow + 3 * VECTOR, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 3 * cRow, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 3 * cRow + VECTOR, ORDER);
        FloatVector c32 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 3 * cRow + 2 * VECTOR, ORDER);
        FloatVector c33 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 3 * cRow + 3 * VECTOR, ORDER);
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

    private static void block4x2(long a, long aRow, long aColumn, long b, long bRow, long c, long cRow, int k) {
        FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, ALL, c, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(FLOATS, ALL, c + VECTOR, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(FLOATS, ALL, c + cRow, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(FLOATS, ALL, c + cRow + VECTOR, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 2 * cRow, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 2 * cRow + VECTOR, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 3 * cRow, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 3 * cRow + VECTOR, ORDER);
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

    private static void block4x1(long a, long aRow, long aColumn, long b, long bRow, long c, long cRow, int k) {
        FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, ALL, c, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(FLOATS, ALL, c + cRow, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 2 * cRow, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 3 * cRow, ORDER);
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

    private static void block1x4(long a, long aRow, long aColumn, long b, long bRow, long c, long cRow, int k) {
        FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, ALL, c, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(FLOATS, ALL, c + VECTOR, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 2 * VECTOR, ORDER);
        FloatVector c03 = FloatVector.fromMemorySegment(FLOATS, ALL, c + 3 * VECTOR, ORDER);
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

    private static void block1x2(long a, long aRow, long aColumn, long b, long bRow, long c, long cRow, int k) {
        FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, ALL, c, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(FLOATS, ALL, c + VECTOR, ORDER);
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

    private static void block1x1(long a, long aRow, long aColumn, long b, long bRow, long c, long cRow, int k) {
        FloatVector c00 = FloatVector.fromMemorySegment(FLOATS, ALL, c, ORDER);
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
     * C[o][i] += sum over p of Y[o][p] X[i][p] for o &lt; m, i &lt; n, p &lt; points: the product of a few rows with
     * many.
     *
     * @param points a multiple of {@link TensorArena#ROW_MULTIPLE}
     */
    public static void addRowProducts(
            MemorySegment y,
            long yOffset,
            long yRow,
            MemorySegment x,
            long xOffset,
            long xRow,
            MemorySegment c,
            long cOffset,
            long cRow,
            int m,
            int n,
            int points) {
        long few = Memory.address(y, yOffset, (m - 1) * yRow + points);
        long many = Memory.address(x, xOffset, (n - 1) * xRow + points);
        long sums = Memory.address(c, cOffset, (m - 1) * cRow + n);
        for (int o = 0; o < m; o++) {
            for (int i = 0; i < n; i++) {
                long at = sums + (o * cRow + i) * 4;
                Memory.set(at, Memory.get(at) + dot(few + o * yRow * 4, many + i * xRow * 4, points));
            }
        }
    }

    private static float dot(long x, long y, int n) {
        FloatVector even = FloatVector.broadcast(FLOATS, 0f);
        FloatVector odd = even;
        for (int i = 0; i < n; i += TensorArena.ROW_MULTIPLE) {
            for (int j = 0; j < TensorArena.ROW_MULTIPLE; j += LANES) {
                even = FloatVector.fromMemorySegment(FLOATS, ALL, x + (i + j) * 4L, ORDER)
                        .fma(FloatVector.fromMemorySegment(FLOATS, ALL, y + (i + j) * 4L, ORDER), even);
            }
            FloatVector swap = even;
            even = odd;
            odd = swap;
        }
        return LaneSum.of(even.add(odd));
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

    /**
     * T[j][i] = X[i][j] for i &lt; m, j &lt; n.
     *
     * @param scratch at least {@link #TRANSPOSE_SCRATCH} values
     */
    public static void transpose(
            MemorySegment x,
            long xOffset,
            long xRow,
            MemorySegment t,
            long tOffset,
            long tRow,
            int m,
            int n,
            MemorySegment scratch) {
        long from = Memory.address(x, xOffset, (m - 1) * xRow + n);
        long to = Memory.address(t, tOffset, (n - 1) * tRow + m);
        long tile = Memory.address(scratch, 0, TRANSPOSE_SCRATCH);
        long xBytes = xRow * 4;
        long tBytes = tRow * 4;
        int rows = m / LANES * LANES;
        int columns = n / LANES * LANES;
        for (int i = 0; i < rows; i += LANES) {
            for (int j = 0; j < columns; j += LANES)
                TileTranspose.transpose(
                        from + i * xBytes + j * 4L,
                        2 * xBytes,
                        xBytes,
                        to + j * tBytes + i * 4L,
                        2 * tBytes,
                        tBytes,
                        1f,
                        tile);
        }
        transposeRest(from, xBytes, to, tBytes, 0, rows, columns, n);
        transposeRest(from, xBytes, to, tBytes, rows, m, 0, n);
    }

    private static void transposeRest(
            long from, long xBytes, long to, long tBytes, int firstRow, int rows, int firstColumn, int columns) {
        for (int i = firstRow; i < rows; i++) {
            for (int j = firstColumn; j < columns; j++)
                Memory.set(to + j * tBytes + i * 4L, Memory.get(from + i * xBytes + j * 4L));
        }
    }
}
