package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Simd.FLOATS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Bias and activation of a layer, in place on rows of pre-activations, with the derivative beside it. With z the
 * pre-activation plus bias:
 * <pre>
 * gelu(z) = z s,  s = 1/(1 + e),  e = exp(-2u),  u = sqrt(2/pi) (z + 0.044715 z^3)   (the tanh approximation)
 * gelu'(z) = s + 2 z s (e s) u'    (e s is 1 - s, without losing its digits where s is near 1)
 * elu(z) = z for z &gt; 0, exp(z) - 1 otherwise
 * </pre>
 * Rows are worked on one at a time, so that the steps in between stay in the first-level cache.
 */
public final class ActivationKernel {
    private static final float ROOT = (float) Math.sqrt(2 / Math.PI);
    private static final float CUBIC = 0.044715f;
    private static final int LANES = Simd.LANES;

    private ActivationKernel() {}

    /**
     * z = gelu(z + bias), and slope = gelu'(z + bias) if {@code wantSlope}; else slope is scratch memory.
     *
     * @param width length of a row, a multiple of {@link Simd#ROW_MULTIPLE}
     */
    public static void gelu(MemorySegment z, MemorySegment bias, long biasOffset, MemorySegment slope, int points, int width, boolean wantSlope) {
        long rows = Memory.address(z, 0, (long) points * width);
        long slopes = Memory.address(slope, 0, (long) points * width);
        long shift = Memory.address(bias, biasOffset, width);
        for (int p = 0; p < points; p++) {
            long at = (long) p * width * 4;
            geluArgument(rows + at, shift, slopes + at, width);
            Transcendental.exp(slopes + at, width);
            if (wantSlope) geluWithSlope(rows + at, slopes + at, width);
            else geluOnly(rows + at, slopes + at, width);
        }
    }

    /** z += bias; argument = -2u. */
    private static void geluArgument(long z, long bias, long argument, int width) {
        for (int j = 0; j < width; j += LANES) {
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, z + j * 4L, ORDER).add(FloatVector.fromMemorySegment(FLOATS, ALL, bias + j * 4L, ORDER));
            FloatVector u = x.mul(x).fma(FloatVector.broadcast(FLOATS, -2 * CUBIC * ROOT), FloatVector.broadcast(FLOATS, -2 * ROOT)).mul(x);
            x.intoMemorySegment(ALL, z + j * 4L, ORDER);
            u.intoMemorySegment(ALL, argument + j * 4L, ORDER);
        }
    }

    private static void geluOnly(long z, long power, int width) {
        for (int j = 0; j < width; j += LANES) {
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, z + j * 4L, ORDER);
            FloatVector e = FloatVector.fromMemorySegment(FLOATS, ALL, power + j * 4L, ORDER);
            x.mul(FloatVector.broadcast(FLOATS, 1f).div(e.add(1f))).intoMemorySegment(ALL, z + j * 4L, ORDER);
        }
    }

    private static void geluWithSlope(long z, long power, int width) {
        for (int j = 0; j < width; j += LANES) {
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, z + j * 4L, ORDER);
            FloatVector e = FloatVector.fromMemorySegment(FLOATS, ALL, power + j * 4L, ORDER);
            FloatVector gate = FloatVector.broadcast(FLOATS, 1f).div(e.add(1f));
            FloatVector value = x.mul(gate);
            FloatVector twiceSlope = x.mul(x).fma(FloatVector.broadcast(FLOATS, 6 * CUBIC * ROOT), FloatVector.broadcast(FLOATS, 2 * ROOT));
            value.intoMemorySegment(ALL, z + j * 4L, ORDER);
            value.mul(twiceSlope).fma(e.mul(gate), gate).intoMemorySegment(ALL, power + j * 4L, ORDER);
        }
    }

    /** z = elu(z + bias) and slope = elu'(z + bias); arguments and sizes as for {@link #gelu}. */
    public static void elu(MemorySegment z, MemorySegment bias, long biasOffset, MemorySegment slope, int points, int width) {
        long rows = Memory.address(z, 0, (long) points * width);
        long slopes = Memory.address(slope, 0, (long) points * width);
        long shift = Memory.address(bias, biasOffset, width);
        for (int p = 0; p < points; p++) {
            long at = (long) p * width * 4;
            eluArgument(rows + at, shift, slopes + at, width);
            Transcendental.exp(slopes + at, width);
            eluValue(rows + at, slopes + at, width);
        }
    }

    private static void eluArgument(long z, long bias, long argument, int width) {
        for (int j = 0; j < width; j += LANES) {
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, z + j * 4L, ORDER).add(FloatVector.fromMemorySegment(FLOATS, ALL, bias + j * 4L, ORDER));
            x.intoMemorySegment(ALL, z + j * 4L, ORDER);
            x.intoMemorySegment(ALL, argument + j * 4L, ORDER);
        }
    }

    private static void eluValue(long z, long power, int width) {
        for (int j = 0; j < width; j += LANES) {
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, z + j * 4L, ORDER);
            FloatVector e = FloatVector.fromMemorySegment(FLOATS, ALL, power + j * 4L, ORDER);
            VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
            e.sub(1f).blend(x, positive).intoMemorySegment(ALL, z + j * 4L, ORDER);
            e.blend(1f, positive).intoMemorySegment(ALL, power + j * 4L, ORDER);
        }
    }
}
