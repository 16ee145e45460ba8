package dev.nstm.cuda;

import dev.nstm.cuda.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Starts kernels. Arguments are given one by one in the order of the kernel's parameters, then {@link #run} queues it;
 * nothing is allocated in between.
 */
final class Kernels implements AutoCloseable {
    static final int MOST_ARGUMENTS = 16;
    private static final int SUM_SHARE = 4096;

    private final CudaContext context;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment values = arena.allocate(8L * MOST_ARGUMENTS, 8);
    private final MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, MOST_ARGUMENTS);
    private final MemorySegment[] functions = new MemorySegment[Kernel.values().length];
    private MemorySegment module;
    private Kernel kernel;
    private int arguments;

    /** @param code compiled from the program */
    Kernels(CudaContext context, Program program, byte[] code) {
        this.context = context;
        for (int i = 0; i < MOST_ARGUMENTS; i++) pointers.setAtIndex(ValueLayout.ADDRESS, i, values.asSlice(8L * i));
        try (Arena loading = Arena.ofConfined()) {
            MemorySegment slot = loading.allocate(ValueLayout.ADDRESS);
            CudaStatus.driver(
                    CudaDriver.cuModuleLoadData(slot, loading.allocateFrom(ValueLayout.JAVA_BYTE, code)),
                    "cuModuleLoadData");
            module = slot.get(ValueLayout.ADDRESS, 0);
            for (Kernel known : program.kernels()) {
                CudaStatus.driver(
                        CudaDriver.cuModuleGetFunction(slot, module, loading.allocateFrom(known.symbol())),
                        "cuModuleGetFunction of " + known.symbol());
                functions[known.ordinal()] = slot.get(ValueLayout.ADDRESS, 0);
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Begins the arguments of a kernel. */
    Kernels of(Kernel kernel) {
        this.kernel = kernel;
        arguments = 0;
        return this;
    }

    Kernels pointer(MemorySegment memory, long offsetBytes) {
        values.set(ValueLayout.JAVA_LONG, 8L * arguments++, memory.address() + offsetBytes);
        return this;
    }

    Kernels rows(Rows rows) {
        values.set(ValueLayout.JAVA_LONG, 8L * arguments++, rows.address());
        return this;
    }

    Kernels integer(int value) {
        values.set(ValueLayout.JAVA_INT, 8L * arguments++, value);
        return this;
    }

    Kernels real(float value) {
        values.set(ValueLayout.JAVA_FLOAT, 8L * arguments++, value);
        return this;
    }

    Kernels real(double value) {
        values.set(ValueLayout.JAVA_DOUBLE, 8L * arguments++, value);
        return this;
    }

    /** Queues the kernel with a thread for each of {@code count} elements. */
    void run(int count) {
        run(count, 1);
    }

    /** Queues the kernel with a thread for each of {@code count} elements of each of {@code rows} rows. */
    void run(int count, int rows) {
        if (count > 0 && rows > 0)
            runBlocks((int) ((count + (long) Definitions.BLOCK_THREADS - 1) / Definitions.BLOCK_THREADS), rows);
    }

    /**
     * Number of blocks that share a sum, at most {@code most}. It depends on {@code count} alone and not on the GPU, so
     * that sums are formed in the same order everywhere.
     */
    static int sumBlocks(int count, int most) {
        return Math.clamp(count / SUM_SHARE, 1, most);
    }

    /** Queues so many blocks. */
    void runBlocks(int blocks, int rows) {
        runBlocks(blocks, rows, 0);
    }

    /** Queues so many blocks with as much dynamic shared memory. */
    void runBlocks(int blocks, int rows, int sharedBytes) {
        context.enter();
        int status = CudaDriver.cuLaunchKernel(
                functions[kernel.ordinal()],
                blocks,
                rows,
                1,
                Definitions.BLOCK_THREADS,
                1,
                1,
                sharedBytes,
                context.stream(),
                pointers,
                MemorySegment.NULL);
        if (status != 0) CudaStatus.driver(status, "cuLaunchKernel of " + kernel.symbol());
    }

    /** Lets a kernel be started with as much dynamic shared memory. */
    void allowShared(Kernel kernel, int bytes) {
        context.enter();
        CudaStatus.driver(
                CudaDriver.cuFuncSetAttribute(
                        functions[kernel.ordinal()],
                        CudaDriver.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES(),
                        bytes),
                "cuFuncSetAttribute of " + kernel.symbol());
    }

    /** Blocks of a kernel that a multiprocessor works on at once, with as much dynamic shared memory each. */
    int residentBlocks(Kernel kernel, int sharedBytes) {
        context.enter();
        CudaStatus.driver(
                CudaDriver.cuOccupancyMaxActiveBlocksPerMultiprocessor(
                        values, functions[kernel.ordinal()], Definitions.BLOCK_THREADS, sharedBytes),
                "cuOccupancyMaxActiveBlocksPerMultiprocessor of " + kernel.symbol());
        return values.get(ValueLayout.JAVA_INT, 0);
    }

    @Override
    public void close() {
        if (module != null) CudaDriver.cuModuleUnload(module);
        module = null;
        if (arena.scope().isAlive()) arena.close();
    }
}
