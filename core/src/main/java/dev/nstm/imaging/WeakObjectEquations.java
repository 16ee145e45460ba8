package dev.nstm.imaging;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.WeakObjectTransfer;
import java.util.List;

/**
 * Least squares for absorption a and phase p of an unmoving specimen at one frequency:
 *
 * <pre>
 * [ sum|Hu|^2 + ra   sum conj(Hu) Hp ] [a]   [ sum conj(Hu) F(I) ]
 * [ sum conj(Hp) Hu  sum|Hp|^2 + rp  ] [p] = [ sum conj(Hp) F(I) ]
 * </pre>
 *
 * One object serves all frequencies, one after the other.
 */
final class WeakObjectEquations {
    private final List<ComplexGrid> spectra;
    private final List<WeakObjectTransfer> transfers;
    private final double absorptionWeight;
    private final double phaseWeight;
    private double aa;
    private double pp;
    private double apRe;
    private double apIm;
    private double power;
    private double aRe;
    private double aIm;
    private double pRe;
    private double pIm;
    private double xaRe;
    private double xaIm;
    private double xpRe;
    private double xpIm;

    /**
     * @param spectra of the shots, F(I)
     * @param transfers of the shots, Hu and Hp
     * @param absorptionWeight ra
     * @param phaseWeight rp
     */
    WeakObjectEquations(
            List<ComplexGrid> spectra,
            List<WeakObjectTransfer> transfers,
            double absorptionWeight,
            double phaseWeight) {
        this.spectra = spectra;
        this.transfers = transfers;
        this.absorptionWeight = absorptionWeight;
        this.phaseWeight = phaseWeight;
    }

    /** Sets up the equations of a frequency. */
    void at(int i) {
        aa = pp = apRe = apIm = power = 0;
        clear();
        for (int shot = 0; shot < spectra.size(); shot++) {
            ComplexGrid hu = transfers.get(shot).absorption();
            ComplexGrid hp = transfers.get(shot).phase();
            double re = spectra.get(shot).re()[i];
            double im = spectra.get(shot).im()[i];
            power += re * re + im * im;
            aa += hu.re()[i] * hu.re()[i] + hu.im()[i] * hu.im()[i];
            pp += hp.re()[i] * hp.re()[i] + hp.im()[i] * hp.im()[i];
            apRe += hu.re()[i] * hp.re()[i] + hu.im()[i] * hp.im()[i];
            apIm += hu.re()[i] * hp.im()[i] - hu.im()[i] * hp.re()[i];
            add(shot, i);
        }
        aa += absorptionWeight;
        pp += phaseWeight;
    }

    private void clear() {
        aRe = aIm = pRe = pIm = 0;
    }

    /** Adds what a shot contributes to the right-hand sides. */
    private void add(int shot, int i) {
        ComplexGrid hu = transfers.get(shot).absorption();
        ComplexGrid hp = transfers.get(shot).phase();
        double re = spectra.get(shot).re()[i];
        double im = spectra.get(shot).im()[i];
        aRe += hu.re()[i] * re + hu.im()[i] * im;
        aIm += hu.re()[i] * im - hu.im()[i] * re;
        pRe += hp.re()[i] * re + hp.im()[i] * im;
        pIm += hp.re()[i] * im - hp.im()[i] * re;
    }

    /**
     * Puts what two shots explain together at a frequency, conj(b_j) M_jk b_k with M = A (A'A + r)^-1 A', into a
     * spectrum.
     */
    void correlate(int j, int k, ComplexGrid products, int i) {
        clear();
        add(k, i);
        solve();
        clear();
        add(j, i);
        products.re()[i] = aRe * xaRe + aIm * xaIm + pRe * xpRe + pIm * xpIm;
        products.im()[i] = aRe * xaIm - aIm * xaRe + pRe * xpIm - pIm * xpRe;
    }

    /** Puts absorption and phase of the frequency into their spectra. */
    void solve(ComplexGrid absorption, ComplexGrid phase, int i) {
        solve();
        absorption.re()[i] = xaRe;
        absorption.im()[i] = xaIm;
        phase.re()[i] = xpRe;
        phase.im()[i] = xpIm;
    }

    private void solve() {
        double determinant = determinant();
        xaRe = (pp * aRe - (apRe * pRe - apIm * pIm)) / determinant;
        xaIm = (pp * aIm - (apRe * pIm + apIm * pRe)) / determinant;
        xpRe = (aa * pRe - (apRe * aRe + apIm * aIm)) / determinant;
        xpIm = (aa * pIm - (apRe * aIm - apIm * aRe)) / determinant;
    }

    /** b'A (A'A + r)^-1 A'b: the power that absorption and phase explain at the frequency. */
    double explained() {
        double cross = aRe * (apRe * pRe - apIm * pIm) + aIm * (apRe * pIm + apIm * pRe);
        return (pp * (aRe * aRe + aIm * aIm) + aa * (pRe * pRe + pIm * pIm) - 2 * cross) / determinant();
    }

    /** b'b: the power of the shots at the frequency. */
    double power() {
        return power;
    }

    /** |b - A x|^2: the power that the solution leaves unexplained at the frequency. */
    double unexplained() {
        solve();
        // b'A x = b'A (A'A + r)^-1 A'b; x'A'A x is the same less x'r x.
        return power
                - explained()
                - absorptionWeight * (xaRe * xaRe + xaIm * xaIm)
                - phaseWeight * (xpRe * xpRe + xpIm * xpIm);
    }

    /** Trace of A (A'A + r)^-1 A': how many of the shots' values at the frequency the two unknowns take up. */
    double trace() {
        return 2 - (absorptionWeight * pp + phaseWeight * aa) / determinant();
    }

    private double determinant() {
        return aa * pp - apRe * apRe - apIm * apIm;
    }
}
