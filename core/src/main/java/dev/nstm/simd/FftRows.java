package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Memory.get;
import static dev.nstm.simd.Memory.set;
import static dev.nstm.simd.Simd.FLOATS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Moves rows between arrays and the buffers of {@link FftPlan}, one row to a lane. A row's elements lie
 * {@code stride} elements apart and rows {@code rowStep} elements apart, so one method serves every axis. Inverse
 * transforms exchange real and imaginary parts on the way in and out.
 */
public final class FftRows {
    private static final int LANES = Simd.LANES;
    private static final long VECTOR = Simd.VECTOR_BYTES;
    /** Pick real and imaginary parts out of two vectors of interleaved values, and weave them together again. */
    private static final VectorShuffle<Float> REAL = VectorShuffle.fromOp(FLOATS, lane -> 2 * lane);
    private static final VectorShuffle<Float> IMAGINARY = VectorShuffle.fromOp(FLOATS, lane -> 2 * lane + 1);
    private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(FLOATS, lane -> lane / 2 + lane % 2 * LANES);
    private static final VectorShuffle<Float> UPPER = VectorShuffle.fromOp(FLOATS, lane -> (lane + LANES) / 2 + lane % 2 * LANES);

    private FftRows() {}

    /**
     * buffer = rows of an interleaved complex array; lanes beyond {@code rows} are set to zero.
     *
     * @param offset first element of the first row, in complex elements
     */
    public static void load(MemorySegment array, long offset, long stride, long rowStep, int rows, int length, boolean exchange, MemorySegment buffer) {
        long from = Memory.address(array, 2 * offset, 2 * ((length - 1) * stride + (rows - 1) * rowStep + 1));
        long to = Memory.address(buffer, 0, 2L * length * LANES);
        long real = exchange ? LANES * 4L : 0;
        long imaginary = exchange ? 0 : LANES * 4L;
        if (rows < LANES) clear(to, 2L * length * LANES);
        if (rowStep == 1 && rows == LANES) {
            loadNeighbours(from, stride * 8, length, to, real, imaginary);
            return;
        }
        for (int k = 0; k < length; k++) {
            long at = from + k * stride * 8;
            long row = to + k * 2L * LANES * 4;
            for (int lane = 0; lane < rows; lane++) {
                set(row + real + lane * 4L, get(at + lane * rowStep * 8));
                set(row + imaginary + lane * 4L, get(at + lane * rowStep * 8 + 4));
            }
        }
    }

    /** Rows that lie side by side: a vector's worth of elements is two vectors of memory. */
    private static void loadNeighbours(long from, long step, int length, long to, long real, long imaginary) {
        for (int k = 0; k < length; k++) {
            FloatVector low = FloatVector.fromMemorySegment(FLOATS, ALL, from + k * step, ORDER);
            FloatVector high = FloatVector.fromMemorySegment(FLOATS, ALL, from + k * step + VECTOR, ORDER);
            low.rearrange(REAL, high).intoMemorySegment(ALL, to + k * 2 * VECTOR + real, ORDER);
            low.rearrange(IMAGINARY, high).intoMemorySegment(ALL, to + k * 2 * VECTOR + imaginary, ORDER);
        }
    }

    private static void saveNeighbours(long from, long real, long imaginary, int length, long to, long step, float scale) {
        FloatVector factor = FloatVector.broadcast(FLOATS, scale);
        for (int k = 0; k < length; k++) {
            FloatVector re = FloatVector.fromMemorySegment(FLOATS, ALL, from + k * 2 * VECTOR + real, ORDER).mul(factor);
            FloatVector im = FloatVector.fromMemorySegment(FLOATS, ALL, from + k * 2 * VECTOR + imaginary, ORDER).mul(factor);
            re.rearrange(LOWER, im).intoMemorySegment(ALL, to + k * step, ORDER);
            re.rearrange(UPPER, im).intoMemorySegment(ALL, to + k * step + VECTOR, ORDER);
        }
    }

    /** The reverse of {@link #load}, each value multiplied by {@code scale}. */
    public static void save(MemorySegment buffer, MemorySegment array, long offset, long stride, long rowStep, int rows, int length,
            boolean exchange, float scale) {
        long to = Memory.address(array, 2 * offset, 2 * ((length - 1) * stride + (rows - 1) * rowStep + 1));
        long from = Memory.address(buffer, 0, 2L * length * LANES);
        long real = exchange ? LANES * 4L : 0;
        long imaginary = exchange ? 0 : LANES * 4L;
        if (rowStep == 1 && rows == LANES) {
            saveNeighbours(from, real, imaginary, length, to, stride * 8, scale);
            return;
        }
        for (int k = 0; k < length; k++) {
            long at = to + k * stride * 8;
            long row = from + k * 2L * LANES * 4;
            for (int lane = 0; lane < rows; lane++) {
                set(at + lane * rowStep * 8, get(row + real + lane * 4L) * scale);
                set(at + lane * rowStep * 8 + 4, get(row + imaginary + lane * 4L) * scale);
            }
        }
    }

