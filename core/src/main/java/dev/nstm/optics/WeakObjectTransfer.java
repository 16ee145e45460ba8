package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

/**
 * Weak-object transfer functions of one illumination pattern: how absorption and phase appear in the intensity.
 *
 * @param absorption Hu
 * @param phase Hp
 */
public record WeakObjectTransfer(ComplexGrid absorption, ComplexGrid phase) {
    /**
     * Tian and Waller, Opt. Express 23, 11394 (2015): with DC = sum S |P|^2 and M = FFT(S P) conj(FFT(P)),
     * Hu = 2 IFFT(Re M) / DC and Hp = 2i IFFT(i Im M) / DC / wavelength.
     *
     * @param source intensity of the source over the pupil plane, zero frequency first
     * @param pupil of the objective on the same grid
     * @param wavelength in micrometres
     */
    public static WeakObjectTransfer of(Grid2D source, Grid2D pupil, double wavelength) {
        require(source.height() == pupil.height() && source.width() == pupil.width(),
                "the source pattern is %s but the pictures are %s; they must have the same size", source.size(), pupil.size());
        int n = source.values().length;
        Grid2D lit = new Grid2D(source.height(), source.width());
        double dc = 0;
        for (int i = 0; i < n; i++) {
            lit.values()[i] = source.values()[i] * pupil.values()[i];
            dc += source.values()[i] * pupil.values()[i] * pupil.values()[i];
        }
        require(dc > 0, "no light of the source passes the pupil; source and objective do not overlap on a %s grid", source.size());
        ComplexGrid s = Fourier.forward(ComplexGrid.ofReal(lit));
        ComplexGrid p = Fourier.forward(ComplexGrid.ofReal(pupil));
        ComplexGrid even = new ComplexGrid(source.height(), source.width());
        ComplexGrid odd = new ComplexGrid(source.height(), source.width());
        for (int i = 0; i < n; i++) {
            even.re()[i] = s.re()[i] * p.re()[i] + s.im()[i] * p.im()[i];
            odd.im()[i] = s.im()[i] * p.re()[i] - s.re()[i] * p.im()[i];
        }
        ComplexGrid hu = Fourier.inverse(even);
        ComplexGrid hp = Fourier.inverse(odd);
        ComplexGrid absorption = new ComplexGrid(source.height(), source.width());
        ComplexGrid phase = new ComplexGrid(source.height(), source.width());
        for (int i = 0; i < n; i++) {
            absorption.re()[i] = 2 * hu.re()[i] / dc;
            absorption.im()[i] = 2 * hu.im()[i] / dc;
            phase.re()[i] = -2 * hp.im()[i] / dc / wavelength;
            phase.im()[i] = 2 * hp.re()[i] / dc / wavelength;
        }
        return new WeakObjectTransfer(absorption, phase);
    }
}
