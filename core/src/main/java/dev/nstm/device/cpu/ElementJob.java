package dev.nstm.device.cpu;

import dev.nstm.device.ElementFunction;
import dev.nstm.simd.ComplexKernel;
import dev.nstm.simd.ElementwiseKernel;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Operations that go through three ranges element by element; offsets are counted in single-precision values or, for
 * complex products, in complex elements.
 */
final class ElementJob extends PieceJob {
    /** What becomes of x and y in z. */
    enum Operation {
        FILL,
        COPY,
        AXPY,
        SCALE_ADD,
        PRODUCT,
        ADD_PRODUCT,
        NEGATIVE_PART,
        ADD_WHERE_NEGATIVE,
        COMPLEX_PRODUCT,
        ADD_COMPLEX_PRODUCT,
        CONJUGATE_PRODUCT,
        ADD_CONJUGATE_PRODUCT,
        APPLY,
        ADD_SLOPE
    }

    private Operation operation;
    private float a;
    private ElementFunction function;
    private MemorySegment x;
    private long xFirst;
    private MemorySegment y;
    private long yFirst;
    private MemorySegment z;
    private long zFirst;

    ElementJob(ThreadTeam team) {
        super(team);
    }

    ElementJob x(Tensor tensor, long first) {
        x = tensor.data();
        xFirst = first;
        return this;
    }

    ElementJob y(Tensor tensor, long first) {
        y = tensor.data();
        yFirst = first;
        return this;
    }

    ElementJob z(Tensor tensor, long first) {
        z = tensor.data();
        zFirst = first;
        return this;
    }

    void run(Operation what, float factor, int count) {
        operation = what;
        a = factor;
        share(count, 1);
    }

    void run(Operation what, ElementFunction of, int count) {
        operation = what;
        function = of;
        share(count, 1);
    }

    @Override
    void work(int index, int first, int n) {
        long atX = xFirst + first;
        long atY = yFirst + first;
        long atZ = zFirst + first;
        switch (operation) {
            case FILL -> ElementwiseKernel.fill(z, atZ, a, n);
            case COPY -> MemorySegment.copy(x, atX * 4, z, atZ * 4, n * 4L);
            case AXPY -> ElementwiseKernel.axpy(a, x, atX, z, atZ, n);
            case SCALE_ADD -> ElementwiseKernel.scaleAdd(a, x, atX, y, atY, z, atZ, n);
            case PRODUCT -> ElementwiseKernel.product(a, x, atX, y, atY, z, atZ, n, false);
            case ADD_PRODUCT -> ElementwiseKernel.product(a, x, atX, y, atY, z, atZ, n, true);
            case NEGATIVE_PART -> ElementwiseKernel.negativePart(x, atX, z, atZ, n);
            case ADD_WHERE_NEGATIVE -> ElementwiseKernel.addWhereNegative(a, x, atX, z, atZ, n);
            case COMPLEX_PRODUCT -> ComplexKernel.multiply(x, atX, y, atY, z, atZ, n, false, false);
            case ADD_COMPLEX_PRODUCT -> ComplexKernel.multiply(x, atX, y, atY, z, atZ, n, false, true);
            case CONJUGATE_PRODUCT -> ComplexKernel.multiply(x, atX, y, atY, z, atZ, n, true, false);
            case ADD_CONJUGATE_PRODUCT -> ComplexKernel.multiply(x, atX, y, atY, z, atZ, n, true, true);
            case APPLY -> ElementFunctions.apply(function, x, atX, z, atZ, n);
            case ADD_SLOPE -> ElementFunctions.addSlope(function, x, atX, y, atY, z, atZ, n);
        }
    }
}
