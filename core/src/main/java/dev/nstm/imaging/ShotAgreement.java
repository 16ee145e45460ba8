package dev.nstm.imaging;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.WeakObjectTransfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How far DPC shots agree with each other. Absorption and phase are two unknowns per frequency; more than two shots
 * determine them more than once. What least squares leaves unexplained over all frequencies is due to motion, to noise,
 * or to light that came from another direction than assumed. What it leaves unexplained at the lowest frequencies,
 * which motion hardly changes, is due to light whose unevenness differs from shot to shot.
 */
public final class ShotAgreement {
    /** Frequencies up to this share of the largest that the light carries are slow. */
    private static final double SLOW = 0.04;

    private static final double REGULARISATION = 1e-4;
    /** About this many frequencies, evenly chosen, stand for all of them. */
    private static final int SAMPLES = 20_000;

    private static final double EQUAL = 0.02;

    private final List<ComplexGrid> spectra;
    private final double cutoff;
    private final double pixelSize;

    /**
     * @param spectra of the relative deviations from the background
     * @param cutoff largest frequency that the light carries, in cycles per micrometre
     * @param pixelSize in micrometres
     */
    public ShotAgreement(List<ComplexGrid> spectra, double cutoff, double pixelSize) {
        this.spectra = spectra;
        this.cutoff = cutoff;
        this.pixelSize = pixelSize;
    }

    /** That of shots as they were taken. */
    public static ShotAgreement of(List<Grid2D> images, double cutoff, double pixelSize) {
        return new ShotAgreement(images.stream().map(Fourier::forward).toList(), cutoff, pixelSize);
    }

    /**
     * Square root of the unexplained share of the power at slow frequencies: near 0 for even light; 0 where there are
     * not more shots than unknowns, or no slow frequencies.
     */
    public double slowlyUnexplained(List<WeakObjectTransfer> transfers) {
        return Math.sqrt(unexplained(transfers, within(SLOW * cutoff)));
    }

    /**
     * Share of the shots' power, of all frequencies that the light carries, that an unmoving specimen leaves
     * unexplained.
     */
    public double unexplained(List<WeakObjectTransfer> transfers) {
        return unexplained(transfers, sampled());
    }

    /**
     * Weights of the conventional reconstruction, found by generalised cross-validation.
     *
     * @param absorption the weight where it is known
     * @param phase the weight where it is known
     */
    public TikhonovWeights weights(
            List<WeakObjectTransfer> transfers, Optional<Double> absorption, Optional<Double> phase) {
        return TikhonovWeights.crossValidated(spectra, transfers, absorption, phase);
    }

    /** The conventional reconstruction. */
    public TikhonovSolver.Solution solve(List<WeakObjectTransfer> transfers, TikhonovWeights weights) {
        return TikhonovSolver.solveSpectra(spectra, transfers, weights);
    }

    private int[] sampled() {
        int[] all = within(cutoff);
        int step = Math.max(1, all.length / SAMPLES);
        return IntStream.range(0, all.length / step).map(i -> all[i * step]).toArray();
    }

    private int[] within(double limit) {
        int height = spectra.getFirst().height();
        int width = spectra.getFirst().width();
        return IntStream.range(1, height * width)
                .filter(i -> Math.hypot(
                                Grid2D.frequency(i / width, height, pixelSize),
                                Grid2D.frequency(i % width, width, pixelSize))
                        <= limit)
                .toArray();
    }

    private double unexplained(List<WeakObjectTransfer> transfers, int[] frequencies) {
        if (spectra.size() <= 2) return 0;
        WeakObjectEquations equations = new WeakObjectEquations(spectra, transfers, REGULARISATION, REGULARISATION);
        double power = 0;
        double rest = 0;
        for (int i : frequencies) {
            equations.at(i);
            power += equations.power();
            rest += equations.power() - equations.explained();
        }
        return power > 0 ? Math.max(0, rest) / power : 0;
    }

    /** An order of the shots' lights that explains them better than the one thought of. */
    public record Order(int[] lights, double unexplained) {}

    /**
     * The order of the lights that explains the shots best; of equally good ones, the one that leaves most lights in
     * place. Turning every light to the opposite side only changes the sign of the phase, which the shots cannot
     * reveal.
     *
     * @param transfers of the lights in the order thought of
     */
    public Order bestOrder(List<WeakObjectTransfer> transfers) {
        int[] frequencies = sampled();
        Order best = null;
        for (int[] order : orders(transfers.size())) {
            double rest =
                    unexplained(IntStream.of(order).mapToObj(transfers::get).toList(), frequencies);
            boolean equal = best != null && Math.abs(rest - best.unexplained) <= EQUAL * best.unexplained;
            if (best == null || (equal ? inPlace(order) > inPlace(best.lights) : rest < best.unexplained))
                best = new Order(order, rest);
        }
        return best;
    }

    private static long inPlace(int[] order) {
        return IntStream.range(0, order.length).filter(i -> order[i] == i).count();
    }

    /** All orders of n lights, the given one first. */
    public static List<int[]> orders(int n) {
        List<int[]> orders = List.of(new int[0]);
        for (int length = 0; length < n; length++) {
            List<int[]> longer = new ArrayList<>();
            for (int[] order : orders) {
                for (int light = 0; light < n; light++) {
                    int next = light;
                    if (IntStream.of(order).noneMatch(used -> used == next))
                        longer.add(IntStream.concat(IntStream.of(order), IntStream.of(next))
                                .toArray());
                }
            }
            orders = longer;
        }
        return orders;
    }
}
