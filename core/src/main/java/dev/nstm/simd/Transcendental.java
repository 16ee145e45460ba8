package dev.nstm.simd;

import static dev.nstm.simd.Simd.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponential from additions, multiplications and fused multiply-adds alone, so that interpreter, compilers and
 * platforms agree to the bit.
 */
final class Transcendental {
    static final float LOG2_E = 1.44269504f;
    /** Adding 1.5 * 2^23 rounds to an integer and leaves it in the low mantissa bits. */
    static final float ROUNDER = 12582912f;

    private static final int SIGN = 0x80000000;
    private static final int LARGEST = Float.floatToRawIntBits(126f);

    private Transcendental() {}

    /**
     * 2^x within 2 units in the last place for |x| up to 126; arguments beyond count as 126 or -126. The fraction's
     * polynomial has degree 6 and a relative error of 2e-9 on [-1/2, 1/2] before rounding. The range is clamped on the
     * bits, which costs half of what comparing floats does.
     */
    static FloatVector exp2(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        FloatVector clamped = bits.lanewise(VectorOperators.AND, ~SIGN)
                .min(LARGEST)
                .lanewise(VectorOperators.OR, bits.lanewise(VectorOperators.AND, SIGN))
                .reinterpretAsFloats();
        FloatVector rounded = clamped.add(ROUNDER);
        FloatVector fraction = clamped.sub(rounded.sub(ROUNDER));
        FloatVector p = fraction.fma(
                FloatVector.broadcast(FLOATS, 1.53533620e-4f), FloatVector.broadcast(FLOATS, 1.33988746e-3f));
        p = p.fma(fraction, FloatVector.broadcast(FLOATS, 9.61843736e-3f));
        p = p.fma(fraction, FloatVector.broadcast(FLOATS, 5.55033247e-2f));
        p = p.fma(fraction, FloatVector.broadcast(FLOATS, 2.40226479e-1f));
        p = p.fma(fraction, FloatVector.broadcast(FLOATS, 6.93147203e-1f));
        p = p.fma(fraction, FloatVector.broadcast(FLOATS, 1f));
        return p.reinterpretAsInts()
                .add(rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
    }
}
