package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.WeakObjectTransfer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Weights of the conventional reconstruction (see {@link WeakObjectEquations}).
 *
 * @param absorption ra, positive
 * @param phase rp, positive; of a phase in radians
 */
public record TikhonovWeights(double absorption, double phase) {
    /** Weights are sought between these powers of ten, relative to the largest sum |H|^2 of any frequency. */
    private static final int LEAST = -7;

    private static final int LARGEST = 2;
    /** Factors are refined to this power of ten. */
    private static final double FINEST = 0.125;
    /** As many frequencies tell the weights as well as all of them. */
    private static final int FREQUENCIES = 1 << 12;

    public TikhonovWeights {
        require(absorption > 0 && phase > 0, "Tikhonov weights must be positive, got %s and %s", absorption, phase);
    }

    /**
     * The weights that leave the least generalised cross-validation error (Golub, Heath and Wahba, Technometrics 21,
     * 215 (1979)):
     *
     * <pre>mean |(1 - M) b|^2 / (1 - mean trace M)^2,    M = A (A'A + r)^-1 A'</pre>
     *
     * over all frequencies of all shots b but the mean: how well each value is foretold by all others.
     *
     * @param spectra of the shots
     * @param transfers of the shots
     * @param absorption the weight where it is known
     * @param phase the weight where it is known
     */
    static TikhonovWeights crossValidated(
            List<ComplexGrid> spectra,
            List<WeakObjectTransfer> transfers,
            Optional<Double> absorption,
            Optional<Double> phase) {
        if (absorption.isPresent() && phase.isPresent()) return new TikhonovWeights(absorption.get(), phase.get());
        int count = spectra.getFirst().re().length;
        // An odd step, lest frequencies of a few columns only be looked at.
        int step = Math.max(1, count / FREQUENCIES) | 1;
        int[] frequencies = IntStream.iterate(1, i -> i < count, i -> i + step).toArray();
        double absorptionScale = absorption.orElseGet(() ->
                largest(transfers.stream().map(WeakObjectTransfer::absorption).toList()));
        double phaseScale = phase.orElseGet(
                () -> largest(transfers.stream().map(WeakObjectTransfer::phase).toList()));
        double bestAbsorption = 0;
        double bestPhase = 0;
        double least = Double.POSITIVE_INFINITY;
        for (double width = 1; width >= FINEST; width /= 2) {
            boolean first = width == 1;
            double middleAbsorption = bestAbsorption;
            double middlePhase = bestPhase;
            for (double a : powers(first, absorption.isPresent(), middleAbsorption, width)) {
                for (double p : powers(first, phase.isPresent(), middlePhase, width)) {
                    double error = error(
                            spectra,
                            transfers,
                            frequencies,
                            new TikhonovWeights(absorptionScale * Math.pow(10, a), phaseScale * Math.pow(10, p)));
                    if (error < least) {
                        least = error;
                        bestAbsorption = a;
                        bestPhase = p;
                    }
                }
            }
        }
        return new TikhonovWeights(
                absorptionScale * Math.pow(10, bestAbsorption), phaseScale * Math.pow(10, bestPhase));
    }

    private static double[] powers(boolean first, boolean known, double middle, double width) {
        if (known) return new double[1];
        return first
                ? IntStream.rangeClosed(LEAST, LARGEST).asDoubleStream().toArray()
                : new double[] {middle - width, middle, middle + width};
    }

    private static double largest(List<ComplexGrid> transfers) {
        double largest = 0;
        for (int i = 0; i < transfers.getFirst().re().length; i++) {
            double sum = 0;
            for (ComplexGrid h : transfers) sum += h.re()[i] * h.re()[i] + h.im()[i] * h.im()[i];
            largest = Math.max(largest, sum);
        }
        return largest;
    }

    private static double error(
            List<ComplexGrid> spectra, List<WeakObjectTransfer> transfers, int[] frequencies, TikhonovWeights weights) {
        WeakObjectEquations equations = new WeakObjectEquations(spectra, transfers, weights.absorption, weights.phase);
        double rest = 0;
        double trace = 0;
        for (int i : frequencies) {
            equations.at(i);
            rest += equations.unexplained();
            trace += equations.trace();
        }
        double free = 1 - trace / (frequencies.length * (double) spectra.size());
        return rest / (free * free);
    }
}
