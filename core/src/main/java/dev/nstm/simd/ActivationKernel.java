package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Simd.FLOATS;

import dev.nstm.tensor.TensorArena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Activations of a layer and their derivatives, element by element:
 *
 * <pre>
 * gelu(z) = z g,  g = 1/(1 + e),  e = exp(-2u),  u = sqrt(2/pi) (z + 0.044715 z^3)   (the tanh approximation)
 * gelu'(z) = g + 2 z g (e g) u'    (e g is 1 - g, without losing its digits where g is near 1)
 * elu(z) = max(z, 0) + exp(min(z, 0)) - 1
 * </pre>
 *
 * Offsets and counts are in values; counts are multiples of {@link TensorArena#ROW_MULTIPLE}. Pre-activations may lie
 * in the memory of the values.
 */
public final class ActivationKernel {
    private static final float ROOT = (float) Math.sqrt(2 / Math.PI);
    private static final float CUBIC = 0.044715f;
    /** -2u in units of ln 2 is z (LINEAR_2 + CUBIC_2 z^2). */
    private static final float LINEAR_2 = (float) (-2 * Math.sqrt(2 / Math.PI) / Math.log(2));

    private static final float CUBIC_2 = (float) (-2 * 0.044715 * Math.sqrt(2 / Math.PI) / Math.log(2));
    private static final int LANES = Simd.LANES;

    private ActivationKernel() {}

    /** value = gelu(z). */
    public static void gelu(MemorySegment z, long zOffset, MemorySegment value, int n) {
        long from = Memory.address(z, zOffset, n);
        long to = Memory.address(value, 0, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, from + i * 4L, ORDER);
            FloatVector power = x.mul(x)
                    .fma(FloatVector.broadcast(FLOATS, CUBIC_2), FloatVector.broadcast(FLOATS, LINEAR_2))
                    .mul(x);
            FloatVector e = Transcendental.exp2(power);
            x.mul(FloatVector.broadcast(FLOATS, 1f).div(e.add(1f))).intoMemorySegment(ALL, to + i * 4L, ORDER);
        }
    }

    /** value = gelu(z) and slope = gelu'(z). */
    public static void geluWithSlope(MemorySegment z, long zOffset, MemorySegment value, MemorySegment slope, int n) {
        long from = Memory.address(z, zOffset, n);
        long to = Memory.address(value, 0, n);
        long slopes = Memory.address(slope, 0, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, from + i * 4L, ORDER);
            FloatVector square = x.mul(x);
            FloatVector power = square.fma(
                            FloatVector.broadcast(FLOATS, CUBIC_2), FloatVector.broadcast(FLOATS, LINEAR_2))
                    .mul(x);
            FloatVector e = Transcendental.exp2(power);
            FloatVector gate = FloatVector.broadcast(FLOATS, 1f).div(e.add(1f));
            FloatVector gelu = x.mul(gate);
            FloatVector twiceSlope = square.fma(
                    FloatVector.broadcast(FLOATS, 6 * CUBIC * ROOT), FloatVector.broadcast(FLOATS, 2 * ROOT));
            gelu.intoMemorySegment(ALL, to + i * 4L, ORDER);
            gelu.mul(twiceSlope).fma(e.mul(gate), gate).intoMemorySegment(ALL, slopes + i * 4L, ORDER);
        }
    }

    /** value = elu(z) and slope = elu'(z). */
    public static void elu(MemorySegment z, long zOffset, MemorySegment value, MemorySegment slope, int n) {
        long from = Memory.address(z, zOffset, n);
        long to = Memory.address(value, 0, n);
        long slopes = Memory.address(slope, 0, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, from + i * 4L, ORDER);
            IntVector bits = x.reinterpretAsInts();
            FloatVector negative = bits.lanewise(VectorOperators.AND, bits.lanewise(VectorOperators.ASHR, 31))
                    .reinterpretAsFloats();
            FloatVector e = Transcendental.exp2(negative.mul(Transcendental.LOG2_E));
            x.sub(negative).add(e.sub(1f)).intoMemorySegment(ALL, to + i * 4L, ORDER);
            e.intoMemorySegment(ALL, slopes + i * 4L, ORDER);
        }
    }
}
