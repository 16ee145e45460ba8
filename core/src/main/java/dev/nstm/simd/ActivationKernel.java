package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Simd.FLOATS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Bias and activation of a layer, in place on rows of pre-activations, with the derivative where the backward pass
 * wants it. With z the pre-activation plus bias:
 * <pre>
 * gelu(z) = z s,  s = 1/(1 + exp(-2u)),  u = sqrt(2/pi) (z + 0.044715 z^3)   (the tanh approximation)
 * gelu'(z) = s + 2 z s (1-s) u'
 * elu(z) = z for z &gt; 0, exp(z) - 1 otherwise
 * </pre>
 */
public final class ActivationKernel {
    private static final float ROOT = (float) Math.sqrt(2 / Math.PI);
    private static final float CUBIC = 0.044715f;
    private static final int LANES = Simd.LANES;

    private ActivationKernel() {}

    /** z[p][j] = gelu(z[p][j] + bias[j]). */
    public static void gelu(MemorySegment z, MemorySegment bias, long biasOffset, int points, int width) {
        long rows = Memory.address(z, 0, (long) points * width);
        long b = Memory.address(bias, biasOffset, width);
        for (int p = 0; p < points; p++) {
            for (int j = 0; j < width; j += LANES) {
                long at = rows + ((long) p * width + j) * 4;
                FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER).add(FloatVector.fromMemorySegment(FLOATS, ALL, b + j * 4L, ORDER));
                x.mul(FloatVector.broadcast(FLOATS, 1f).div(geluPower(x).add(1f))).intoMemorySegment(ALL, at, ORDER);
            }
        }
    }

    /** z = gelu(z + bias) and derivative = gelu'(z + bias). */
    public static void geluWithDerivative(MemorySegment z, MemorySegment bias, long biasOffset, MemorySegment derivative, int points, int width) {
        long rows = Memory.address(z, 0, (long) points * width);
        long slopes = Memory.address(derivative, 0, (long) points * width);
        long b = Memory.address(bias, biasOffset, width);
        for (int p = 0; p < points; p++) {
            for (int j = 0; j < width; j += LANES) {
                long at = ((long) p * width + j) * 4;
                FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, rows + at, ORDER).add(FloatVector.fromMemorySegment(FLOATS, ALL, b + j * 4L, ORDER));
                FloatVector power = geluPower(x);
                FloatVector gate = FloatVector.broadcast(FLOATS, 1f).div(power.add(1f));
                FloatVector value = x.mul(gate);
                FloatVector slope = x.mul(x).fma(FloatVector.broadcast(FLOATS, 6 * CUBIC * ROOT), FloatVector.broadcast(FLOATS, 2 * ROOT));
                value.intoMemorySegment(ALL, rows + at, ORDER);
                value.mul(slope).fma(power.mul(gate), gate).intoMemorySegment(ALL, slopes + at, ORDER);
            }
        }
    }

    /** exp(-2u); the gate s is 1 / (1 + it), and 1 - s is it times s, which loses no digits where s is near 1. */
    private static FloatVector geluPower(FloatVector x) {
        FloatVector minusTwoU = x.mul(x).fma(FloatVector.broadcast(FLOATS, -2 * CUBIC * ROOT), FloatVector.broadcast(FLOATS, -2 * ROOT)).mul(x);
        return Transcendental.exp(minusTwoU);
    }

    /** z[p][j] = elu(z[p][j] + bias[j]). */
    public static void elu(MemorySegment z, MemorySegment bias, long biasOffset, int points, int width) {
        long rows = Memory.address(z, 0, (long) points * width);
        long b = Memory.address(bias, biasOffset, width);
        for (int p = 0; p < points; p++) {
            for (int j = 0; j < width; j += LANES) {
                long at = rows + ((long) p * width + j) * 4;
                FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER).add(FloatVector.fromMemorySegment(FLOATS, ALL, b + j * 4L, ORDER));
                VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
                Transcendental.exp(x).sub(1f).blend(x, positive).intoMemorySegment(ALL, at, ORDER);
            }
        }
    }

    /** z = elu(z + bias) and derivative = elu'(z + bias). */
    public static void eluWithDerivative(MemorySegment z, MemorySegment bias, long biasOffset, MemorySegment derivative, int points, int width) {
        long rows = Memory.address(z, 0, (long) points * width);
        long slopes = Memory.address(derivative, 0, (long) points * width);
        long b = Memory.address(bias, biasOffset, width);
        for (int p = 0; p < points; p++) {
            for (int j = 0; j < width; j += LANES) {
                long at = ((long) p * width + j) * 4;
                FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, rows + at, ORDER).add(FloatVector.fromMemorySegment(FLOATS, ALL, b + j * 4L, ORDER));
                VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
                FloatVector power = Transcendental.exp(x);
                power.sub(1f).blend(x, positive).intoMemorySegment(ALL, rows + at, ORDER);
                power.blend(1f, positive).intoMemorySegment(ALL, slopes + at, ORDER);
            }
        }
    }
}
