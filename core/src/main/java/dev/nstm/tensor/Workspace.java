package dev.nstm.tensor;

import static dev.nstm.tensor.InvalidInputException.require;

import java.lang.foreign.MemorySegment;

/**
 * Scratch memory handed out from front to back: take what a step needs, then {@link #release} back to a mark. Nothing
 * is allocated once the workspace has reached its size. Not for use by several threads at once.
 */
public final class Workspace {
    private final TensorArena arena;
    private MemorySegment memory;
    private long used;

    public Workspace(TensorArena arena, long bytes) {
        this.arena = arena;
        this.memory = arena.allocateBytes(bytes);
    }

    /** Makes sure that {@code bytes} more can be taken; grows only while nothing is taken. */
    public void reserve(long bytes) {
        if (memory.byteSize() - used >= bytes) return;
        require(used == 0, "a workspace of %d bytes in use cannot grow to %d", memory.byteSize(), used + bytes);
        memory = arena.allocateBytes(bytes);
    }

    /** Where the next piece begins; give it to {@link #release} to hand back everything taken since. */
    public long mark() {
        return used;
    }

    public void release(long mark) {
        used = mark;
    }

    /** The next piece, aligned to 64 bytes; its contents are whatever was there before. */
    public MemorySegment take(long floats) {
        long bytes = (floats * Float.BYTES + TensorArena.ALIGNMENT - 1) / TensorArena.ALIGNMENT * TensorArena.ALIGNMENT;
        require(
                used + bytes <= memory.byteSize(),
                "workspace of %d bytes exhausted: %d in use, %d asked for",
                memory.byteSize(),
                used,
                bytes);
        MemorySegment piece = memory.asSlice(used, bytes);
        used += bytes;
        return piece;
    }
}
