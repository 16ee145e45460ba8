package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Memory.get;
import static dev.nstm.simd.Simd.FLOATS;

import dev.nstm.tensor.TensorArena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Sums over ranges, accumulated in double precision in blocks of fixed length, so the result depends on the data alone.
 */
public final class ReductionKernel {
    private static final int LANES = Simd.LANES;
    /** Elements summed in single precision before they join the double sum. */
    private static final int BLOCK = 32 * TensorArena.ROW_MULTIPLE;

    private ReductionKernel() {}

    /** Sum of x[i]^2. */
    public static double sumOfSquares(MemorySegment x, long offset, int n) {
        return dot(x, offset, x, offset, n);
    }

    /** Sum of x[i] y[i]. */
    public static double dot(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        long left = Memory.address(x, xOffset, n);
        long right = Memory.address(y, yOffset, n);
        double total = 0;
        int i = 0;
        while (i + LANES <= n) {
            int end = Math.min(n - LANES, i + BLOCK - LANES);
            FloatVector sum = FloatVector.zero(FLOATS);
            for (; i <= end; i += LANES)
                sum = FloatVector.fromMemorySegment(FLOATS, ALL, left + i * 4L, ORDER)
                        .fma(FloatVector.fromMemorySegment(FLOATS, ALL, right + i * 4L, ORDER), sum);
            total += LaneSum.of(sum);
        }
        for (; i < n; i++) total += (double) get(left + i * 4L) * get(right + i * 4L);
        return total;
    }

    /** Sum of max(-x[i], 0). */
    public static double negativeSum(MemorySegment x, long offset, int n) {
        long from = Memory.address(x, offset, n);
        double total = 0;
        int i = 0;
        while (i + LANES <= n) {
            int end = Math.min(n - LANES, i + BLOCK - LANES);
            FloatVector sum = FloatVector.zero(FLOATS);
            for (; i <= end; i += LANES)
                sum = sum.sub(FloatVector.fromMemorySegment(FLOATS, ALL, from + i * 4L, ORDER)
                        .min(0f));
            total += LaneSum.of(sum);
        }
        for (; i < n; i++) total -= Math.min(get(from + i * 4L), 0f);
        return total;
    }
}
