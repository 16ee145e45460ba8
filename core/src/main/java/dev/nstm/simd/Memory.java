package dev.nstm.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Reads and writes at addresses that a kernel has checked at its door. All memory is seen as one segment of constant
 * size and unlimited life, so the just-in-time compiler removes every remaining check from inner loops.
 *
 * <p>Methods with dozens of memory operations call the Vector API on {@link #ALL} themselves: HotSpot stops inlining
 * helpers like those below once a method has grown to 8000 bytecodes, but always inlines the API's own.
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

    static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(Simd.FLOATS, ALL, address, ORDER);
    }

    static void store(FloatVector vector, long address) {
        vector.intoMemorySegment(ALL, address, ORDER);
    }

    static IntVector loadInts(long address) {
        return IntVector.fromMemorySegment(Simd.INTS, ALL, address, ORDER);
    }

    static void store(IntVector vector, long address) {
        vector.intoMemorySegment(ALL, address, ORDER);
    }

    static FloatVector broadcast(long address) {
        return FloatVector.broadcast(Simd.FLOATS, get(address));
    }

    static FloatVector broadcast(float value) {
        return FloatVector.broadcast(Simd.FLOATS, value);
    }
}
