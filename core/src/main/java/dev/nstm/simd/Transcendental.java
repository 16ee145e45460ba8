package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Simd.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponential from additions, multiplications and fused multiply-adds alone, so that interpreter, compilers and
 * platforms agree to the bit. Range reduction after Cody and Waite; the polynomial is the Taylor series, long enough for
 * the reduced range.
 */
final class Transcendental {
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    /** Adding 1.5 * 2^23 rounds to an integer and leaves it in the low mantissa bits. */
    static final float ROUNDER = 12582912f;

    private Transcendental() {}

    /**
     * x[i] = e^x[i] in place for n values from an address, n a multiple of the vector length; within 2 units in the last
     * place for -87 <= x <= 88, arguments beyond are clamped there. Works through memory, so that no vector is passed on.
     */
    static void exp(long x, int n) {
        for (long at = x; at < x + n * 4L; at += Simd.VECTOR_BYTES) {
            FloatVector argument = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER).min(88f).max(-87f);
            FloatVector rounded = argument.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUNDER));
            FloatVector power = rounded.sub(ROUNDER);
            FloatVector r = power.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), power.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), argument));
            FloatVector p = r.fma(FloatVector.broadcast(FLOATS, 1f / 5040), FloatVector.broadcast(FLOATS, 1f / 720));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 120));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 24));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f / 6));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 0.5f));
            p = p.fma(r.mul(r), r).add(1f);
            IntVector exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            p.reinterpretAsInts().add(exponent).reinterpretAsFloats().intoMemorySegment(ALL, at, ORDER);
        }
    }
}
