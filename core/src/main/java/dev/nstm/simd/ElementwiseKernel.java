package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Memory.get;
import static dev.nstm.simd.Memory.set;
import static dev.nstm.simd.Simd.FLOATS;

import dev.nstm.tensor.TensorArena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Element by element operations on ranges of any length; the last few elements are done one at a time. */
public final class ElementwiseKernel {
    private static final int LANES = Simd.LANES;
    private static final float PI_HIGH = 3.140625f;
    private static final float PI_MIDDLE = 9.67502593994140625e-4f;
    private static final float PI_LOW = 1.5099580252808664e-7f;

    private ElementwiseKernel() {}

    /** x[i] = value. */
    public static void fill(MemorySegment x, long offset, float value, int n) {
        long to = Memory.address(x, offset, n);
        FloatVector constant = FloatVector.broadcast(FLOATS, value);
        int i = 0;
        for (; i + LANES <= n; i += LANES) constant.intoMemorySegment(ALL, to + i * 4L, ORDER);
        for (; i < n; i++) set(to + i * 4L, value);
    }

    /** y[i] += a x[i]. */
    public static void axpy(float a, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        long from = Memory.address(x, xOffset, n);
        long to = Memory.address(y, yOffset, n);
        FloatVector factor = FloatVector.broadcast(FLOATS, a);
        int i = 0;
        for (; i + LANES <= n; i += LANES)
            FloatVector.fromMemorySegment(FLOATS, ALL, from + i * 4L, ORDER)
                    .fma(factor, FloatVector.fromMemorySegment(FLOATS, ALL, to + i * 4L, ORDER))
                    .intoMemorySegment(ALL, to + i * 4L, ORDER);
        for (; i < n; i++) set(to + i * 4L, Math.fma(get(from + i * 4L), a, get(to + i * 4L)));
    }

    /** z[i] = a x[i] + y[i]. */
    public static void scaleAdd(
            float a,
            MemorySegment x,
            long xOffset,
            MemorySegment y,
            long yOffset,
            MemorySegment z,
            long zOffset,
            int n) {
        long left = Memory.address(x, xOffset, n);
        long right = Memory.address(y, yOffset, n);
        long to = Memory.address(z, zOffset, n);
        FloatVector factor = FloatVector.broadcast(FLOATS, a);
        int i = 0;
        for (; i + LANES <= n; i += LANES)
            FloatVector.fromMemorySegment(FLOATS, ALL, left + i * 4L, ORDER)
                    .fma(factor, FloatVector.fromMemorySegment(FLOATS, ALL, right + i * 4L, ORDER))
                    .intoMemorySegment(ALL, to + i * 4L, ORDER);
        for (; i < n; i++) set(to + i * 4L, Math.fma(get(left + i * 4L), a, get(right + i * 4L)));
    }

    /** y[i] *= x[i]. */
    public static void multiply(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        long from = Memory.address(x, xOffset, n);
        long to = Memory.address(y, yOffset, n);
        int i = 0;
        for (; i + LANES <= n; i += LANES)
            FloatVector.fromMemorySegment(FLOATS, ALL, from + i * 4L, ORDER)
                    .mul(FloatVector.fromMemorySegment(FLOATS, ALL, to + i * 4L, ORDER))
                    .intoMemorySegment(ALL, to + i * 4L, ORDER);
        for (; i < n; i++) set(to + i * 4L, get(from + i * 4L) * get(to + i * 4L));
    }

