package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Memory.get;
import static dev.nstm.simd.Memory.set;
import static dev.nstm.simd.Simd.FLOATS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** Products of interleaved complex arrays. Counts and offsets are in complex elements. */
public final class ComplexKernel {
    private static final int LANES = Simd.LANES;
    private static final VectorShuffle<Float> EXCHANGE = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);
    private static final VectorShuffle<Float> REAL = VectorShuffle.fromOp(FLOATS, i -> i & ~1);
    private static final VectorShuffle<Float> IMAGINARY = VectorShuffle.fromOp(FLOATS, i -> i | 1);
    private static final FloatVector ALTERNATE = alternate(-1f);
    private static final FloatVector ALTERNATE_CONJUGATE = alternate(1f);

    private ComplexKernel() {}

    private static FloatVector alternate(float first) {
        float[] signs = new float[LANES];
        for (int i = 0; i < LANES; i++) signs[i] = (i & 1) == 0 ? first : -first;
        return FloatVector.fromArray(FLOATS, signs, 0);
    }

    /**
     * z[i] += h[i] x[i], or z[i] = h[i] x[i] unless {@code add}; with {@code conjugate}, conj(h[i]) takes the place of
     * h[i].
     */
    public static void multiply(
            MemorySegment h,
            long hOffset,
            MemorySegment x,
            long xOffset,
            MemorySegment z,
            long zOffset,
            int n,
            boolean conjugate,
            boolean add) {
        long factor = Memory.address(h, 2 * hOffset, 2L * n);
        long from = Memory.address(x, 2 * xOffset, 2L * n);
        long to = Memory.address(z, 2 * zOffset, 2L * n);
        FloatVector signs = conjugate ? ALTERNATE_CONJUGATE : ALTERNATE;
        int i = 0;
        for (; i + LANES <= 2 * n; i += LANES) {
            FloatVector f = FloatVector.fromMemorySegment(FLOATS, ALL, factor + i * 4L, ORDER);
            FloatVector v = FloatVector.fromMemorySegment(FLOATS, ALL, from + i * 4L, ORDER);
            FloatVector crossed =
                    f.rearrange(IMAGINARY).mul(v.rearrange(EXCHANGE)).mul(signs);
            FloatVector product = f.rearrange(REAL).fma(v, crossed);
            if (add)
                FloatVector.fromMemorySegment(FLOATS, ALL, to + i * 4L, ORDER)
                        .add(product)
                        .intoMemorySegment(ALL, to + i * 4L, ORDER);
            else product.intoMemorySegment(ALL, to + i * 4L, ORDER);
        }
        float sign = conjugate ? -1f : 1f;
        for (; i < 2 * n; i += 2) {
            float fr = get(factor + i * 4L);
            float fi = get(factor + i * 4L + 4) * sign;
            float vr = get(from + i * 4L);
            float vi = get(from + i * 4L + 4);
            float re = Math.fma(fr, vr, -fi * vi);
            float im = Math.fma(fr, vi, fi * vr);
            set(to + i * 4L, add ? get(to + i * 4L) + re : re);
            set(to + i * 4L + 4, add ? get(to + i * 4L + 4) + im : im);
        }
    }
}
