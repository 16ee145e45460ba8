package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

/**
 * Weak-object transfer functions of one illumination pattern: how absorption and phase appear in the intensity. The
 * object lets through the amplitude exp(-absorption + i phase): absorption is positive where light is lost, and the
 * intensity falls by twice as much; the phase is in radians, positive where the light is delayed.
 *
 * @param absorption Hu
 * @param phase Hp, for radians
 */
public record WeakObjectTransfer(ComplexGrid absorption, ComplexGrid phase) {
    /**
     * Tian and Waller, Opt. Express 23, 11394 (2015): with DC = sum S |P|^2 and M = FFT(S P) conj(FFT(P)), Hu = -2
     * IFFT(Re M) / DC and Hp = 2i IFFT(i Im M) / DC.
     *
     * @param source intensity of the source over the pupil plane, zero frequency first
     * @param pupil of the objective on the same grid
     */
    public static WeakObjectTransfer of(Grid2D source, Grid2D pupil) {
        require(
                source.height() == pupil.height() && source.width() == pupil.width(),
                "the source pattern is %s but the pictures are %s; they must have the same size",
                source.size(),
                pupil.size());
        Grid2D lit = new Grid2D(source.height(), source.width());
        double dc = 0;
        for (int i = 0; i < lit.values().length; i++) {
            lit.values()[i] = source.values()[i] * pupil.values()[i];
            dc += source.values()[i] * pupil.values()[i] * pupil.values()[i];
        }
        return of(Fourier.forward(lit), Fourier.forward(pupil), dc);
    }

    /**
     * The same for a pupil that delays light, by the same way at opposite frequencies: Hu = -conj(2 IFFT(Re M)) / DC
     * and Hp = i conj(2 IFFT(i Im M)) / DC, which are those above of the pupil's conjugate.
     *
     * @param pupil of the objective, on the grid of the source
     */
    public static WeakObjectTransfer of(Grid2D source, ComplexGrid pupil) {
        ComplexGrid conjugate = new ComplexGrid(source.height(), source.width());
        ComplexGrid lit = new ComplexGrid(source.height(), source.width());
        double dc = 0;
        for (int i = 0; i < lit.re().length; i++) {
            conjugate.re()[i] = pupil.re()[i];
            conjugate.im()[i] = -pupil.im()[i];
            lit.re()[i] = source.values()[i] * conjugate.re()[i];
            lit.im()[i] = source.values()[i] * conjugate.im()[i];
            dc += source.values()[i] * (pupil.re()[i] * pupil.re()[i] + pupil.im()[i] * pupil.im()[i]);
        }
        return of(Fourier.forward(lit), Fourier.forward(conjugate), dc);
    }

    /**
     * @param s FFT(S P)
     * @param p FFT(P)
     */
    private static WeakObjectTransfer of(ComplexGrid s, ComplexGrid p, double dc) {
        require(
                dc > 0,
                "no light of the source passes the pupil; source and objective do not overlap on a %dx%d grid",
                s.height(),
                s.width());
        int n = s.re().length;
        ComplexGrid even = new ComplexGrid(s.height(), s.width());
        ComplexGrid odd = new ComplexGrid(s.height(), s.width());
        for (int i = 0; i < n; i++) {
            even.re()[i] = s.re()[i] * p.re()[i] + s.im()[i] * p.im()[i];
            odd.im()[i] = s.im()[i] * p.re()[i] - s.re()[i] * p.im()[i];
        }
        ComplexGrid hu = Fourier.inverse(even);
        ComplexGrid hp = Fourier.inverse(odd);
        ComplexGrid absorption = new ComplexGrid(s.height(), s.width());
        ComplexGrid phase = new ComplexGrid(s.height(), s.width());
        for (int i = 0; i < n; i++) {
            absorption.re()[i] = -2 * hu.re()[i] / dc;
            absorption.im()[i] = -2 * hu.im()[i] / dc;
            phase.re()[i] = -2 * hp.im()[i] / dc;
            phase.im()[i] = 2 * hp.re()[i] / dc;
        }
        return new WeakObjectTransfer(absorption, phase);
    }

    /** The same for an absorption and a phase that are counted in other units. */
    public WeakObjectTransfer counted(WeakObjectUnits units) {
        return new WeakObjectTransfer(absorption.scaled(units.absorption()), phase.scaled(units.phase()));
    }
}
