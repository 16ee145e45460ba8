package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Memory.get;
import static dev.nstm.simd.Memory.set;
import static dev.nstm.simd.Simd.FLOATS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Functions of every element and the products with their slopes, on ranges of any length. The exponential linear unit,
 * which every picture of a camera passes through, is vectorised; the others are computed one element at a time in
 * double precision.
 */
public final class FunctionKernel {
    private static final int LANES = Simd.LANES;

    private FunctionKernel() {}

    /** A function of one variable and its slope. */
    public interface Function {
        double value(double x);

        double slope(double x);
    }

    /** y[i] = max(x[i], 0) + exp(min(x[i], 0)) - 1. */
    public static void elu(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        long from = Memory.address(x, xOffset, n);
        long to = Memory.address(y, yOffset, n);
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector z = FloatVector.fromMemorySegment(FLOATS, ALL, from + i * 4L, ORDER);
            FloatVector e = Transcendental.exp2(z.min(0f).mul(Transcendental.LOG2_E));
            z.max(0f).add(e.sub(1f)).intoMemorySegment(ALL, to + i * 4L, ORDER);
        }
        for (; i < n; i++) {
            float z = get(from + i * 4L);
            set(to + i * 4L, Math.max(z, 0) + (float) Math.expm1(Math.min(z, 0)));
        }
    }

    /** z[i] += exp(min(x[i], 0)) g[i]. */
    public static void addEluSlope(
            MemorySegment x, long xOffset, MemorySegment g, long gOffset, MemorySegment z, long zOffset, int n) {
        long from = Memory.address(x, xOffset, n);
        long factor = Memory.address(g, gOffset, n);
        long to = Memory.address(z, zOffset, n);
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector e = Transcendental.exp2(FloatVector.fromMemorySegment(FLOATS, ALL, from + i * 4L, ORDER)
                    .min(0f)
                    .mul(Transcendental.LOG2_E));
            e.fma(
                            FloatVector.fromMemorySegment(FLOATS, ALL, factor + i * 4L, ORDER),
                            FloatVector.fromMemorySegment(FLOATS, ALL, to + i * 4L, ORDER))
                    .intoMemorySegment(ALL, to + i * 4L, ORDER);
        }
        for (; i < n; i++)
            set(
                    to + i * 4L,
                    Math.fma(
                            (float) Math.exp(Math.min(get(from + i * 4L), 0)), get(factor + i * 4L), get(to + i * 4L)));
    }

    /** y[i] = f(x[i]). */
    public static void apply(Function f, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
        long from = Memory.address(x, xOffset, n);
        long to = Memory.address(y, yOffset, n);
        for (int i = 0; i < n; i++) set(to + i * 4L, (float) f.value(get(from + i * 4L)));
    }

    /** z[i] += f'(x[i]) g[i]. */
    public static void addSlope(
            Function f,
            MemorySegment x,
            long xOffset,
            MemorySegment g,
            long gOffset,
            MemorySegment z,
            long zOffset,
            int n) {
        long from = Memory.address(x, xOffset, n);
        long factor = Memory.address(g, gOffset, n);
        long to = Memory.address(z, zOffset, n);
        for (int i = 0; i < n; i++)
            set(to + i * 4L, Math.fma((float) f.slope(get(from + i * 4L)), get(factor + i * 4L), get(to + i * 4L)));
    }

    /** y[i ySteps] = x[i xSteps], or += with {@code add}; takes apart and joins interleaved values. */
    public static void copyStrided(
            MemorySegment x, long xOffset, int xStep, MemorySegment y, long yOffset, int yStep, int n, boolean add) {
        long from = Memory.address(x, xOffset, n == 0 ? 0 : (n - 1L) * xStep + 1);
        long to = Memory.address(y, yOffset, n == 0 ? 0 : (n - 1L) * yStep + 1);
        for (int i = 0; i < n; i++) {
            float value = get(from + 4L * i * xStep);
            set(to + 4L * i * yStep, add ? get(to + 4L * i * yStep) + value : value);
        }
    }
}
