package dev.nstm.cuda;

import dev.nstm.device.DeviceException;
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
        memory = context.allocateForAll(bytes);
    }

    /** @throws DeviceException if the last attempt to have more of it failed */
    MemorySegment memory() {
        if (memory == null)
            throw new DeviceException("the GPU's scratch memory was given up when more could not be had");
        return memory;
    }
}
