package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.WeakObjectTransfer;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes the two channels of a DPC scene equally visible and the slowly varying phase as visible as the sharp one, so
 * that gradient descent recovers all of them at one speed. Differential phase contrast passes little of the low phase
 * frequencies: plain least squares reaches them last. Pictures and transfer functions are filtered alike with
 *
 * <pre>W(f) = (h(f) / max h + floor)^(-1/2),  h(f) = max of sum |Hp(g)|^2 over |g| &lt;= |f|,</pre>
 *
 * which leaves the solution of noiseless data as it is and does not raise the noise near the cutoff, where |Hp| falls
 * again.
 *
 * @param weight W over the frequencies, zero frequency first
 */
public record PhaseWhitening(Grid2D weight) {

    /** @param floor positive; the larger it is, the weaker the whitening: large values leave nothing of it */
    public static PhaseWhitening of(List<WeakObjectTransfer> transfers, double floor) {
        require(floor > 0, "the whitening floor must be positive, got %s", floor);
        int height = transfers.getFirst().phase().height();
        int width = transfers.getFirst().phase().width();
        Grid2D weight = new Grid2D(height, width);
        double largest = 0;
        for (int i = 0; i < weight.values().length; i++) {
            for (WeakObjectTransfer transfer : transfers) weight.values()[i] += power(transfer.phase(), i);
            largest = Math.max(largest, weight.values()[i]);
        }
        require(largest > 0, "no shot shows any phase: every source is symmetric");
        keepRising(weight);
        for (int i = 0; i < weight.values().length; i++)
            weight.values()[i] = 1 / Math.sqrt(weight.values()[i] / largest + floor);
        return new PhaseWhitening(weight);
    }

    /**
     * Radians that are as visible as an absorption of 1: (max sum |Hu|^2 / max sum |Hp|^2)^(1/2); 1 where no phase
     * shows.
     */
    public static double phaseUnit(List<WeakObjectTransfer> transfers) {
        double largestAbsorption = 0;
        double largestPhase = 0;
        for (int i = 0; i < transfers.getFirst().phase().re().length; i++) {
            double absorption = 0;
            double phase = 0;
            for (WeakObjectTransfer transfer : transfers) {
                absorption += power(transfer.absorption(), i);
                phase += power(transfer.phase(), i);
            }
            largestAbsorption = Math.max(largestAbsorption, absorption);
            largestPhase = Math.max(largestPhase, phase);
        }
        return largestPhase > 0 ? Math.sqrt(largestAbsorption / largestPhase) : 1;
    }

    /** Replaces every value by the largest one at this or any lower frequency. */
    private static void keepRising(Grid2D power) {
        int height = power.height();
        int width = power.width();
        double[] radius = new double[height * width];
        for (int i = 0; i < radius.length; i++) {
            radius[i] = Math.hypot(
                    (double) Math.min(i / width, height - i / width) / height,
                    (double) Math.min(i % width, width - i % width) / width);
        }
        double largest = 0;
        for (int i : IntStream.range(0, radius.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> radius[i]))
                .toList()) {
            largest = Math.max(largest, power.values()[i]);
            power.values()[i] = largest;
        }
    }

    private static double power(ComplexGrid grid, int i) {
        return grid.re()[i] * grid.re()[i] + grid.im()[i] * grid.im()[i];
    }

    /** The same filter for pictures reduced to their low frequencies. */
    PhaseWhitening reduced(int height, int width) {
        ComplexGrid all = new ComplexGrid(weight.height(), weight.width());
        System.arraycopy(weight.values(), 0, all.re(), 0, all.re().length);
        return new PhaseWhitening(
                new Grid2D(height, width, all.lowFrequencies(height, width, 1).re()));
    }

    /** A picture filtered with W. */
    public Grid2D filter(Grid2D image) {
        return Fourier.inverse(filter(Fourier.forward(image))).real();
    }

    /** Both transfer functions filtered with W. */
    public WeakObjectTransfer filter(WeakObjectTransfer transfer) {
        return new WeakObjectTransfer(filter(transfer.absorption()), filter(transfer.phase()));
    }

    private ComplexGrid filter(ComplexGrid grid) {
        ComplexGrid scaled = new ComplexGrid(grid.height(), grid.width());
        for (int i = 0; i < scaled.re().length; i++) {
            scaled.re()[i] = grid.re()[i] * weight.values()[i];
            scaled.im()[i] = grid.im()[i] * weight.values()[i];
        }
        return scaled;
    }
}
