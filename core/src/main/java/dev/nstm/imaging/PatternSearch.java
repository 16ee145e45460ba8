package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.BandOverlap;
import dev.nstm.optics.BandSeparation;
import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.ComplexGrid3D;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LightPattern;
import dev.nstm.optics.LinePattern;
import dev.nstm.optics.Modulation;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.VolumeOptics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds angle and line spacing of a light pattern from its images alone. Where band 0 and a band of higher order show
 * the same frequencies of the specimen they differ by a shift: conj(band 0) times the band is a plane wave, whose
 * frequency is the peak of its spectrum. Peaks of all orders are refined between the samples of the spectrum and judged
 * by all orders together: in dim light only the first order may be visible, while the highest order gives the spacing
 * most precisely.
 */
public final class PatternSearch {
    /**
     * Patterns whose highest band is shifted by less than this share of the lateral cutoff are not sought: at such
     * shifts the specimen correlates with itself.
     */
    private static final double LEAST = 0.4;
    /** Band 0 is left out below this share of the lateral cutoff. */
    private static final double LOW = 0.25;
    /** Shifts whose overlap holds less than this share of the largest overlap's power are not trusted. */
    private static final double LEAST_OVERLAP = 1e-4;

    private static final int CANDIDATES = 12;
    private static final double FINEST_STEP = 1e-3;
    /** Gratings closer in direction than this are one. */
    private static final double LEAST_SINE = 0.1;

    private final ComplexGrid3D[] spectra;
    private final RadialOtf otf;
    private final VolumeOptics optics;

    /**
     * @param images of one direction, one per phase
     * @param phases of the first order in each image, radians
     */
    public PatternSearch(List<Grid3D> images, double[] phases, RadialOtf otf, VolumeOptics optics) {
        require(otf.bands() >= 2, "a pattern can only be found where the OTF has more than one band");
        spectra = Arrays.stream(new BandSeparation(phases, otf.bands()).separate(images))
                .map(Fourier::forward)
                .toArray(ComplexGrid3D[]::new);
        this.otf = otf;
        this.optics = optics;
    }

    /** The line pattern for which all orders together give the strongest evidence. */
    public LightPattern find() {
        List<LinePattern> candidates = new ArrayList<>();
        for (int order = 1; order < spectra.length; order++)
            candidates.addAll(candidates(order, order / (spectra.length - 1.0)));
        require(!candidates.isEmpty(), "the images show no pattern: no frequency of any band stands out");
        LinePattern best = candidates.stream()
                .max(Comparator.comparingDouble(this::evidence))
                .orElseThrow();
        // A refinement uses the overlap of the pattern it starts from, which is a little off; starting again from its
        // result corrects this.
        return LightPattern.lines(refine(best, sharpest(best)), spectra.length);
    }

    /**
     * A separate grating for every order; empty where one of them does not stand out or two have the same direction:
     * then the light may be a line pattern.
     */
    public Optional<LightPattern> findLattice() {
        List<LinePattern> gratings = new ArrayList<>();
        for (int order = 1; order < spectra.length; order++) {
            int own = order;
            Optional<LinePattern> best =
                    candidates(order, 1).stream().max(Comparator.comparingDouble(pattern -> evidence(pattern, own)));
            if (best.isEmpty()) return Optional.empty();
            LinePattern grating = refine(best.get(), order).multiple(order);
            boolean apart = gratings.stream()
                    .allMatch(other -> Math.abs(Math.sin(other.angle() - grating.angle())) > LEAST_SINE);
            if (!apart || modulation(grating, order).verdict() != Modulation.Verdict.GOOD) return Optional.empty();
            gratings.add(grating);
        }
        return Optional.of(LightPattern.lattice(gratings));
    }

    /**
     * The pattern with its gratings reversed where this fits the direction in which the phases were stepped: a grating
     * and its opposite describe the same lines. Gratings that are multiples of one are reversed together, others one by
     * one.
     */
    public LightPattern facing(LightPattern pattern) {
        if (pattern.lines())
            return evidence(pattern.first().opposite()) > evidence(pattern.first()) ? pattern.opposite() : pattern;
        List<LinePattern> facing = new ArrayList<>();
        for (int order = 1; order < spectra.length; order++) {
            LinePattern grating = pattern.grating(order);
            facing.add(
                    modulation(grating.opposite(), order).evidence()
                                    > modulation(grating, order).evidence()
                            ? grating.opposite()
                            : grating);
        }
        return LightPattern.lattice(facing);
    }