    /**
     * Packs pairs of contiguous real rows into one complex lane each: row 2j is the real part of lane j, row 2j+1 the
     * imaginary part; rows beyond {@code rows} are zero.
     */
    public static void loadReal(MemorySegment array, long offset, int rows, int length, MemorySegment buffer) {
        long from = Memory.address(array, offset, (long) rows * length);
        long to = Memory.address(buffer, 0, 2L * length * LANES);
        if (rows < 2 * LANES) clear(to, 2L * length * LANES);
        for (int row = 0; row < rows; row++) {
            long lane = to + ((row & 1) * LANES + row / 2) * 4L;
            long source = from + (long) row * length * 4;
            for (int k = 0; k < length; k++) set(lane + k * 2L * LANES * 4, get(source + k * 4L));
        }
    }

    /** The reverse of {@link #loadReal}, parts exchanged (an inverse transform's result) and scaled. */
    public static void saveReal(MemorySegment buffer, MemorySegment array, long offset, int rows, int length, float scale) {
        long to = Memory.address(array, offset, (long) rows * length);
        long from = Memory.address(buffer, 0, 2L * length * LANES);
        for (int row = 0; row < rows; row++) {
            long lane = from + ((1 - (row & 1)) * LANES + row / 2) * 4L;
            long target = to + (long) row * length * 4;
            for (int k = 0; k < length; k++) set(target + k * 4L, get(lane + k * 2L * LANES * 4) * scale);
        }
    }

    /**
     * Half spectra of the real rows that {@link #loadReal} packed: with Z the transform of a + ib,
     * A[k] = (Z[k] + conj Z[n-k]) / 2 and B[k] = (Z[k] - conj Z[n-k]) / 2i, for k up to n/2.
     */
    public static void saveHalf(MemorySegment buffer, MemorySegment spectra, long offset, int rows, int length) {
        int half = length / 2 + 1;
        long to = Memory.address(spectra, 2 * offset, 2L * rows * half);
        long from = Memory.address(buffer, 0, 2L * length * LANES);
        for (int row = 0; row < rows; row++) {
            long lane = from + row / 2 * 4L;
            long target = to + (long) row * half * 8;
            for (int k = 0; k < half; k++) {
                long here = lane + k * 2L * LANES * 4;
                long mirror = lane + (k == 0 ? 0 : length - k) * 2L * LANES * 4;
                float re = get(here);
                float im = get(here + LANES * 4L);
                float mirrorRe = get(mirror);
                float mirrorIm = get(mirror + LANES * 4L);
                boolean second = (row & 1) == 1;
                set(target + k * 8L, 0.5f * (second ? im + mirrorIm : re + mirrorRe));
                set(target + k * 8L + 4, 0.5f * (second ? mirrorRe - re : im - mirrorIm));
            }
        }
    }

    /**
     * Packs pairs of half spectra into full ones, Z[k] = A[k] + i B[k] and Z[n-k] = conj A[k] + i conj B[k], parts
     * exchanged for an inverse transform. What a half spectrum holds in places that a real row's cannot (imaginary
     * parts at zero and Nyquist) is dropped.
     */
    public static void loadHalf(MemorySegment spectra, long offset, int rows, int length, MemorySegment buffer) {
        int half = length / 2 + 1;
        long from = Memory.address(spectra, 2 * offset, 2L * rows * half);
        long to = Memory.address(buffer, 0, 2L * length * LANES);
        if (rows < 2 * LANES) clear(to, 2L * length * LANES);
        for (int row = 0; row < rows; row += 2) {
            long lane = to + row / 2 * 4L;
            long a = from + (long) row * half * 8;
            long b = row + 1 < rows ? a + half * 8L : 0;
            for (int k = 0; k < half; k++) {
                int mirrorIndex = k == 0 ? 0 : length - k;
                boolean self = mirrorIndex == k;
                float aRe = get(a + k * 8L);
                float aIm = self ? 0f : get(a + k * 8L + 4);
                float bRe = b == 0 ? 0f : get(b + k * 8L);
                float bIm = b == 0 || self ? 0f : get(b + k * 8L + 4);
                long here = lane + k * 2L * LANES * 4;
                long mirror = lane + mirrorIndex * 2L * LANES * 4;
                set(here, aIm + bRe);
                set(here + LANES * 4L, aRe - bIm);
                if (!self) {
                    set(mirror, bRe - aIm);
                    set(mirror + LANES * 4L, aRe + bIm);
                }
            }
        }
    }

    private static void clear(long address, long values) {
        for (long i = 0; i < values; i += LANES) FloatVector.zero(FLOATS).intoMemorySegment(ALL, address + i * 4, ORDER);
    }
}
