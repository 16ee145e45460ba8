package dev.nstm.simd;

import static dev.nstm.simd.Simd.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * exp and sin from additions, multiplications and fused multiply-adds alone, so that interpreter, compilers and
 * platforms agree to the bit. Range reduction after Cody and Waite; polynomials are the Taylor series, long enough for
 * the reduced range.
 */
final class Transcendental {
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    /** Adding 1.5 * 2^23 rounds to an integer and leaves it in the low mantissa bits. */
    private static final float ROUNDER = 12582912f;
    private static final float PI_HIGH = 3.140625f;
    private static final float PI_MIDDLE = 9.67502593994140625e-4f;
    private static final float PI_LOW = 1.5099580252808664e-7f;

    private Transcendental() {}

    /** e^x, within 2 units in the last place for -87 &lt;= x &lt;= 88; arguments beyond are clamped there. */
    static FloatVector exp(FloatVector argument) {
        FloatVector x = argument.min(88f).max(-87f);
        FloatVector rounded = x.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUNDER));
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), n.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), x));
        FloatVector p = r.fma(FloatVector.broadcast(FLOATS, 1f / 5040), FloatVector.broadcast(FLOATS, 1f / 720));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 120));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 24));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 6));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.5f));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }

    /** sin(x), absolute error below 2e-7 for |x| &lt; 10000. */
    static FloatVector sin(FloatVector x) {
        FloatVector rounded = x.fma(FloatVector.broadcast(FLOATS, (float) (1 / Math.PI)), FloatVector.broadcast(FLOATS, ROUNDER));
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -PI_LOW), n.fma(FloatVector.broadcast(FLOATS, -PI_MIDDLE), n.fma(FloatVector.broadcast(FLOATS, -PI_HIGH), x)));
        FloatVector q = r.mul(r);
        FloatVector p = q.fma(FloatVector.broadcast(FLOATS, -1f / 39916800), FloatVector.broadcast(FLOATS, 1f / 362880));
        p = p.fma(q, FloatVector.broadcast(FLOATS, -1f / 5040));
        p = p.fma(q, FloatVector.broadcast(FLOATS, 1f / 120));
        p = p.fma(q, FloatVector.broadcast(FLOATS, -1f / 6));
        p = p.mul(q).fma(r, r);
        IntVector sign = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 31);
        return p.reinterpretAsInts().lanewise(VectorOperators.XOR, sign).reinterpretAsFloats();
    }
}
