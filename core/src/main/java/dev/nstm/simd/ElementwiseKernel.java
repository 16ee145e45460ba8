package dev.nstm.simd;

import static dev.nstm.simd.Memory.broadcast;
import static dev.nstm.simd.Memory.get;
import static dev.nstm.simd.Memory.load;
import static dev.nstm.simd.Memory.set;
import static dev.nstm.simd.Memory.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Element by element operations on ranges of any length; the last few elements are done one at a time. */
public final class ElementwiseKernel {
    private static final int LANES = Simd.LANES;

    private ElementwiseKernel() {}

    /** x[i] = value. */
    public static void fill(MemorySegment x, long offset, float value, int n) {
        long to = Memory.address(x, offset, n);
        FloatVector constant = broadcast(value);
        int i = 0;
        for (; i + LANES <= n; i += LANES) store(constant, to + i * 4L);
        for (; i < n; i++) set(to + i * 4L, value);
    }

    /** y[i] += a x[i]. */
    public static void axpy(float a, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        long from = Memory.address(x, xOffset, n);
        long to = Memory.address(y, yOffset, n);
        FloatVector factor = broadcast(a);
        int i = 0;
        for (; i + LANES <= n; i += LANES) store(load(from + i * 4L).fma(factor, load(to + i * 4L)), to + i * 4L);
        for (; i < n; i++) set(to + i * 4L, Math.fma(get(from + i * 4L), a, get(to + i * 4L)));
    }

    /** z[i] = a x[i] + y[i]. */
    public static void scaleAdd(float a, MemorySegment x, long xOffset, MemorySegment y, long yOffset, MemorySegment z, long zOffset, int n) {
        long left = Memory.address(x, xOffset, n);
        long right = Memory.address(y, yOffset, n);
        long to = Memory.address(z, zOffset, n);
        FloatVector factor = broadcast(a);
        int i = 0;
        for (; i + LANES <= n; i += LANES) store(load(left + i * 4L).fma(factor, load(right + i * 4L)), to + i * 4L);
        for (; i < n; i++) set(to + i * 4L, Math.fma(get(left + i * 4L), a, get(right + i * 4L)));
    }

    /** y[i] *= x[i]. */
    public static void multiply(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        long from = Memory.address(x, xOffset, n);
        long to = Memory.address(y, yOffset, n);
        int i = 0;
        for (; i + LANES <= n; i += LANES) store(load(from + i * 4L).mul(load(to + i * 4L)), to + i * 4L);
        for (; i < n; i++) set(to + i * 4L, get(from + i * 4L) * get(to + i * 4L));
    }

    /** x[i] *= a. */
    public static void scale(float a, MemorySegment x, long xOffset, int n) {
        long at = Memory.address(x, xOffset, n);
        FloatVector factor = broadcast(a);
        int i = 0;
        for (; i + LANES <= n; i += LANES) store(load(at + i * 4L).mul(factor), at + i * 4L);
        for (; i < n; i++) set(at + i * 4L, get(at + i * 4L) * a);
    }

    /** z[i] = x[i] - y[i]. */
    public static void subtract(MemorySegment x, long xOffset, MemorySegment y, long yOffset, MemorySegment z, long zOffset, int n) {
        long left = Memory.address(x, xOffset, n);
        long right = Memory.address(y, yOffset, n);
        long to = Memory.address(z, zOffset, n);
        int i = 0;
        for (; i + LANES <= n; i += LANES) store(load(left + i * 4L).sub(load(right + i * 4L)), to + i * 4L);
        for (; i < n; i++) set(to + i * 4L, get(left + i * 4L) - get(right + i * 4L));
    }

    /** y[i] = min(x[i], 0). */
    public static void negativePart(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        long from = Memory.address(x, xOffset, n);
        long to = Memory.address(y, yOffset, n);
        int i = 0;
        for (; i + LANES <= n; i += LANES) store(load(from + i * 4L).min(0f), to + i * 4L);
        for (; i < n; i++) set(to + i * 4L, Math.min(get(from + i * 4L), 0f));
    }

    /** y[i] = sin(a x[i] + b). */
    public static void sine(float a, float b, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        long from = Memory.address(x, xOffset, n);
        long to = Memory.address(y, yOffset, n);
        FloatVector factor = broadcast(a);
        FloatVector phase = broadcast(b);
        for (int i = 0; i < n; i += LANES) {
            int valid = Math.min(LANES, n - i);
            if (valid == LANES) {
                store(Transcendental.sin(load(from + i * 4L).mul(factor).add(phase)), to + i * 4L);
            } else {
                FloatVector tail = broadcast(0f);
                for (int lane = 0; lane < valid; lane++) tail = tail.withLane(lane, get(from + (i + lane) * 4L));
                tail = Transcendental.sin(tail.mul(factor).add(phase));
                for (int lane = 0; lane < valid; lane++) set(to + (i + lane) * 4L, tail.lane(lane));
            }
        }
    }
}
