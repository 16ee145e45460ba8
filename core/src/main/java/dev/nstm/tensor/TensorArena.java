package dev.nstm.tensor;

import static dev.nstm.tensor.InvalidInputException.require;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;

/**
 * The off-heap memory of one run: everything is taken from it before the first step and given back at once by
 * {@link #close()}. An arena that is forgotten instead of closed is reported on standard error with the place that
 * opened it.
 */
public final class TensorArena implements AutoCloseable {
    /** Alignment and padding of every tensor, in bytes: one cache line, one 512-bit vector. */
    public static final int ALIGNMENT = 64;
    /** Rows of matrices are padded to a multiple of this many values: the widest vector, one cache line. */
    public static final int ROW_MULTIPLE = ALIGNMENT / Float.BYTES;

    private static final Cleaner CLEANER = Cleaner.create();

    private final Arena arena = Arena.ofShared();
    private final Cleaner.Cleanable cleanable;
    private final Leak leak;
    private long bytes;

    /** The length of a row of {@code values} once padded to {@link #ROW_MULTIPLE}. */
    public static int paddedRow(int values) {
        return (values + ROW_MULTIPLE - 1) / ROW_MULTIPLE * ROW_MULTIPLE;
    }

    public TensorArena() {
        leak = new Leak(arena, new Throwable("opened here"));
        cleanable = CLEANER.register(this, leak);
    }

    public synchronized MemorySegment allocateBytes(long size) {
        require(size > 0, "memory of %d bytes was asked for", size);
        long padded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        MemorySegment segment = arena.allocate(padded, ALIGNMENT);
        bytes += padded;
        return segment;
    }

    /** A tensor of zeros. */
    public Tensor allocate(ElementType type, int... extents) {
        Shape shape = Shape.of(extents);
        return new Tensor(shape, type, allocateBytes((long) shape.count() * type.floats() * Float.BYTES));
    }

    /** A real tensor of zeros. */
    public Tensor allocate(int... extents) {
        return allocate(ElementType.FLOAT32, extents);
    }

    /** Bytes handed out so far. */
    public synchronized long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        leak.closed = true;
        cleanable.clean();
    }

    private static final class Leak implements Runnable {
        private final Arena arena;
        private final Throwable origin;
        private volatile boolean closed;

        private Leak(Arena arena, Throwable origin) {
            this.arena = arena;
            this.origin = origin;
        }

        @Override
        public void run() {
            if (!closed) {
                System.err.println(
                        "nstm: off-heap memory was never closed; it was opened at " + origin.getStackTrace()[1]);
            }
            arena.close();
        }
    }
}
