package dev.nstm.cuda;

import java.lang.foreign.MemorySegment;

/** Device memory for the inside of one operation; shared by all, of which one runs at a time. */
final class Scratch {
    private final CudaContext context;
    private MemorySegment memory;

    Scratch(CudaContext context) {
        this.context = context;
    }

    /** Makes sure that so much is there. */
    void reserve(long bytes) {
        if (memory != null && memory.byteSize() >= bytes) return;
        if (memory != null) context.release(memory);
        memory = null;
        memory = context.allocate(bytes);
    }

    MemorySegment memory() {
        return memory;
    }
}
