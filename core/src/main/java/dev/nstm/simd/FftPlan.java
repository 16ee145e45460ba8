package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.FLOAT;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Simd.FLOATS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * The complex discrete Fourier transform of one length, done on as many rows at once as a vector has lanes. Lengths
 * with no prime factor above 7 are transformed directly (Stockham); any other by Bluestein's chirp convolution. Twiddle
 * factors are computed in double precision. Unnormalised, kernel exp(-2 pi i j k / n).
 */
public final class FftPlan {
    private static final long VECTOR = Simd.VECTOR_BYTES;
    private static final long ELEMENT = 2 * VECTOR;

    private final int length;
    private final int[] radices;
    private final MemorySegment twiddles;
    private final Chirp chirp;

    /**
     * Bluestein's convolution: multiply by the chirp, convolve with its conjugate at a smooth length, multiply again.
     */
    private record Chirp(FftPlan inner, MemorySegment factors, MemorySegment spectrum) {}

    /** @param memory where the tables live, 64-byte aligned for as long as the plan is used */
    public FftPlan(int length, SegmentAllocator memory) {
        if (length < 1) throw new IllegalArgumentException("transform length must be at least 1, got " + length);
        this.length = length;
        this.radices = factor(length);
        if (radices != null) {
            twiddles = stockhamTwiddles(length, radices, memory);
            chirp = null;
        } else {
            twiddles = null;
            chirp = chirp(length, memory);
        }
    }

    public int length() {
        return length;
    }

    /** Rows transformed together. */
    public static int rows() {
        return Simd.LANES;
    }

    /** Values in a buffer for all rows: {@code [element][re, im][row]}. */
    public int bufferValues() {
        return length * 2 * Simd.LANES;
    }

    /** Values of scratch memory that {@link #transform} and {@link FftRows} need. */
    public int scratchValues() {
        return (chirp == null ? bufferValues() : 2 * chirp.inner.bufferValues()) + TileTranspose.TILE;
    }

    /** Transforms the rows in {@code buffer} in place. */
    public void transform(MemorySegment buffer, MemorySegment scratch) {
        long data = Memory.address(buffer, 0, bufferValues());
        long spare = Memory.address(scratch, 0, scratchValues());
        if (chirp != null) {
            bluestein(data, spare);
        } else if (stockham(data, spare) != data) {
            copy(spare, data, length);
        }
    }

