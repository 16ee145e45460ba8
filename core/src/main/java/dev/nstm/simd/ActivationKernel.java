package dev.nstm.simd;

import static dev.nstm.simd.Memory.broadcast;
import static dev.nstm.simd.Memory.load;
import static dev.nstm.simd.Memory.store;

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
        for (int j = 0; j < width; j += LANES) {
            FloatVector shift = load(b + j * 4L);
            for (int p = 0; p < points; p++) {
                long at = rows + ((long) p * width + j) * 4;
                FloatVector x = load(at).add(shift);
                store(x.mul(geluGate(x)), at);
            }
        }
    }

    /** z = gelu(z + bias) and derivative = gelu'(z + bias). */
    public static void geluWithDerivative(MemorySegment z, MemorySegment bias, long biasOffset, MemorySegment derivative, int points, int width) {
        long rows = Memory.address(z, 0, (long) points * width);
        long slopes = Memory.address(derivative, 0, (long) points * width);
        long b = Memory.address(bias, biasOffset, width);
        for (int j = 0; j < width; j += LANES) {
            FloatVector shift = load(b + j * 4L);
            for (int p = 0; p < points; p++) {
                long at = ((long) p * width + j) * 4;
                FloatVector x = load(rows + at).add(shift);
                FloatVector gate = geluGate(x);
                FloatVector value = x.mul(gate);
                FloatVector slope = x.mul(x).fma(broadcast(6 * CUBIC * ROOT), broadcast(2 * ROOT));
                store(value, rows + at);
                store(value.mul(slope).fma(broadcast(1f).sub(gate), gate), slopes + at);
            }
        }
    }

    private static FloatVector geluGate(FloatVector x) {
        FloatVector minusTwoU = x.mul(x).fma(broadcast(-2 * CUBIC * ROOT), broadcast(-2 * ROOT)).mul(x);
        return broadcast(1f).div(Transcendental.exp(minusTwoU).add(1f));
    }

    /** z[p][j] = elu(z[p][j] + bias[j]). */
    public static void elu(MemorySegment z, MemorySegment bias, long biasOffset, int points, int width) {
        long rows = Memory.address(z, 0, (long) points * width);
        long b = Memory.address(bias, biasOffset, width);
        for (int j = 0; j < width; j += LANES) {
            FloatVector shift = load(b + j * 4L);
            for (int p = 0; p < points; p++) {
                long at = rows + ((long) p * width + j) * 4;
                FloatVector x = load(at).add(shift);
                VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
                store(Transcendental.exp(x).sub(1f).blend(x, positive), at);
            }
        }
    }

    /** z = elu(z + bias) and derivative = elu'(z + bias). */
    public static void eluWithDerivative(MemorySegment z, MemorySegment bias, long biasOffset, MemorySegment derivative, int points, int width) {
        long rows = Memory.address(z, 0, (long) points * width);
        long slopes = Memory.address(derivative, 0, (long) points * width);
        long b = Memory.address(bias, biasOffset, width);
        for (int j = 0; j < width; j += LANES) {
            FloatVector shift = load(b + j * 4L);
            for (int p = 0; p < points; p++) {
                long at = ((long) p * width + j) * 4;
                FloatVector x = load(rows + at).add(shift);
                VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
                FloatVector power = Transcendental.exp(x);
                store(power.sub(1f).blend(x, positive), rows + at);
                store(power.blend(1f, positive), slopes + at);
            }
        }
    }
}
