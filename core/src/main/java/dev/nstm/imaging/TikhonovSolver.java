package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.WeakObjectTransfer;
import java.util.List;

/**
 * Conventional differential phase contrast: regularised least squares for an object that does not move. Per frequency
 * it solves
 * <pre>
 * [ sum|Hu|^2 + ra   sum conj(Hu) Hp ] [a]   [ sum conj(Hu) F(I) ]
 * [ sum conj(Hp) Hu  sum|Hp|^2 + rp  ] [p] = [ sum conj(Hp) F(I) ]
 * </pre>
 */
public final class TikhonovSolver {
    private TikhonovSolver() {}

    /**
     * @param absorption attenuation
     * @param phase in radians
     */
    public record Solution(Grid2D absorption, Grid2D phase) {}

    /**
     * @param absorptionWeight ra, positive
     * @param phaseWeight rp, positive
     */
    public static Solution solve(List<Grid2D> images, List<WeakObjectTransfer> transfers, double absorptionWeight, double phaseWeight) {
        require(absorptionWeight > 0 && phaseWeight > 0, "Tikhonov weights must be positive, got %s and %s", absorptionWeight, phaseWeight);
        require(!images.isEmpty() && images.size() == transfers.size(), "%d pictures do not match %d transfer functions", images.size(), transfers.size());
        int height = images.getFirst().height();
        int width = images.getFirst().width();
        int n = height * width;
        double[] aa = new double[n];
        double[] pp = new double[n];
        double[] apRe = new double[n];
        double[] apIm = new double[n];
        double[] aRe = new double[n];
        double[] aIm = new double[n];
        double[] pRe = new double[n];
        double[] pIm = new double[n];
        for (int shot = 0; shot < images.size(); shot++) {
            ComplexGrid hu = transfers.get(shot).absorption();
            ComplexGrid hp = transfers.get(shot).phase();
            ComplexGrid image = Fourier.forward(ComplexGrid.ofReal(images.get(shot)));
            for (int i = 0; i < n; i++) {
                aa[i] += hu.re()[i] * hu.re()[i] + hu.im()[i] * hu.im()[i];
                pp[i] += hp.re()[i] * hp.re()[i] + hp.im()[i] * hp.im()[i];
                apRe[i] += hu.re()[i] * hp.re()[i] + hu.im()[i] * hp.im()[i];
                apIm[i] += hu.re()[i] * hp.im()[i] - hu.im()[i] * hp.re()[i];
                aRe[i] += hu.re()[i] * image.re()[i] + hu.im()[i] * image.im()[i];
                aIm[i] += hu.re()[i] * image.im()[i] - hu.im()[i] * image.re()[i];
                pRe[i] += hp.re()[i] * image.re()[i] + hp.im()[i] * image.im()[i];
                pIm[i] += hp.re()[i] * image.im()[i] - hp.im()[i] * image.re()[i];
            }
        }
        ComplexGrid absorption = new ComplexGrid(height, width);
        ComplexGrid phase = new ComplexGrid(height, width);
        for (int i = 0; i < n; i++) {
            double a = aa[i] + absorptionWeight;
            double d = pp[i] + phaseWeight;
            double determinant = a * d - apRe[i] * apRe[i] - apIm[i] * apIm[i];
            absorption.re()[i] = (d * aRe[i] - (apRe[i] * pRe[i] - apIm[i] * pIm[i])) / determinant;
            absorption.im()[i] = (d * aIm[i] - (apRe[i] * pIm[i] + apIm[i] * pRe[i])) / determinant;
            phase.re()[i] = (a * pRe[i] - (apRe[i] * aRe[i] + apIm[i] * aIm[i])) / determinant;
            phase.im()[i] = (a * pIm[i] - (apRe[i] * aIm[i] - apIm[i] * aRe[i])) / determinant;
        }
        return new Solution(Fourier.inverse(absorption).real(), Fourier.inverse(phase).real());
    }
}
