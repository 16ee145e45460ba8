package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Memory.get;
import static dev.nstm.simd.Memory.set;
import static dev.nstm.simd.Simd.FLOATS;
import static dev.nstm.simd.TileTranspose.TILE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Moves rows between arrays and the buffers of {@link FftPlan}, one row to a lane. A row's elements lie {@code stride}
 * elements apart and rows {@code rowStep} elements apart, so one method serves every axis. Inverse transforms exchange
 * real and imaginary parts on the way in and out. Contiguous rows are transposed tile by tile; a {@code scratch} is
 * what {@link FftPlan#scratchValues} asks for.
 */
public final class FftRows {
    private static final int LANES = Simd.LANES;
    private static final long VECTOR = Simd.VECTOR_BYTES;
    private static final long ELEMENT = 2 * VECTOR;
    /** Pick real and imaginary parts out of two vectors of interleaved values, and weave them together again. */
    private static final VectorShuffle<Float> REAL = VectorShuffle.fromOp(FLOATS, lane -> 2 * lane);

    private static final VectorShuffle<Float> IMAGINARY = VectorShuffle.fromOp(FLOATS, lane -> 2 * lane + 1);
    private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(FLOATS, lane -> lane / 2 + lane % 2 * LANES);
    private static final VectorShuffle<Float> UPPER =
            VectorShuffle.fromOp(FLOATS, lane -> (lane + LANES) / 2 + lane % 2 * LANES);

    private FftRows() {}

    /**
     * buffer = rows of an interleaved complex array; lanes beyond {@code rows} are set to zero.
     *
     * @param offset first element of the first row, in complex elements
     */
    public static void load(
            MemorySegment array,
            long offset,
            long stride,
            long rowStep,
            int rows,
            int length,
            boolean exchange,
            MemorySegment buffer,
            MemorySegment scratch) {
        long from = Memory.address(array, 2 * offset, 2 * ((length - 1) * stride + (rows - 1) * rowStep + 1));
        long to = Memory.address(buffer, 0, 2L * length * LANES);
        long tile = Memory.address(scratch, 0, TILE);
        long real = exchange ? VECTOR : 0;
        long imaginary = VECTOR - real;
        if (rows < LANES) clear(to, length);
        if (stride == 1) {
            gather(from, rowStep * 8, rows, 2 * length, to + real, ELEMENT, imaginary - real, tile);
        } else if (rowStep == 1 && rows == LANES) {
            loadNeighbours(from, stride * 8, length, to, real, imaginary);
        } else {
            for (int k = 0; k < length; k++)
                gather(
                        from + k * stride * 8,
                        rowStep * 8,
                        rows,
                        2,
                        to + k * ELEMENT + real,
                        ELEMENT,
                        imaginary - real,
                        tile);
        }
    }

    /** The reverse of {@link #load}, each value multiplied by {@code scale}. */
    public static void save(
            MemorySegment buffer,
            MemorySegment array,
            long offset,
            long stride,
            long rowStep,
            int rows,
            int length,
            boolean exchange,
            float scale,
            MemorySegment scratch) {
        long to = Memory.address(array, 2 * offset, 2 * ((length - 1) * stride + (rows - 1) * rowStep + 1));
        long from = Memory.address(buffer, 0, 2L * length * LANES);
        long tile = Memory.address(scratch, 0, TILE);
        long real = exchange ? VECTOR : 0;
        long imaginary = VECTOR - real;
        if (stride == 1) {
            scatter(from + real, ELEMENT, imaginary - real, to, rowStep * 8, rows, 2 * length, scale, tile);
        } else if (rowStep == 1 && rows == LANES) {
            saveNeighbours(from, real, imaginary, length, to, stride * 8, scale);
        } else {
            for (int k = 0; k < length; k++)
                scatter(
                        from + k * ELEMENT + real,
                        ELEMENT,
                        imaginary - real,
                        to + k * stride * 8,
                        rowStep * 8,
                        rows,
                        2,
                        scale,
                        tile);
        }
    }

    /** Rows that lie side by side: a vector's worth of elements is two vectors of memory. */
    private static void loadNeighbours(long from, long step, int length, long to, long real, long imaginary) {
        for (int k = 0; k < length; k++) {
            FloatVector low = FloatVector.fromMemorySegment(FLOATS, ALL, from + k * step, ORDER);
            FloatVector high = FloatVector.fromMemorySegment(FLOATS, ALL, from + k * step + VECTOR, ORDER);
            low.rearrange(REAL, high).intoMemorySegment(ALL, to + k * ELEMENT + real, ORDER);
            low.rearrange(IMAGINARY, high).intoMemorySegment(ALL, to + k * ELEMENT + imaginary, ORDER);
        }
    }

    private static void saveNeighbours(
            long from, long real, long imaginary, int length, long to, long step, float scale) {
        FloatVector factor = FloatVector.broadcast(FLOATS, scale);
        for (int k = 0; k < length; k++) {
            FloatVector re = FloatVector.fromMemorySegment(FLOATS, ALL, from + k * ELEMENT + real, ORDER)
                    .mul(factor);
            FloatVector im = FloatVector.fromMemorySegment(FLOATS, ALL, from + k * ELEMENT + imaginary, ORDER)
                    .mul(factor);
            re.rearrange(LOWER, im).intoMemorySegment(ALL, to + k * step, ORDER);
            re.rearrange(UPPER, im).intoMemorySegment(ALL, to + k * step + VECTOR, ORDER);
        }
    }

    /**
     * Contiguous rows into lanes: value c of row i becomes lane i of the vector at {@code (c / 2) * pair + (c % 2) *
     * part}.
     *
     * @param rowBytes from one row to the next
     */
    private static void gather(
            long from, long rowBytes, int rows, int values, long to, long pair, long part, long tile) {
        int whole = rows == LANES ? values / LANES * LANES : 0;
        for (int c = 0; c < whole; c += LANES)
            TileTranspose.transpose(from + c * 4L, 2 * rowBytes, rowBytes, to + c / 2 * pair, pair, part, 1f, tile);
        for (int c = whole; c < values; c++) {
            long vector = to + c / 2 * pair + c % 2 * part;
            for (int row = 0; row < rows; row++) set(vector + row * 4L, get(from + row * rowBytes + c * 4L));
        }
    }

    /** The reverse of {@link #gather}, each value multiplied by {@code scale}. */
    private static void scatter(
            long from, long pair, long part, long to, long rowBytes, int rows, int values, float scale, long tile) {
        int whole = rows == LANES ? values / LANES * LANES : 0;
        for (int c = 0; c < whole; c += LANES)
            TileTranspose.transpose(from + c / 2 * pair, pair, part, to + c * 4L, 2 * rowBytes, rowBytes, scale, tile);
        for (int c = whole; c < values; c++) {
            long vector = from + c / 2 * pair + c % 2 * part;
            for (int row = 0; row < rows; row++) set(to + row * rowBytes + c * 4L, get(vector + row * 4L) * scale);
        }
    }

    /**
     * Packs pairs of contiguous real rows into one complex lane each: row 2j is the real part of lane j, row 2j+1 the
     * imaginary part; rows beyond {@code rows} are zero.
     */
    public static void loadReal(
            MemorySegment array, long offset, int rows, int length, MemorySegment buffer, MemorySegment scratch) {
        long from = Memory.address(array, offset, (long) rows * length);
        long to = Memory.address(buffer, 0, 2L * length * LANES);
        long tile = Memory.address(scratch, 0, TILE);
        if (rows < 2 * LANES) clear(to, length);
        gather(from, length * 8L, (rows + 1) / 2, length, to, 2 * ELEMENT, ELEMENT, tile);
        gather(from + length * 4L, length * 8L, rows / 2, length, to + VECTOR, 2 * ELEMENT, ELEMENT, tile);
    }

    /** The reverse of {@link #loadReal}, parts exchanged (an inverse transform's result) and scaled. */
    public static void saveReal(
            MemorySegment buffer,
            MemorySegment array,
            long offset,
            int rows,
            int length,
            float scale,
            MemorySegment scratch) {
        long to = Memory.address(array, offset, (long) rows * length);
        long from = Memory.address(buffer, 0, 2L * length * LANES);
        long tile = Memory.address(scratch, 0, TILE);
        scatter(from + VECTOR, 2 * ELEMENT, ELEMENT, to, length * 8L, (rows + 1) / 2, length, scale, tile);
        scatter(from, 2 * ELEMENT, ELEMENT, to + length * 4L, length * 8L, rows / 2, length, scale, tile);
    }

    /**
     * Half spectra of the real rows that {@link #loadReal} packed: with Z the transform of a + ib, A[k] = (Z[k] + conj
     * Z[n-k]) / 2 and B[k] = (Z[k] - conj Z[n-k]) / 2i, for k up to n/2. The buffer's content is lost.
     */
    public static void saveHalf(
            MemorySegment buffer, MemorySegment spectra, long offset, int rows, int length, MemorySegment scratch) {
        int half = length / 2 + 1;
        long to = Memory.address(spectra, 2 * offset, 2L * rows * half);
        long second = Memory.address(buffer, 0, 2L * length * LANES);
        long tile = Memory.address(scratch, 0, TILE + 2L * half * LANES);
        long first = tile + TILE * 4L;
        for (int k = 0; k < half; k++) {
            long here = second + k * ELEMENT;
            long mirror = second + (k == 0 ? 0 : length - k) * ELEMENT;
            FloatVector re = FloatVector.fromMemorySegment(FLOATS, ALL, here, ORDER);
            FloatVector im = FloatVector.fromMemorySegment(FLOATS, ALL, here + VECTOR, ORDER);
            FloatVector mirrorRe = FloatVector.fromMemorySegment(FLOATS, ALL, mirror, ORDER);
            FloatVector mirrorIm = FloatVector.fromMemorySegment(FLOATS, ALL, mirror + VECTOR, ORDER);
            re.add(mirrorRe).intoMemorySegment(ALL, first + k * ELEMENT, ORDER);
            im.sub(mirrorIm).intoMemorySegment(ALL, first + k * ELEMENT + VECTOR, ORDER);
            im.add(mirrorIm).intoMemorySegment(ALL, here, ORDER);
            mirrorRe.sub(re).intoMemorySegment(ALL, here + VECTOR, ORDER);
        }
        scatter(first, ELEMENT, VECTOR, to, half * 16L, (rows + 1) / 2, 2 * half, 0.5f, tile);
        scatter(second, ELEMENT, VECTOR, to + half * 8L, half * 16L, rows / 2, 2 * half, 0.5f, tile);
    }

    /**
     * Packs pairs of half spectra into full ones, Z[k] = A[k] + i B[k] and Z[n-k] = conj A[k] + i conj B[k], parts
     * exchanged for an inverse transform. What a half spectrum holds in places that a real row's cannot (imaginary
     * parts at zero and Nyquist) is dropped.
     */
    public static void loadHalf(
            MemorySegment spectra, long offset, int rows, int length, MemorySegment buffer, MemorySegment scratch) {
        int half = length / 2 + 1;
        long from = Memory.address(spectra, 2 * offset, 2L * rows * half);
        long second = Memory.address(buffer, 0, 2L * length * LANES);
        long tile = Memory.address(scratch, 0, TILE + 2L * half * LANES);
        long first = tile + TILE * 4L;
        if (rows < 2 * LANES) {
            clear(first, half);
            clear(second, half);
        }
        gather(from, half * 16L, (rows + 1) / 2, 2 * half, first, ELEMENT, VECTOR, tile);
        gather(from + half * 8L, half * 16L, rows / 2, 2 * half, second, ELEMENT, VECTOR, tile);
        for (int k = 0; k < half; k++) {
            int mirror = k == 0 ? 0 : length - k;
            long a = first + k * ELEMENT;
            long b = second + k * ELEMENT;
            FloatVector aRe = FloatVector.fromMemorySegment(FLOATS, ALL, a, ORDER);
            FloatVector bRe = FloatVector.fromMemorySegment(FLOATS, ALL, b, ORDER);
            if (mirror == k) {
                bRe.intoMemorySegment(ALL, b, ORDER);
                aRe.intoMemorySegment(ALL, b + VECTOR, ORDER);
                continue;
            }
            FloatVector aIm = FloatVector.fromMemorySegment(FLOATS, ALL, a + VECTOR, ORDER);
            FloatVector bIm = FloatVector.fromMemorySegment(FLOATS, ALL, b + VECTOR, ORDER);
            aIm.add(bRe).intoMemorySegment(ALL, b, ORDER);
            aRe.sub(bIm).intoMemorySegment(ALL, b + VECTOR, ORDER);
            bRe.sub(aIm).intoMemorySegment(ALL, second + mirror * ELEMENT, ORDER);
            aRe.add(bIm).intoMemorySegment(ALL, second + mirror * ELEMENT + VECTOR, ORDER);
        }
    }

    private static void clear(long address, int elements) {
        for (long at = address; at < address + elements * ELEMENT; at += VECTOR)
            FloatVector.zero(FLOATS).intoMemorySegment(ALL, at, ORDER);
    }
}
