package dev.nstm.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads and writes at addresses that a kernel has checked at its door. All memory is seen as one segment of constant
 * size and unlimited life, so the just-in-time compiler removes every remaining check from inner loops.
 *
 * <p>Kernels call the Vector API on {@link #ALL} themselves instead of through helpers here: HotSpot always inlines the
 * API's own methods, but stops inlining others once a method has grown too large, and a vector that is handed to a
 * method that is not inlined becomes an object.
 */
final class Memory {
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    static final ByteOrder ORDER = ByteOrder.nativeOrder();
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private Memory() {}

    /**
     * Address of a value after checking that {@code floats} values from there lie inside the segment.
     *
     * @throws IndexOutOfBoundsException if they do not
     */
    static long address(MemorySegment segment, long offset, long floats) {
        if (offset < 0 || floats < 0 || (offset + floats) * Float.BYTES > segment.byteSize()) {
            throw new IndexOutOfBoundsException("values " + offset + " to " + (offset + floats) + " of a segment of "
                    + segment.byteSize() / Float.BYTES + " values");
        }
        return segment.address() + offset * Float.BYTES;
    }

    static float get(long address) {
        return ALL.get(FLOAT, address);
    }

    static void set(long address, float value) {
        ALL.set(FLOAT, address, value);
    }

    static int getInt(long address) {
        return ALL.get(INT, address);
    }

    static long getLong(long address) {
        return ALL.get(LONG, address);
    }

    static void setLong(long address, long value) {
        ALL.set(LONG, address, value);
    }
}
