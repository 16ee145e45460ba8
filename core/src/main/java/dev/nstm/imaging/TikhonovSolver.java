package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.WeakObjectTransfer;
import java.util.List;

/**
 * Conventional differential phase contrast: regularised least squares for an object that does not move (see
 * {@link WeakObjectEquations}).
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
    public static Solution solve(
            List<Grid2D> images, List<WeakObjectTransfer> transfers, double absorptionWeight, double phaseWeight) {
        require(
                absorptionWeight > 0 && phaseWeight > 0,
                "Tikhonov weights must be positive, got %s and %s",
                absorptionWeight,
                phaseWeight);
        require(
                !images.isEmpty() && images.size() == transfers.size(),
                "%d pictures do not match %d transfer functions",
                images.size(),
                transfers.size());
        int height = images.getFirst().height();
        int width = images.getFirst().width();
        List<ComplexGrid> spectra = images.stream()
                .map(image -> Fourier.forward(ComplexGrid.ofReal(image)))
                .toList();
        WeakObjectEquations equations = new WeakObjectEquations(spectra, transfers, absorptionWeight, phaseWeight);
        ComplexGrid absorption = new ComplexGrid(height, width);
        ComplexGrid phase = new ComplexGrid(height, width);
        for (int i = 0; i < height * width; i++) {
            equations.at(i);
            equations.solve(absorption, phase, i);
        }
        return new Solution(
                Fourier.inverse(absorption).real(), Fourier.inverse(phase).real());
    }
}