    /** z[i] = a x[i] y[i], or z[i] += a x[i] y[i]. */
    public static void product(
            float a,
            MemorySegment x,
            long xOffset,
            MemorySegment y,
            long yOffset,
            MemorySegment z,
            long zOffset,
            int n,
            boolean add) {
        long left = Memory.address(x, xOffset, n);
        long right = Memory.address(y, yOffset, n);
        long to = Memory.address(z, zOffset, n);
        FloatVector factor = FloatVector.broadcast(FLOATS, a);
        FloatVector zero = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector scaled = FloatVector.fromMemorySegment(FLOATS, ALL, left + i * 4L, ORDER)
                    .mul(factor);
            FloatVector before = add ? FloatVector.fromMemorySegment(FLOATS, ALL, to + i * 4L, ORDER) : zero;
            scaled.fma(FloatVector.fromMemorySegment(FLOATS, ALL, right + i * 4L, ORDER), before)
                    .intoMemorySegment(ALL, to + i * 4L, ORDER);
        }
        for (; i < n; i++)
            set(to + i * 4L, Math.fma(get(left + i * 4L) * a, get(right + i * 4L), add ? get(to + i * 4L) : 0f));
    }

    /** y[i] += a where x[i] &lt; 0. */
    public static void addWhereNegative(float a, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        long from = Memory.address(x, xOffset, n);
        long to = Memory.address(y, yOffset, n);
        FloatVector constant = FloatVector.broadcast(FLOATS, a);
        FloatVector zero = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector step = zero.blend(
                    constant,
                    FloatVector.fromMemorySegment(FLOATS, ALL, from + i * 4L, ORDER)
                            .lt(zero));
            FloatVector.fromMemorySegment(FLOATS, ALL, to + i * 4L, ORDER)
                    .add(step)
                    .intoMemorySegment(ALL, to + i * 4L, ORDER);
        }
        for (; i < n; i++) if (get(from + i * 4L) < 0) set(to + i * 4L, get(to + i * 4L) + a);
    }

    /** x[i] *= a. */
    public static void scale(float a, MemorySegment x, long xOffset, int n) {
        long at = Memory.address(x, xOffset, n);
        FloatVector factor = FloatVector.broadcast(FLOATS, a);
        int i = 0;
        for (; i + LANES <= n; i += LANES)
            FloatVector.fromMemorySegment(FLOATS, ALL, at + i * 4L, ORDER)
                    .mul(factor)
                    .intoMemorySegment(ALL, at + i * 4L, ORDER);
        for (; i < n; i++) set(at + i * 4L, get(at + i * 4L) * a);
    }

    /** z[i] = x[i] - y[i]. */
    public static void subtract(
            MemorySegment x, long xOffset, MemorySegment y, long yOffset, MemorySegment z, long zOffset, int n) {
        long left = Memory.address(x, xOffset, n);
        long right = Memory.address(y, yOffset, n);
        long to = Memory.address(z, zOffset, n);
        int i = 0;
        for (; i + LANES <= n; i += LANES)
            FloatVector.fromMemorySegment(FLOATS, ALL, left + i * 4L, ORDER)
                    .sub(FloatVector.fromMemorySegment(FLOATS, ALL, right + i * 4L, ORDER))
                    .intoMemorySegment(ALL, to + i * 4L, ORDER);
        for (; i < n; i++) set(to + i * 4L, get(left + i * 4L) - get(right + i * 4L));
    }

    /** y[i] = min(x[i], 0). */
    public static void negativePart(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        long from = Memory.address(x, xOffset, n);
        long to = Memory.address(y, yOffset, n);
        int i = 0;
        for (; i + LANES <= n; i += LANES)
            FloatVector.fromMemorySegment(FLOATS, ALL, from + i * 4L, ORDER)
                    .min(0f)
                    .intoMemorySegment(ALL, to + i * 4L, ORDER);
        for (; i < n; i++) set(to + i * 4L, Math.min(get(from + i * 4L), 0f));
    }

    /**
     * y[i] = sin(a x[i] + b), absolute error below 2e-7 for arguments up to 10000. Range reduction after Cody and
     * Waite, then the Taylor series.
     *
     * @param n a multiple of {@link TensorArena#ROW_MULTIPLE}
     */
    public static void sine(float a, float b, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        if (n % TensorArena.ROW_MULTIPLE != 0)
            throw new IllegalArgumentException(
                    "the length must be padded to " + TensorArena.ROW_MULTIPLE + ", got " + n);
        long from = Memory.address(x, xOffset, n);
        long to = Memory.address(y, yOffset, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector argument = FloatVector.fromMemorySegment(FLOATS, ALL, from + i * 4L, ORDER)
                    .mul(a)
                    .add(b);
            FloatVector rounded = argument.fma(
                    FloatVector.broadcast(FLOATS, (float) (1 / Math.PI)),
                    FloatVector.broadcast(FLOATS, Transcendental.ROUNDER));
            FloatVector turns = rounded.sub(Transcendental.ROUNDER);
            FloatVector r = turns.fma(
                    FloatVector.broadcast(FLOATS, -PI_LOW),
                    turns.fma(
                            FloatVector.broadcast(FLOATS, -PI_MIDDLE),
                            turns.fma(FloatVector.broadcast(FLOATS, -PI_HIGH), argument)));
            FloatVector q = r.mul(r);
            FloatVector p =
                    q.fma(FloatVector.broadcast(FLOATS, -1f / 39916800), FloatVector.broadcast(FLOATS, 1f / 362880));
            p = p.fma(q, FloatVector.broadcast(FLOATS, -1f / 5040));
            p = p.fma(q, FloatVector.broadcast(FLOATS, 1f / 120));
            p = p.fma(q, FloatVector.broadcast(FLOATS, -1f / 6));
            p = p.mul(q).fma(r, r);
            IntVector sign = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 31);
            p.reinterpretAsInts()
                    .lanewise(VectorOperators.XOR, sign)
                    .reinterpretAsFloats()
                    .intoMemorySegment(ALL, to + i * 4L, ORDER);
        }
    }
}
