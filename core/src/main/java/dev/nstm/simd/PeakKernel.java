package dev.nstm.simd;

import static dev.nstm.simd.Simd.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * As many fused multiply-adds as the machine can do, touching no memory: the ceiling that other kernels are held
 * against.
 */
public final class PeakKernel {
    /** Floating-point operations per round. */
    public static final long OPERATIONS = 2L * 16 * Simd.LANES;

    private PeakKernel() {}

    /** Runs rounds of 16 independent multiply-adds; the result only keeps them from being optimised away. */
    public static float run(int rounds, float seed) {
        FloatVector x = FloatVector.broadcast(FLOATS, 0.999f);
        FloatVector y = FloatVector.broadcast(FLOATS, seed);
        FloatVector a = y,
                b = y,
                c = y,
                d = y,
                e = y,
                f = y,
                g = y,
                h = y,
                i = y,
                j = y,
                k = y,
                l = y,
                m = y,
                n = y,
                o = y,
                p = y;
        for (int round = 0; round < rounds; round++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
            m = m.fma(x, y);
            n = n.fma(x, y);
            o = o.fma(x, y);
            p = p.fma(x, y);
        }
        FloatVector sum = a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .add(m)
                .add(n)
                .add(o)
                .add(p);
        return sum.lane(0);
    }
}