    /** Passes from one buffer to the other; returns the one that holds the result. */
    private long stockham(long data, long spare) {
        long from = data;
        long to = spare;
        long table = twiddles.address();
        int stride = 1;
        for (int radix : radices) {
            int blocks = length / (stride * radix);
            FftButterflies.pass(radix, from, to, stride, blocks, table);
            table += (long) blocks * (radix - 1) * 8;
            stride *= radix;
            long swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private void bluestein(long data, long spare) {
        FftPlan inner = chirp.inner;
        long first = spare;
        long second = spare + inner.bufferValues() * 4L;
        long factors = chirp.factors.address();
        turn(data, factors, first, length, 0, VECTOR);
        for (long at = first + length * ELEMENT; at < second; at += VECTOR)
            FloatVector.zero(FLOATS).intoMemorySegment(ALL, at, ORDER);
        long spectrum = inner.stockham(first, second);
        // The inverse transform is the forward one with real and imaginary parts exchanged before and after.
        turn(spectrum, chirp.spectrum.address(), spectrum, inner.length, VECTOR, 0);
        long product = inner.stockham(spectrum, spectrum == first ? second : first);
        exchange(product, length);
        turn(product, factors, data, length, 0, VECTOR);
    }

    /**
     * to = from * factor, element by element; the parts of a product are stored {@code real} and {@code imaginary}
     * bytes after the address of its element.
     */
    private static void turn(long from, long factor, long to, int elements, long real, long imaginary) {
        for (int k = 0; k < elements; k++) {
            FloatVector re = FloatVector.fromMemorySegment(FLOATS, ALL, from + k * ELEMENT, ORDER);
            FloatVector im = FloatVector.fromMemorySegment(FLOATS, ALL, from + k * ELEMENT + VECTOR, ORDER);
            FloatVector c = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, factor + k * 8L));
            FloatVector s = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, factor + k * 8L + 4));
            re.mul(c).sub(im.mul(s)).intoMemorySegment(ALL, to + k * ELEMENT + real, ORDER);
            re.mul(s).add(im.mul(c)).intoMemorySegment(ALL, to + k * ELEMENT + imaginary, ORDER);
        }
    }

    /** Exchanges real and imaginary parts. */
    private static void exchange(long data, int elements) {
        for (long at = data; at < data + elements * ELEMENT; at += ELEMENT) {
            FloatVector re = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
            FloatVector.fromMemorySegment(FLOATS, ALL, at + VECTOR, ORDER).intoMemorySegment(ALL, at, ORDER);
            re.intoMemorySegment(ALL, at + VECTOR, ORDER);
        }
    }

    private static void copy(long from, long to, int elements) {
        for (long i = 0; i < elements * ELEMENT; i += VECTOR)
            FloatVector.fromMemorySegment(FLOATS, ALL, from + i, ORDER).intoMemorySegment(ALL, to + i, ORDER);
    }

    /** Prime factors up to 7 with twos joined to 8 and 4; null where a larger prime remains. */
    private static int[] factor(int length) {
        List<Integer> radices = new ArrayList<>();
        int rest = length;
        for (int radix : new int[] {8, 4, 2, 3, 5, 7}) {
            while (rest % radix == 0) {
                radices.add(radix);
                rest /= radix;
            }
        }
        return rest == 1 ? radices.stream().mapToInt(Integer::intValue).toArray() : null;
    }

    private static MemorySegment stockhamTwiddles(int length, int[] radices, SegmentAllocator memory) {
        int count = 0;
        for (int radix : radices) count += length;
        MemorySegment table = memory.allocate(8L * Math.max(1, count), 64);
        int at = 0;
        int stride = 1;
        for (int radix : radices) {
            int rest = length / stride;
            for (int p = 0; p < rest / radix; p++) {
                for (int k = 1; k < radix; k++) {
                    at = put(table, at, -2 * Math.PI * ((long) p * k % rest) / rest);
                }
            }
            stride *= radix;
        }
        return table;
    }

    private static int put(MemorySegment table, int at, double angle) {
        table.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) Math.cos(angle));
        table.setAtIndex(ValueLayout.JAVA_FLOAT, at + 1, (float) Math.sin(angle));
        return at + 2;
    }

    private static Chirp chirp(int length, SegmentAllocator memory) {
        int smooth = 2 * length - 1;
        while (factor(smooth) == null) smooth++;
        FftPlan inner = new FftPlan(smooth, memory);
        MemorySegment factors = memory.allocate(8L * length, 64);
        double[] re = new double[smooth];
        double[] im = new double[smooth];
        for (int k = 0; k < length; k++) {
            double angle = Math.PI * ((long) k * k % (2L * length)) / length;
            put(factors, 2 * k, -angle);
            re[k] = Math.cos(angle);
            im[k] = Math.sin(angle);
            if (k > 0) {
                re[smooth - k] = re[k];
                im[smooth - k] = im[k];
            }
        }
        return new Chirp(inner, factors, inner.transformOnce(re, im, memory));
    }

    /** Transform of one row, divided by the length, as interleaved values. */
    private MemorySegment transformOnce(double[] re, double[] im, SegmentAllocator memory) {
        MemorySegment buffer = memory.allocate(bufferValues() * 4L, 64);
        MemorySegment scratch = memory.allocate(scratchValues() * 4L, 64);
        int lanes = Simd.LANES;
        for (int k = 0; k < length; k++) {
            buffer.setAtIndex(ValueLayout.JAVA_FLOAT, 2L * k * lanes, (float) re[k]);
            buffer.setAtIndex(ValueLayout.JAVA_FLOAT, (2L * k + 1) * lanes, (float) im[k]);
        }
        transform(buffer, scratch);
        MemorySegment spectrum = memory.allocate(8L * length, 64);
        for (int k = 0; k < length; k++) {
            spectrum.setAtIndex(
                    ValueLayout.JAVA_FLOAT, 2L * k, buffer.getAtIndex(ValueLayout.JAVA_FLOAT, 2L * k * lanes) / length);
            spectrum.setAtIndex(
                    ValueLayout.JAVA_FLOAT,
                    2L * k + 1,
                    buffer.getAtIndex(ValueLayout.JAVA_FLOAT, (2L * k + 1) * lanes) / length);
        }
        return spectrum;
    }
}
