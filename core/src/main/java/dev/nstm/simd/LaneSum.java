package dev.nstm.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Sum of a vector's lanes by halves, in one fixed order. The Vector API's own reduction may add in another order in
 * interpreted than in compiled code, which would make results depend on when a method is compiled.
 */
final class LaneSum {
    private static final VectorShuffle<Float> BY_8 = exchange(8);
    private static final VectorShuffle<Float> BY_4 = exchange(4);
    private static final VectorShuffle<Float> BY_2 = exchange(2);
    private static final VectorShuffle<Float> BY_1 = exchange(1);

    private LaneSum() {}

    private static VectorShuffle<Float> exchange(int distance) {
        return VectorShuffle.fromOp(Simd.FLOATS, lane -> (lane ^ distance) % Simd.LANES);
    }

    static float of(FloatVector vector) {
        FloatVector sum = vector;
        if (Simd.LANES >= 16) sum = sum.add(sum.rearrange(BY_8));
        if (Simd.LANES >= 8) sum = sum.add(sum.rearrange(BY_4));
        sum = sum.add(sum.rearrange(BY_2));
        return sum.add(sum.rearrange(BY_1)).lane(0);
    }
}
