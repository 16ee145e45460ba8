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
