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

    public static Solution solve(List<Grid2D> images, List<WeakObjectTransfer> transfers, TikhonovWeights weights) {
        return solveSpectra(images.stream().map(Fourier::forward).toList(), transfers, weights);
    }

    /** @param spectra of the images */
    static Solution solveSpectra(
            List<ComplexGrid> spectra, List<WeakObjectTransfer> transfers, TikhonovWeights weights) {
        require(
                !spectra.isEmpty() && spectra.size() == transfers.size(),
                "%d pictures do not match %d transfer functions",
                spectra.size(),
                transfers.size());
        int height = spectra.getFirst().height();
        int width = spectra.getFirst().width();
        WeakObjectEquations equations =
                new WeakObjectEquations(spectra, transfers, weights.absorption(), weights.phase());
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
