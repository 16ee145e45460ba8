package dev.nstm.imaging;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.WeakObjectTransfer;
import java.util.List;

/**
 * How much of the slow variation of DPC pictures no specimen can explain. Absorption and phase are two unknowns per
 * frequency; more than two shots say them more than once, and where the light itself is uneven, differently in every
 * shot, they contradict each other. Motion hardly touches the slowest frequencies.
 */
public final class LightEvenness {
    /** Frequencies up to this share of the largest that the light carries are looked at. */
    private static final double SLOW = 0.04;
    private static final double REGULARISATION = 1e-4;

    private LightEvenness() {}

    /**
     * Root of the share of the slow variation's power that least squares leaves unexplained: near 0 for even light; 0 where
     * there are not more shots than unknowns, or no slow frequencies.
     *
     * @param images relative deviations from the background
     * @param cutoff largest frequency that the light carries, in cycles per micrometre
     * @param pixelSize in micrometres
     */
    public static double unexplained(List<Grid2D> images, List<WeakObjectTransfer> transfers, double cutoff, double pixelSize) {
        int height = images.getFirst().height();
        int width = images.getFirst().width();
        List<ComplexGrid> spectra = images.stream().map(image -> Fourier.forward(ComplexGrid.ofReal(image))).toList();
        double power = 0;
        double rest = 0;
        for (int i = 1; i < height * width && images.size() > 2; i++) {
            double frequency = Math.hypot(Grid2D.frequency(i / width, height, pixelSize), Grid2D.frequency(i % width, width, pixelSize));
            if (frequency > SLOW * cutoff) continue;
            double total = 0;
            for (ComplexGrid spectrum : spectra) total += spectrum.re()[i] * spectrum.re()[i] + spectrum.im()[i] * spectrum.im()[i];
            power += total;
            rest += total - explained(spectra, transfers, i);
        }
        return power > 0 ? Math.sqrt(Math.max(0, rest) / power) : 0;
    }

    /** b'A (A'A + r)^-1 A'b: the power that absorption and phase explain at one frequency. */
    private static double explained(List<ComplexGrid> spectra, List<WeakObjectTransfer> transfers, int i) {
        double aa = REGULARISATION;
        double pp = REGULARISATION;
        double apRe = 0;
        double apIm = 0;
        double[] a = new double[2];
        double[] p = new double[2];
        for (int shot = 0; shot < spectra.size(); shot++) {
            ComplexGrid hu = transfers.get(shot).absorption();
            ComplexGrid hp = transfers.get(shot).phase();
            double re = spectra.get(shot).re()[i];
            double im = spectra.get(shot).im()[i];
            aa += hu.re()[i] * hu.re()[i] + hu.im()[i] * hu.im()[i];
            pp += hp.re()[i] * hp.re()[i] + hp.im()[i] * hp.im()[i];
            apRe += hu.re()[i] * hp.re()[i] + hu.im()[i] * hp.im()[i];
            apIm += hu.re()[i] * hp.im()[i] - hu.im()[i] * hp.re()[i];
            a[0] += hu.re()[i] * re + hu.im()[i] * im;
            a[1] += hu.re()[i] * im - hu.im()[i] * re;
            p[0] += hp.re()[i] * re + hp.im()[i] * im;
            p[1] += hp.re()[i] * im - hp.im()[i] * re;
        }
        double cross = (a[0] * (apRe * p[0] - apIm * p[1]) + a[1] * (apRe * p[1] + apIm * p[0]));
        return (pp * (a[0] * a[0] + a[1] * a[1]) + aa * (p[0] * p[0] + p[1] * p[1]) - 2 * cross) / (aa * pp - apRe * apRe - apIm * apIm);
    }
}
