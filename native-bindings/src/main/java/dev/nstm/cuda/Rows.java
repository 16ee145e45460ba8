package dev.nstm.cuda;

import java.lang.foreign.MemorySegment;

/**
 * Rows of floats in device memory: where the first begins and how far they are apart, in floats. To cuBLAS they are the
 * columns of a matrix.
 */
record Rows(MemorySegment memory, long first, int step) {
    /** The same from a later row on. */
    Rows from(long row) {
        return new Rows(memory, first + row * step, step);
    }

    long address() {
        return memory.address() + 4 * first;
    }
}
