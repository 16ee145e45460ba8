package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.FLOAT;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Simd.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * Butterflies of the Stockham autosort FFT. Every lane of a vector is one independent transform: element e of all of
 * them lies at {@code e * 2 * VECTOR} bytes, real parts first, then imaginary parts. A pass of radix r over data whose
 * first {@code s} factors are done reads x[q + s(p + m j)], j &lt; r, and writes
 * <pre>
 * y[q + s(r p + k)] = w^(pk) sum over j of x[q + s(p + m j)] exp(-2 pi i j k / r),   w = exp(-2 pi i / (r m))
 * </pre>
 * for p &lt; m and q &lt; s; {@code twiddles} holds w^(pk) for k = 1..r-1, real then imaginary, p after p.
 */
final class FftButterflies {
    private static final long VECTOR = Simd.VECTOR_BYTES;
    private static final long ELEMENT = 2 * VECTOR;

    private static final FloatVector C3_1 = FloatVector.broadcast(FLOATS, (float) Math.cos(2 * Math.PI * 1 / 3));
    private static final FloatVector S3_1 = FloatVector.broadcast(FLOATS, (float) Math.sin(2 * Math.PI * 1 / 3));
    private static final FloatVector C5_1 = FloatVector.broadcast(FLOATS, (float) Math.cos(2 * Math.PI * 1 / 5));
    private static final FloatVector S5_1 = FloatVector.broadcast(FLOATS, (float) Math.sin(2 * Math.PI * 1 / 5));
    private static final FloatVector N5_1 = FloatVector.broadcast(FLOATS, (float) -Math.sin(2 * Math.PI * 1 / 5));
    private static final FloatVector C5_2 = FloatVector.broadcast(FLOATS, (float) Math.cos(2 * Math.PI * 2 / 5));
    private static final FloatVector S5_2 = FloatVector.broadcast(FLOATS, (float) Math.sin(2 * Math.PI * 2 / 5));
    private static final FloatVector C7_1 = FloatVector.broadcast(FLOATS, (float) Math.cos(2 * Math.PI * 1 / 7));
    private static final FloatVector S7_1 = FloatVector.broadcast(FLOATS, (float) Math.sin(2 * Math.PI * 1 / 7));
    private static final FloatVector N7_1 = FloatVector.broadcast(FLOATS, (float) -Math.sin(2 * Math.PI * 1 / 7));
    private static final FloatVector C7_2 = FloatVector.broadcast(FLOATS, (float) Math.cos(2 * Math.PI * 2 / 7));
    private static final FloatVector S7_2 = FloatVector.broadcast(FLOATS, (float) Math.sin(2 * Math.PI * 2 / 7));
    private static final FloatVector C7_3 = FloatVector.broadcast(FLOATS, (float) Math.cos(2 * Math.PI * 3 / 7));
    private static final FloatVector S7_3 = FloatVector.broadcast(FLOATS, (float) Math.sin(2 * Math.PI * 3 / 7));
    private static final FloatVector N7_3 = FloatVector.broadcast(FLOATS, (float) -Math.sin(2 * Math.PI * 3 / 7));

    private FftButterflies() {}

    static void pass(int radix, long x, long y, int s, int m, long twiddles) {
        for (int p = 0; p < m; p++) {
            long from = x + (long) s * p * ELEMENT;
            long to = y + (long) s * p * radix * ELEMENT;
            long w = twiddles + (long) p * (radix - 1) * 8;
            long step = (long) s * m * ELEMENT;
            long out = s * ELEMENT;
            switch (radix) {
                case 2 -> radix2(from, step, to, out, s);
                case 3 -> radix3(from, step, to, out, s);
                case 4 -> radix4(from, step, to, out, s);
                case 5 -> radix5(from, step, to, out, s);
                case 7 -> radix7(from, step, to, out, s);
                default -> throw new IllegalArgumentException("no butterfly of radix " + radix);
            }
            if (p == 0) continue;
            for (int k = 1; k < radix; k++) turn(to + k * out, s, w + (k - 1) * 8L);
        }
    }

