package dev.nstm.cuda;

import dev.nstm.cuda.ffi.Cublas;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Matrix products through cuBLAS. To cuBLAS, {@link Rows} are the columns of a matrix: an array {@code [row][point]} is
 * a matrix with one row per point.
 */
final class Matrices implements AutoCloseable {
    /** A workspace of its own makes cuBLAS choose the same algorithm, and so the same bits, every time. */
    private static final long WORKSPACE_BYTES = 32L << 20;

    private final CudaContext context;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment zero = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0);
    private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1);
    private MemorySegment handle;

    /** @param tensorFloat32 whether factors may be rounded to 10 bits of mantissa */
    Matrices(CudaContext context, boolean tensorFloat32) {
        this.context = context;
        try (Arena making = Arena.ofConfined()) {
            context.enter();
            MemorySegment slot = making.allocate(ValueLayout.ADDRESS);
            CudaStatus.matrices(Cublas.cublasCreate_v2(slot), "cublasCreate");
            handle = slot.get(ValueLayout.ADDRESS, 0);
            CudaStatus.matrices(Cublas.cublasSetStream_v2(handle, context.stream()), "cublasSetStream");
            MemorySegment workspace = context.allocateForAll(WORKSPACE_BYTES);
            CudaStatus.matrices(Cublas.cublasSetWorkspace_v2(handle, workspace, WORKSPACE_BYTES), "cublasSetWorkspace");
            CudaStatus.matrices(
                    Cublas.cublasSetMathMode(
                            handle, tensorFloat32 ? Cublas.CUBLAS_TF32_TENSOR_OP_MATH() : Cublas.CUBLAS_DEFAULT_MATH()),
                    "cublasSetMathMode");
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /**
     * c = op(a) op(b), or with {@code add}, +=.
     *
     * @param rows of op(a) and c
     * @param columns of op(b) and c
     * @param inner columns of op(a), rows of op(b)
     */
    void multiply(
            boolean transposeA,
            boolean transposeB,
            int rows,
            int columns,
            int inner,
            Rows a,
            Rows b,
            boolean add,
            Rows c) {
        context.enter();
        int status = Cublas.cublasSgemm_v2(
                handle,
                operation(transposeA),
                operation(transposeB),
                rows,
                columns,
                inner,
                one,
                MemorySegment.ofAddress(a.address()),
                a.step(),
                MemorySegment.ofAddress(b.address()),
                b.step(),
                add ? one : zero,
                MemorySegment.ofAddress(c.address()),
                c.step());
        if (status != 0) CudaStatus.matrices(status, "cublasSgemm");
    }

    private static int operation(boolean transposed) {
        return transposed ? Cublas.CUBLAS_OP_T() : Cublas.CUBLAS_OP_N();
    }

    @Override
    public void close() {
        if (handle != null) Cublas.cublasDestroy_v2(handle);
        handle = null;
        if (arena.scope().isAlive()) arena.close();
    }
}
