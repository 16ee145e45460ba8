package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Memory.get;
import static dev.nstm.simd.Memory.set;
import static dev.nstm.simd.Simd.FLOATS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Adam (Kingma and Ba, 2015), bias-corrected, epsilon outside the square root. */
public final class AdamKernel {
    private static final int LANES = Simd.LANES;

    private AdamKernel() {}

    /**
     * One update of n parameters.
     *
     * <pre>
     * m = b1 m + (1-b1) g      v = b2 v + (1-b2) g^2
     * p = p - rate (m / correction1) / (sqrt(v / correction2) + epsilon)
     * </pre>
     *
     * @param correction1 1 - b1^step
     * @param correction2 1 - b2^step
     */
    public static void update(
            MemorySegment parameters,
            MemorySegment gradient,
            MemorySegment firstMoment,
            MemorySegment secondMoment,
            long offset,
            int n,
            float rate,
            float b1,
            float b2,
            float epsilon,
            float correction1,
            float correction2) {
        long p = Memory.address(parameters, offset, n);
        long g = Memory.address(gradient, offset, n);
        long m = Memory.address(firstMoment, offset, n);
        long v = Memory.address(secondMoment, offset, n);
        float rest1 = 1 - b1;
        float rest2 = 1 - b2;
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector slope = FloatVector.fromMemorySegment(FLOATS, ALL, g + i * 4L, ORDER);
            FloatVector first = FloatVector.fromMemorySegment(FLOATS, ALL, m + i * 4L, ORDER)
                    .mul(b1)
                    .add(slope.mul(rest1));
            FloatVector second = FloatVector.fromMemorySegment(FLOATS, ALL, v + i * 4L, ORDER)
                    .mul(b2)
                    .add(slope.mul(slope).mul(rest2));
            first.intoMemorySegment(ALL, m + i * 4L, ORDER);
            second.intoMemorySegment(ALL, v + i * 4L, ORDER);
            FloatVector scale = second.div(FloatVector.broadcast(FLOATS, correction2))
                    .sqrt()
                    .add(epsilon);
            FloatVector.fromMemorySegment(FLOATS, ALL, p + i * 4L, ORDER)
                    .sub(first.div(FloatVector.broadcast(FLOATS, correction1))
                            .div(scale)
                            .mul(rate))
                    .intoMemorySegment(ALL, p + i * 4L, ORDER);
        }
        for (; i < n; i++) {
            long at = i * 4L;
            float slope = get(g + at);
            float first = get(m + at) * b1 + slope * rest1;
            float second = get(v + at) * b2 + slope * slope * rest2;
            set(m + at, first);
            set(v + at, second);
            float scale = (float) Math.sqrt(second / correction2) + epsilon;
            set(p + at, get(p + at) - first / correction1 / scale * rate);
        }
    }
}