    /** Sum of the squared evidence for each order of a line pattern. */
    private double evidence(LinePattern first) {
        double sum = 0;
        for (int order = 1; order < spectra.length; order++) sum += Math.pow(evidence(first, order), 2);
        return sum;
    }

    private double evidence(LinePattern first, int order) {
        return modulation(first.multiple(order), order).evidence();
    }

    /** @param grating of this order */
    private Modulation modulation(LinePattern grating, int order) {
        return Modulation.of(overlap(grating, order), order, 0, 0);
    }

    private BandOverlap overlap(LinePattern grating, int order) {
        return BandOverlap.of(spectra[0], spectra[order], order, grating, otf, optics);
    }

    /** The order that tells the spacing best: an error of the spacing shifts order o by o times as much. */
    private int sharpest(LinePattern first) {
        return IntStream.range(1, spectra.length)
                .boxed()
                .max(Comparator.comparingDouble(order -> order * evidence(first, order)))
                .orElseThrow();
    }

    /**
     * The shift k at which the overlaps of both bands correlate best, over all samples of the spectrum at once:
     *
     * <pre>
     * sum conj(B_0(f) O_h(f - k)) B_h(f - k) O_0(f) / sqrt( sum |B_0(f) O_h(f - k)|^2  sum |B_h(f - k) O_0(f)|^2 ),
     * </pre>
     *
     * where the numerator and both sums of the denominator are correlations over the lateral frequencies f, computed by
     * transforms on a grid twice as wide, on which nothing wraps around. Low frequencies of band 0 are left out: there,
     * out-of-focus light and the jump between opposite borders outweigh the specimen. The best shifts are refined,
     * because the peak may lie between samples that have only half its height. They are then judged again by the
     * overlap that the reconstruction uses.
     *
     * @param share frequency of this order relative to the finest pattern's frequency: less than 1 where higher orders
     *     are multiples of this one
     */
    private List<LinePattern> candidates(int order, double share) {
        ComplexGrid3D central = spectra[0];
        ComplexGrid3D high = spectra[order];
        double least = share * LEAST * optics.lateralCutoff();
        // No two waves in the medium make finer lines.
        double most = share * 2 * optics.mediumIndex() / optics.excitationWavelength();
        int height = 2 * central.height();
        int width = 2 * central.width();
        ComplexGrid3D centralOtf = otf.expand(0, central.depth(), central.height(), central.width(), optics, 0, 0);
        ComplexGrid3D highOtf = otf.expand(order, central.depth(), central.height(), central.width(), optics, 0, 0);
        ComplexGrid3D varying = withoutLow(central, optics);
        ComplexGrid3D varyingOtf = withoutLow(centralOtf, optics);
        ComplexGrid cross = new ComplexGrid(height, width);
        ComplexGrid centralPower = new ComplexGrid(height, width);
        ComplexGrid highPower = new ComplexGrid(height, width);
        for (int z = 0; z < central.depth(); z++) {
            addProduct(cross, matched(varying, centralOtf, z, optics), matched(high, highOtf, z, optics));
            addProduct(centralPower, power(varying, z, optics), power(highOtf, z, optics));
            addProduct(highPower, power(varyingOtf, z, optics), power(high, z, optics));
        }
        ComplexGrid correlation = Fourier.forward(cross);
        ComplexGrid first = Fourier.forward(centralPower);
        ComplexGrid second = Fourier.forward(highPower);
        double enough = 0;
        for (int i = 0; i < height * width; i++) enough = Math.max(enough, first.re()[i] * second.re()[i]);
        enough *= LEAST_OVERLAP;
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < height * width; i++) {
            // The grid is twice as wide in frequency, so its samples in space are half as far apart.
            double fx = Grid2D.frequency(i % width, width, optics.pixelSize() / 2);
            double fy = Grid2D.frequency(i / width, height, optics.pixelSize() / 2);
            double size = first.re()[i] * second.re()[i];
            double shift = Math.hypot(fx, fy);
            if (shift < least || shift > most || size < enough) continue;
            candidates.add(new Candidate(
                    -fx, -fy, Math.hypot(correlation.re()[i], correlation.im()[i]) / Math.sqrt(size)));
        }
        return candidates.stream()
                .sorted(Comparator.comparingDouble(Candidate::score).reversed())
                .limit(CANDIDATES)
                .map(candidate -> refine(pattern(candidate.kx, candidate.ky, order), order))
                .toList();
    }

    private record Candidate(double kx, double ky, double score) {}

    private static ComplexGrid3D withoutLow(ComplexGrid3D spectrum, VolumeOptics optics) {
        ComplexGrid3D copy = new ComplexGrid3D(
                spectrum.depth(),
                spectrum.height(),
                spectrum.width(),
                spectrum.re().clone(),
                spectrum.im().clone());
        for (int i = 0; i < copy.re().length; i++) {
            double fx = Grid2D.frequency(i % spectrum.width(), spectrum.width(), optics.pixelSize());
            double fy =
                    Grid2D.frequency(i / spectrum.width() % spectrum.height(), spectrum.height(), optics.pixelSize());
            if (Math.hypot(fx, fy) >= LOW * optics.lateralCutoff()) continue;
            copy.re()[i] = 0;
            copy.im()[i] = 0;
        }
        return copy;
    }

    /** sum += conj(a) b. */
    private static void addProduct(ComplexGrid sum, ComplexGrid a, ComplexGrid b) {
        for (int i = 0; i < sum.re().length; i++) {
            sum.re()[i] += a.re()[i] * b.re()[i] + a.im()[i] * b.im()[i];
            sum.im()[i] += a.re()[i] * b.im()[i] - a.im()[i] * b.re()[i];
        }
    }

    /** IFFT of a plane of spectrum times conj(OTF). */
    private static ComplexGrid matched(ComplexGrid3D spectrum, ComplexGrid3D otf, int z, VolumeOptics optics) {
        return widened(spectrum, z, optics, (wide, to, from) -> {
            wide.re()[to] = spectrum.re()[from] * otf.re()[from] + spectrum.im()[from] * otf.im()[from];
            wide.im()[to] = spectrum.im()[from] * otf.re()[from] - spectrum.re()[from] * otf.im()[from];
        });
    }

    /** IFFT of a plane of squared magnitudes. */
    private static ComplexGrid power(ComplexGrid3D spectrum, int z, VolumeOptics optics) {
        return widened(spectrum, z, optics, (wide, to, from) -> wide.re()[to] = spectrum.power(from));
    }

    private interface Filling {
        void fill(ComplexGrid wide, int to, int from);
    }

    /** A plane inside the lateral cutoff on a grid twice as wide, in real space. */
    private static ComplexGrid widened(ComplexGrid3D spectrum, int z, VolumeOptics optics, Filling filling) {
        int height = spectrum.height();
        int width = spectrum.width();
        ComplexGrid wide = new ComplexGrid(2 * height, 2 * width);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double fx = Grid2D.frequency(x, width, optics.pixelSize());
                double fy = Grid2D.frequency(y, height, optics.pixelSize());
                if (Math.hypot(fx, fy) > optics.lateralCutoff()) continue;
                int row = fy < 0 ? height + y : y;
                int column = fx < 0 ? width + x : x;
                filling.fill(wide, row * 2 * width + column, (z * height + y) * width + x);
            }
        }
        return Fourier.inverse(wide);
    }

    private static LinePattern pattern(double kx, double ky, int order) {
        return new LinePattern(Math.atan2(ky, kx), order / Math.hypot(kx, ky));
    }

    /**
     * Maximises |sum conj(central) shifted exp(2 pi i d.r)| over the correction d, halving the step where nothing
     * gains.
     */
    private LinePattern refine(LinePattern pattern, int order) {
        ComplexGrid product = overlap(pattern.multiple(order), order).products();
        int height = product.height();
        int width = product.width();
        double unitX = 1 / (width * optics.pixelSize());
        double unitY = 1 / (height * optics.pixelSize());
        double x = 0;
        double y = 0;
        double best = strength(product, 0, 0);
        for (double step = 0.5; step > FINEST_STEP; ) {
            double[][] candidates = {{x - step, y}, {x + step, y}, {x, y - step}, {x, y + step}};
            double before = best;
            for (double[] candidate : candidates) {
                double strength = strength(product, candidate[0], candidate[1]);
                if (strength > best) {
                    best = strength;
                    x = candidate[0];
                    y = candidate[1];
                }
            }
            if (best == before) step /= 2;
        }
        return pattern(order * pattern.kx() + x * unitX, order * pattern.ky() + y * unitY, order);
    }

    /** |sum product exp(2 pi i d.r)|, d in samples of the spectrum. */
    private static double strength(ComplexGrid product, double dx, double dy) {
        double re = 0;
        double im = 0;
        int height = product.height();
        int width = product.width();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double angle = 2 * Math.PI * (dx * x / width + dy * y / height);
                double cos = Math.cos(angle);
                double sin = Math.sin(angle);
                int i = y * width + x;
                re += product.re()[i] * cos - product.im()[i] * sin;
                im += product.re()[i] * sin + product.im()[i] * cos;
            }
        }
        return Math.hypot(re, im);
    }
}
