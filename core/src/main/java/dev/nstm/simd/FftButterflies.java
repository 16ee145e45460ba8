package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.FLOAT;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Simd.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * Butterflies of the Stockham autosort FFT. Every lane of a vector is one independent transform: element e of all of
 * them lies at {@code e * 2 * VECTOR} bytes, real parts first, then imaginary parts. A pass of radix r, after passes
 * whose radices have the product {@code s}, reads x[q + s(p + m j)], j &lt; r, and writes
 *
 * <pre>
 * y[q + s(r p + k)] = w^(pk) sum over j of x[q + s(p + m j)] exp(-2 pi i j k / r),   w = exp(-2 pi i / (r m))
 * </pre>
 *
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
    private static final FloatVector HALF_ROOT = FloatVector.broadcast(FLOATS, (float) Math.sqrt(0.5));

    private FftButterflies() {}

    static void pass(int radix, long x, long y, int s, int m, long twiddles) {
        for (int p = 0; p < m; p++) {
            long from = x + (long) s * p * ELEMENT;
            long to = y + (long) s * p * radix * ELEMENT;
            long w = twiddles + (long) p * (radix - 1) * 8;
            long step = (long) s * m * ELEMENT;
            long out = s * ELEMENT;
            switch (radix) {
                case 2 -> radix2(from, step, to, out, s, w);
                case 3 -> radix3(from, step, to, out, s, w);
                case 4 -> radix4(from, step, to, out, s, w);
                case 5 -> radix5(from, step, to, out, s, w);
                case 7 -> radix7(from, step, to, out, s, w);
                case 8 -> {
                    radix8Even(from, step, to, out, s, w);
                    radix8Odd(from, step, to, out, s, w);
                }
                default -> throw new IllegalArgumentException("no butterfly of radix " + radix);
            }
        }
    }

    private static void radix2(long x, long step, long y, long out, int s, long w) {
        FloatVector c1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w));
        FloatVector s1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 4));
        for (int q = 0; q < s; q++) {
            long a = x + q * ELEMENT;
            long b = y + q * ELEMENT;
            FloatVector r0 = FloatVector.fromMemorySegment(FLOATS, ALL, a, ORDER);
            FloatVector i0 = FloatVector.fromMemorySegment(FLOATS, ALL, a + VECTOR, ORDER);
            FloatVector r1 = FloatVector.fromMemorySegment(FLOATS, ALL, a + step, ORDER);
            FloatVector i1 = FloatVector.fromMemorySegment(FLOATS, ALL, a + step + VECTOR, ORDER);
            r0.add(r1).intoMemorySegment(ALL, b, ORDER);
            i0.add(i1).intoMemorySegment(ALL, b + VECTOR, ORDER);
            FloatVector re1 = r0.sub(r1);
            FloatVector im1 = i0.sub(i1);
            re1.mul(c1).sub(im1.mul(s1)).intoMemorySegment(ALL, b + out, ORDER);
            re1.mul(s1).add(im1.mul(c1)).intoMemorySegment(ALL, b + out + VECTOR, ORDER);
        }
    }

    private static void radix3(long x, long step, long y, long out, int s, long w) {
        FloatVector c1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w));
        FloatVector s1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 4));
        FloatVector c2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 8));
        FloatVector s2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 12));
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
            FloatVector re1 = er1.add(or1);
            FloatVector im1 = ei1.sub(oi1);
            re1.mul(c1).sub(im1.mul(s1)).intoMemorySegment(ALL, b + out, ORDER);
            re1.mul(s1).add(im1.mul(c1)).intoMemorySegment(ALL, b + out + VECTOR, ORDER);
            FloatVector re2 = er1.sub(or1);
            FloatVector im2 = ei1.add(oi1);
            re2.mul(c2).sub(im2.mul(s2)).intoMemorySegment(ALL, b + 2 * out, ORDER);
            re2.mul(s2).add(im2.mul(c2)).intoMemorySegment(ALL, b + 2 * out + VECTOR, ORDER);
        }
    }

    private static void radix4(long x, long step, long y, long out, int s, long w) {
        FloatVector c1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w));
        FloatVector s1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 4));
        FloatVector c2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 8));
        FloatVector s2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 12));
        FloatVector c3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 16));
        FloatVector s3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 20));
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
            FloatVector re1 = dr.add(ei);
            FloatVector im1 = di.sub(er);
            re1.mul(c1).sub(im1.mul(s1)).intoMemorySegment(ALL, b + out, ORDER);
            re1.mul(s1).add(im1.mul(c1)).intoMemorySegment(ALL, b + out + VECTOR, ORDER);
            FloatVector re2 = sr.sub(tr);
            FloatVector im2 = si.sub(ti);
            re2.mul(c2).sub(im2.mul(s2)).intoMemorySegment(ALL, b + 2 * out, ORDER);
            re2.mul(s2).add(im2.mul(c2)).intoMemorySegment(ALL, b + 2 * out + VECTOR, ORDER);
            FloatVector re3 = dr.sub(ei);
            FloatVector im3 = di.add(er);
            re3.mul(c3).sub(im3.mul(s3)).intoMemorySegment(ALL, b + 3 * out, ORDER);
            re3.mul(s3).add(im3.mul(c3)).intoMemorySegment(ALL, b + 3 * out + VECTOR, ORDER);
        }
    }

    private static void radix5(long x, long step, long y, long out, int s, long w) {
        FloatVector c1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w));
        FloatVector s1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 4));
        FloatVector c2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 8));
        FloatVector s2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 12));
        FloatVector c3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 16));
        FloatVector s3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 20));
        FloatVector c4 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 24));
        FloatVector s4 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 28));
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
            FloatVector re1 = er1.add(or1);
            FloatVector im1 = ei1.sub(oi1);
            re1.mul(c1).sub(im1.mul(s1)).intoMemorySegment(ALL, b + out, ORDER);
            re1.mul(s1).add(im1.mul(c1)).intoMemorySegment(ALL, b + out + VECTOR, ORDER);
            FloatVector re4 = er1.sub(or1);
            FloatVector im4 = ei1.add(oi1);
            re4.mul(c4).sub(im4.mul(s4)).intoMemorySegment(ALL, b + 4 * out, ORDER);
            re4.mul(s4).add(im4.mul(c4)).intoMemorySegment(ALL, b + 4 * out + VECTOR, ORDER);
            FloatVector er2 = tr2.fma(C5_1, tr1.fma(C5_2, r0));
            FloatVector ei2 = ti2.fma(C5_1, ti1.fma(C5_2, i0));
            FloatVector or2 = di2.fma(N5_1, di1.mul(S5_2));
            FloatVector oi2 = dr2.fma(N5_1, dr1.mul(S5_2));
            FloatVector re2 = er2.add(or2);
            FloatVector im2 = ei2.sub(oi2);
            re2.mul(c2).sub(im2.mul(s2)).intoMemorySegment(ALL, b + 2 * out, ORDER);
            re2.mul(s2).add(im2.mul(c2)).intoMemorySegment(ALL, b + 2 * out + VECTOR, ORDER);
            FloatVector re3 = er2.sub(or2);
            FloatVector im3 = ei2.add(oi2);
            re3.mul(c3).sub(im3.mul(s3)).intoMemorySegment(ALL, b + 3 * out, ORDER);
            re3.mul(s3).add(im3.mul(c3)).intoMemorySegment(ALL, b + 3 * out + VECTOR, ORDER);
        }
    }

    private static void radix7(long x, long step, long y, long out, int s, long w) {
        FloatVector c1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w));
        FloatVector s1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 4));
        FloatVector c2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 8));
        FloatVector s2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 12));
        FloatVector c3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 16));
        FloatVector s3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 20));
        FloatVector c4 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 24));
        FloatVector s4 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 28));
        FloatVector c5 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 32));
        FloatVector s5 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 36));
        FloatVector c6 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 40));
        FloatVector s6 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 44));
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
            FloatVector re1 = er1.add(or1);
            FloatVector im1 = ei1.sub(oi1);
            re1.mul(c1).sub(im1.mul(s1)).intoMemorySegment(ALL, b + out, ORDER);
            re1.mul(s1).add(im1.mul(c1)).intoMemorySegment(ALL, b + out + VECTOR, ORDER);
            FloatVector re6 = er1.sub(or1);
            FloatVector im6 = ei1.add(oi1);
            re6.mul(c6).sub(im6.mul(s6)).intoMemorySegment(ALL, b + 6 * out, ORDER);
            re6.mul(s6).add(im6.mul(c6)).intoMemorySegment(ALL, b + 6 * out + VECTOR, ORDER);
            FloatVector er2 = tr3.fma(C7_1, tr2.fma(C7_3, tr1.fma(C7_2, r0)));
            FloatVector ei2 = ti3.fma(C7_1, ti2.fma(C7_3, ti1.fma(C7_2, i0)));
            FloatVector or2 = di3.fma(N7_1, di2.fma(N7_3, di1.mul(S7_2)));
            FloatVector oi2 = dr3.fma(N7_1, dr2.fma(N7_3, dr1.mul(S7_2)));
            FloatVector re2 = er2.add(or2);
            FloatVector im2 = ei2.sub(oi2);
            re2.mul(c2).sub(im2.mul(s2)).intoMemorySegment(ALL, b + 2 * out, ORDER);
            re2.mul(s2).add(im2.mul(c2)).intoMemorySegment(ALL, b + 2 * out + VECTOR, ORDER);
            FloatVector re5 = er2.sub(or2);
            FloatVector im5 = ei2.add(oi2);
            re5.mul(c5).sub(im5.mul(s5)).intoMemorySegment(ALL, b + 5 * out, ORDER);
            re5.mul(s5).add(im5.mul(c5)).intoMemorySegment(ALL, b + 5 * out + VECTOR, ORDER);
            FloatVector er3 = tr3.fma(C7_2, tr2.fma(C7_1, tr1.fma(C7_3, r0)));
            FloatVector ei3 = ti3.fma(C7_2, ti2.fma(C7_1, ti1.fma(C7_3, i0)));
            FloatVector or3 = di3.fma(S7_2, di2.fma(N7_1, di1.mul(S7_3)));
            FloatVector oi3 = dr3.fma(S7_2, dr2.fma(N7_1, dr1.mul(S7_3)));
            FloatVector re3 = er3.add(or3);
            FloatVector im3 = ei3.sub(oi3);
            re3.mul(c3).sub(im3.mul(s3)).intoMemorySegment(ALL, b + 3 * out, ORDER);
            re3.mul(s3).add(im3.mul(c3)).intoMemorySegment(ALL, b + 3 * out + VECTOR, ORDER);
            FloatVector re4 = er3.sub(or3);
            FloatVector im4 = ei3.add(oi3);
            re4.mul(c4).sub(im4.mul(s4)).intoMemorySegment(ALL, b + 4 * out, ORDER);
            re4.mul(s4).add(im4.mul(c4)).intoMemorySegment(ALL, b + 4 * out + VECTOR, ORDER);
        }
    }

    /**
     * The outputs of even number: radix 4 over x[j] + x[j+4]. One method for all eight would be too large for HotSpot's
     * first compiler and stay interpreted.
     */
    private static void radix8Even(long x, long step, long y, long out, int s, long w) {
        FloatVector c2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 8));
        FloatVector s2 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 12));
        FloatVector c4 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 24));
        FloatVector s4 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 28));
        FloatVector c6 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 40));
        FloatVector s6 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 44));
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
            FloatVector r7 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 7 * step, ORDER);
            FloatVector i7 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 7 * step + VECTOR, ORDER);
            FloatVector r04 = r0.add(r4);
            FloatVector i04 = i0.add(i4);
            FloatVector r15 = r1.add(r5);
            FloatVector i15 = i1.add(i5);
            FloatVector r26 = r2.add(r6);
            FloatVector i26 = i2.add(i6);
            FloatVector r37 = r3.add(r7);
            FloatVector i37 = i3.add(i7);
            FloatVector sr = r04.add(r26);
            FloatVector si = i04.add(i26);
            FloatVector dr = r04.sub(r26);
            FloatVector di = i04.sub(i26);
            FloatVector tr = r15.add(r37);
            FloatVector ti = i15.add(i37);
            FloatVector er = r15.sub(r37);
            FloatVector ei = i15.sub(i37);
            sr.add(tr).intoMemorySegment(ALL, b, ORDER);
            si.add(ti).intoMemorySegment(ALL, b + VECTOR, ORDER);
            FloatVector re4 = sr.sub(tr);
            FloatVector im4 = si.sub(ti);
            re4.mul(c4).sub(im4.mul(s4)).intoMemorySegment(ALL, b + 4 * out, ORDER);
            re4.mul(s4).add(im4.mul(c4)).intoMemorySegment(ALL, b + 4 * out + VECTOR, ORDER);
            FloatVector re2 = dr.add(ei);
            FloatVector im2 = di.sub(er);
            re2.mul(c2).sub(im2.mul(s2)).intoMemorySegment(ALL, b + 2 * out, ORDER);
            re2.mul(s2).add(im2.mul(c2)).intoMemorySegment(ALL, b + 2 * out + VECTOR, ORDER);
            FloatVector re6 = dr.sub(ei);
            FloatVector im6 = di.add(er);
            re6.mul(c6).sub(im6.mul(s6)).intoMemorySegment(ALL, b + 6 * out, ORDER);
            re6.mul(s6).add(im6.mul(c6)).intoMemorySegment(ALL, b + 6 * out + VECTOR, ORDER);
        }
    }

    /** The outputs of odd number: radix 4 over (x[j] - x[j+4]) exp(-2 pi i j / 8). */
    private static void radix8Odd(long x, long step, long y, long out, int s, long w) {
        FloatVector c1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w));
        FloatVector s1 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 4));
        FloatVector c3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 16));
        FloatVector s3 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 20));
        FloatVector c5 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 32));
        FloatVector s5 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 36));
        FloatVector c7 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 48));
        FloatVector s7 = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, w + 52));
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
            FloatVector r7 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 7 * step, ORDER);
            FloatVector i7 = FloatVector.fromMemorySegment(FLOATS, ALL, a + 7 * step + VECTOR, ORDER);
            FloatVector r04 = r0.sub(r4);
            FloatVector i04 = i0.sub(i4);
            FloatVector r15 = r1.sub(r5);
            FloatVector i15 = i1.sub(i5);
            FloatVector r26 = r2.sub(r6);
            FloatVector i26 = i2.sub(i6);
            FloatVector r37 = r3.sub(r7);
            FloatVector i37 = i3.sub(i7);
            FloatVector sr = r04.add(i26);
            FloatVector si = i04.sub(r26);
            FloatVector dr = r04.sub(i26);
            FloatVector di = i04.add(r26);
            FloatVector ur = r15.add(i15);
            FloatVector ui = i15.sub(r15);
            FloatVector vr = i37.sub(r37);
            FloatVector vi = i37.add(r37);
            FloatVector tr = ur.add(vr).mul(HALF_ROOT);
            FloatVector ti = ui.sub(vi).mul(HALF_ROOT);
            FloatVector er = ur.sub(vr).mul(HALF_ROOT);
            FloatVector ei = ui.add(vi).mul(HALF_ROOT);
            FloatVector re1 = sr.add(tr);
            FloatVector im1 = si.add(ti);
            re1.mul(c1).sub(im1.mul(s1)).intoMemorySegment(ALL, b + out, ORDER);
            re1.mul(s1).add(im1.mul(c1)).intoMemorySegment(ALL, b + out + VECTOR, ORDER);
            FloatVector re5 = sr.sub(tr);
            FloatVector im5 = si.sub(ti);
            re5.mul(c5).sub(im5.mul(s5)).intoMemorySegment(ALL, b + 5 * out, ORDER);
            re5.mul(s5).add(im5.mul(c5)).intoMemorySegment(ALL, b + 5 * out + VECTOR, ORDER);
            FloatVector re3 = dr.add(ei);
            FloatVector im3 = di.sub(er);
            re3.mul(c3).sub(im3.mul(s3)).intoMemorySegment(ALL, b + 3 * out, ORDER);
            re3.mul(s3).add(im3.mul(c3)).intoMemorySegment(ALL, b + 3 * out + VECTOR, ORDER);
            FloatVector re7 = dr.sub(ei);
            FloatVector im7 = di.add(er);
            re7.mul(c7).sub(im7.mul(s7)).intoMemorySegment(ALL, b + 7 * out, ORDER);
            re7.mul(s7).add(im7.mul(c7)).intoMemorySegment(ALL, b + 7 * out + VECTOR, ORDER);
        }
    }
}