    /** Multiplies s elements by one factor, in place. A loop of its own: vectors handed to a method may become objects. */
    private static void turn(long y, int s, long factor) {
        FloatVector c = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, factor));
        FloatVector d = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, factor + 4));
        for (long at = y; at < y + s * ELEMENT; at += ELEMENT) {
            FloatVector re = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
            FloatVector im = FloatVector.fromMemorySegment(FLOATS, ALL, at + VECTOR, ORDER);
            re.mul(c).sub(im.mul(d)).intoMemorySegment(ALL, at, ORDER);
            re.mul(d).add(im.mul(c)).intoMemorySegment(ALL, at + VECTOR, ORDER);
        }
    }

    private static void radix2(long x, long step, long y, long out, int s) {
        for (int q = 0; q < s; q++) {
            long a = x + q * ELEMENT;
            long b = y + q * ELEMENT;
            FloatVector r0 = FloatVector.fromMemorySegment(FLOATS, ALL, a, ORDER);
            FloatVector i0 = FloatVector.fromMemorySegment(FLOATS, ALL, a + VECTOR, ORDER);
            FloatVector r1 = FloatVector.fromMemorySegment(FLOATS, ALL, a + step, ORDER);
            FloatVector i1 = FloatVector.fromMemorySegment(FLOATS, ALL, a + step + VECTOR, ORDER);
            r0.add(r1).intoMemorySegment(ALL, b, ORDER);
            i0.add(i1).intoMemorySegment(ALL, b + VECTOR, ORDER);
            r0.sub(r1).intoMemorySegment(ALL, b + out, ORDER);
            i0.sub(i1).intoMemorySegment(ALL, b + out + VECTOR, ORDER);
        }
    }

    private static void radix3(long x, long step, long y, long out, int s) {
        for (int q = 0; q < s; q++) {
            long a = x + q * ELEMENT;
            long b = y + q * ELEMENT;
            FloatVector r0 = FloatVector.fromMemorySegment(FLOATS, ALL, a, ORDER);
            FloatVector i0 = FloatVector.fromMemorySegment(FLOATS, ALL, a + VECTOR, ORDER);
            FloatVector r1 = FloatVector.fromMemorySegment(FLOATS, ALL, a + step, ORDER);
            FloatVector i1 = FloatVector.fromMemorySegment(FLOATS, ALL, a + step + VECTOR, ORDER);
            FloatVector r2 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 2 * step, ORDER);
            FloatVector i2 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 2 * step + VECTOR, ORDER);
            FloatVector tr1 = r1.add(r2);
            FloatVector ti1 = i1.add(i2);
            FloatVector dr1 = r1.sub(r2);
            FloatVector di1 = i1.sub(i2);
            r0.add(tr1).intoMemorySegment(ALL, b, ORDER);
            i0.add(ti1).intoMemorySegment(ALL, b + VECTOR, ORDER);
            FloatVector er1 = tr1.fma(C3_1, r0);
            FloatVector ei1 = ti1.fma(C3_1, i0);
            FloatVector or1 = di1.mul(S3_1);
            FloatVector oi1 = dr1.mul(S3_1);
            er1.add(or1).intoMemorySegment(ALL, b + out, ORDER);
            ei1.sub(oi1).intoMemorySegment(ALL, b + out + VECTOR, ORDER);
            er1.sub(or1).intoMemorySegment(ALL, b + 2 * out, ORDER);
            ei1.add(oi1).intoMemorySegment(ALL, b + 2 * out + VECTOR, ORDER);
        }
    }

    private static void radix4(long x, long step, long y, long out, int s) {
        for (int q = 0; q < s; q++) {
            long a = x + q * ELEMENT;
            long b = y + q * ELEMENT;
            FloatVector r0 = FloatVector.fromMemorySegment(FLOATS, ALL, a, ORDER);
            FloatVector i0 = FloatVector.fromMemorySegment(FLOATS, ALL, a + VECTOR, ORDER);
            FloatVector r1 = FloatVector.fromMemorySegment(FLOATS, ALL, a + step, ORDER);
            FloatVector i1 = FloatVector.fromMemorySegment(FLOATS, ALL, a + step + VECTOR, ORDER);
            FloatVector r2 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 2 * step, ORDER);
            FloatVector i2 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 2 * step + VECTOR, ORDER);
            FloatVector r3 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 3 * step, ORDER);
            FloatVector i3 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 3 * step + VECTOR, ORDER);
            FloatVector sr = r0.add(r2);
            FloatVector si = i0.add(i2);
            FloatVector dr = r0.sub(r2);
            FloatVector di = i0.sub(i2);
            FloatVector tr = r1.add(r3);
            FloatVector ti = i1.add(i3);
            FloatVector er = r1.sub(r3);
            FloatVector ei = i1.sub(i3);
            sr.add(tr).intoMemorySegment(ALL, b, ORDER);
            si.add(ti).intoMemorySegment(ALL, b + VECTOR, ORDER);
            dr.add(ei).intoMemorySegment(ALL, b + out, ORDER);
            di.sub(er).intoMemorySegment(ALL, b + out + VECTOR, ORDER);
            sr.sub(tr).intoMemorySegment(ALL, b + 2 * out, ORDER);
            si.sub(ti).intoMemorySegment(ALL, b + 2 * out + VECTOR, ORDER);
            dr.sub(ei).intoMemorySegment(ALL, b + 3 * out, ORDER);
            di.add(er).intoMemorySegment(ALL, b + 3 * out + VECTOR, ORDER);
        }
    }

    private static void radix5(long x, long step, long y, long out, int s) {
        for (int q = 0; q < s; q++) {
            long a = x + q * ELEMENT;
            long b = y + q * ELEMENT;
            FloatVector r0 = FloatVector.fromMemorySegment(FLOATS, ALL, a, ORDER);
            FloatVector i0 = FloatVector.fromMemorySegment(FLOATS, ALL, a + VECTOR, ORDER);
            FloatVector r1 = FloatVector.fromMemorySegment(FLOATS, ALL, a + step, ORDER);
            FloatVector i1 = FloatVector.fromMemorySegment(FLOATS, ALL, a + step + VECTOR, ORDER);
            FloatVector r2 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 2 * step, ORDER);
            FloatVector i2 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 2 * step + VECTOR, ORDER);
            FloatVector r3 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 3 * step, ORDER);
            FloatVector i3 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 3 * step + VECTOR, ORDER);
            FloatVector r4 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 4 * step, ORDER);
            FloatVector i4 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 4 * step + VECTOR, ORDER);
            FloatVector tr1 = r1.add(r4);
            FloatVector ti1 = i1.add(i4);
            FloatVector dr1 = r1.sub(r4);
            FloatVector di1 = i1.sub(i4);
            FloatVector tr2 = r2.add(r3);
            FloatVector ti2 = i2.add(i3);
            FloatVector dr2 = r2.sub(r3);
            FloatVector di2 = i2.sub(i3);
            r0.add(tr1).add(tr2).intoMemorySegment(ALL, b, ORDER);
            i0.add(ti1).add(ti2).intoMemorySegment(ALL, b + VECTOR, ORDER);
            FloatVector er1 = tr2.fma(C5_2, tr1.fma(C5_1, r0));
            FloatVector ei1 = ti2.fma(C5_2, ti1.fma(C5_1, i0));
            FloatVector or1 = di2.fma(S5_2, di1.mul(S5_1));
            FloatVector oi1 = dr2.fma(S5_2, dr1.mul(S5_1));
            er1.add(or1).intoMemorySegment(ALL, b + out, ORDER);
            ei1.sub(oi1).intoMemorySegment(ALL, b + out + VECTOR, ORDER);
            er1.sub(or1).intoMemorySegment(ALL, b + 4 * out, ORDER);
            ei1.add(oi1).intoMemorySegment(ALL, b + 4 * out + VECTOR, ORDER);
            FloatVector er2 = tr2.fma(C5_1, tr1.fma(C5_2, r0));
            FloatVector ei2 = ti2.fma(C5_1, ti1.fma(C5_2, i0));
            FloatVector or2 = di2.fma(N5_1, di1.mul(S5_2));
            FloatVector oi2 = dr2.fma(N5_1, dr1.mul(S5_2));
            er2.add(or2).intoMemorySegment(ALL, b + 2 * out, ORDER);
            ei2.sub(oi2).intoMemorySegment(ALL, b + 2 * out + VECTOR, ORDER);
            er2.sub(or2).intoMemorySegment(ALL, b + 3 * out, ORDER);
            ei2.add(oi2).intoMemorySegment(ALL, b + 3 * out + VECTOR, ORDER);
        }
    }

    private static void radix7(long x, long step, long y, long out, int s) {
        for (int q = 0; q < s; q++) {
            long a = x + q * ELEMENT;
            long b = y + q * ELEMENT;
            FloatVector r0 = FloatVector.fromMemorySegment(FLOATS, ALL, a, ORDER);
            FloatVector i0 = FloatVector.fromMemorySegment(FLOATS, ALL, a + VECTOR, ORDER);
            FloatVector r1 = FloatVector.fromMemorySegment(FLOATS, ALL, a + step, ORDER);
            FloatVector i1 = FloatVector.fromMemorySegment(FLOATS, ALL, a + step + VECTOR, ORDER);
            FloatVector r2 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 2 * step, ORDER);
            FloatVector i2 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 2 * step + VECTOR, ORDER);
            FloatVector r3 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 3 * step, ORDER);
            FloatVector i3 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 3 * step + VECTOR, ORDER);
            FloatVector r4 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 4 * step, ORDER);
            FloatVector i4 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 4 * step + VECTOR, ORDER);
            FloatVector r5 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 5 * step, ORDER);
            FloatVector i5 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 5 * step + VECTOR, ORDER);
            FloatVector r6 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 6 * step, ORDER);
            FloatVector i6 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 6 * step + VECTOR, ORDER);
            FloatVector tr1 = r1.add(r6);
            FloatVector ti1 = i1.add(i6);
            FloatVector dr1 = r1.sub(r6);
            FloatVector di1 = i1.sub(i6);
            FloatVector tr2 = r2.add(r5);
            FloatVector ti2 = i2.add(i5);
            FloatVector dr2 = r2.sub(r5);
            FloatVector di2 = i2.sub(i5);
            FloatVector tr3 = r3.add(r4);
            FloatVector ti3 = i3.add(i4);
            FloatVector dr3 = r3.sub(r4);
            FloatVector di3 = i3.sub(i4);
            r0.add(tr1).add(tr2).add(tr3).intoMemorySegment(ALL, b, ORDER);
            i0.add(ti1).add(ti2).add(ti3).intoMemorySegment(ALL, b + VECTOR, ORDER);
            FloatVector er1 = tr3.fma(C7_3, tr2.fma(C7_2, tr1.fma(C7_1, r0)));
            FloatVector ei1 = ti3.fma(C7_3, ti2.fma(C7_2, ti1.fma(C7_1, i0)));
            FloatVector or1 = di3.fma(S7_3, di2.fma(S7_2, di1.mul(S7_1)));
            FloatVector oi1 = dr3.fma(S7_3, dr2.fma(S7_2, dr1.mul(S7_1)));
            er1.add(or1).intoMemorySegment(ALL, b + out, ORDER);
            ei1.sub(oi1).intoMemorySegment(ALL, b + out + VECTOR, ORDER);
            er1.sub(or1).intoMemorySegment(ALL, b + 6 * out, ORDER);
            ei1.add(oi1).intoMemorySegment(ALL, b + 6 * out + VECTOR, ORDER);
            FloatVector er2 = tr3.fma(C7_1, tr2.fma(C7_3, tr1.fma(C7_2, r0)));
            FloatVector ei2 = ti3.fma(C7_1, ti2.fma(C7_3, ti1.fma(C7_2, i0)));
            FloatVector or2 = di3.fma(N7_1, di2.fma(N7_3, di1.mul(S7_2)));
            FloatVector oi2 = dr3.fma(N7_1, dr2.fma(N7_3, dr1.mul(S7_2)));
            er2.add(or2).intoMemorySegment(ALL, b + 2 * out, ORDER);
            ei2.sub(oi2).intoMemorySegment(ALL, b + 2 * out + VECTOR, ORDER);
            er2.sub(or2).intoMemorySegment(ALL, b + 5 * out, ORDER);
            ei2.add(oi2).intoMemorySegment(ALL, b + 5 * out + VECTOR, ORDER);
            FloatVector er3 = tr3.fma(C7_2, tr2.fma(C7_1, tr1.fma(C7_3, r0)));
            FloatVector ei3 = ti3.fma(C7_2, ti2.fma(C7_1, ti1.fma(C7_3, i0)));
            FloatVector or3 = di3.fma(S7_2, di2.fma(N7_1, di1.mul(S7_3)));
            FloatVector oi3 = dr3.fma(S7_2, dr2.fma(N7_1, dr1.mul(S7_3)));
            er3.add(or3).intoMemorySegment(ALL, b + 3 * out, ORDER);
            ei3.sub(oi3).intoMemorySegment(ALL, b + 3 * out + VECTOR, ORDER);
            er3.sub(or3).intoMemorySegment(ALL, b + 4 * out, ORDER);
            ei3.add(oi3).intoMemorySegment(ALL, b + 4 * out + VECTOR, ORDER);
        }
    }
}
