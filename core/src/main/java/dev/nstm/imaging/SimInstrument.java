package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.BandOverlap;
import dev.nstm.optics.BandSeparation;
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
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A structured-illumination microscope as it was when the images were taken.
 *
 * @param optics objective, camera (oversampled pixels) and focus drive
 * @param patterns light pattern of each direction
 * @param phases phase of the first order in each image of a direction, radians
 * @param otfs transfer functions for each direction
 * @param modulations per direction and order from 0; order 0 has phase 0 and strength 1
 * @param brightness of each direction relative to the first
 */
public record SimInstrument(
        VolumeOptics optics,
        List<LightPattern> patterns,
        double[] phases,
        List<RadialOtf> otfs,
        List<List<Modulation>> modulations,
        double[] brightness) {
    /** Transfer values below this are taken for no support. */
    private static final double SUPPORT = 1e-8;

    /** What the light's orders may leave in the mean of a direction's images where the light counts as even. */
    private static final double EVEN = 1e-6;

    private static final int DEEP = 10;
    private static final int CROP = 20;
    private static final int CROPPED_SHARE = 8;

    /**
     * Estimates phase and strength of every order from the images, leaving out two planes at each end of deep stacks
     * and up to 20 pixels at the borders.
     */
    public static SimInstrument estimate(
            List<List<Grid3D>> images,
            VolumeOptics optics,
            List<LightPattern> patterns,
            double[] phases,
            List<RadialOtf> otfs) {
        Grid3D first = images.getFirst().getFirst();
        return estimate(
                images,
                optics,
                patterns,
                phases,
                otfs,
                first.depth() > DEEP ? 2 : 0,
                Math.min(CROP, Math.min(first.height(), first.width()) / CROPPED_SHARE));
    }

    /**
     * Estimates phase and strength of every order from the images.
     *
     * @param images {@code [direction][phase]}
     * @param cropZ planes left out at each end
     * @param crop rows and columns left out at each border
     */
    public static SimInstrument estimate(
            List<List<Grid3D>> images,
            VolumeOptics optics,
            List<LightPattern> patterns,
            double[] phases,
            List<RadialOtf> otfs,
            int cropZ,
            int crop) {
        require(
                patterns.size() == images.size(),
                "there are %d directions but %d patterns (k0 angles and line spacings)",
                images.size(),
                patterns.size());
        require(
                otfs.size() == images.size(),
                "there are %d directions but %d transfer functions",
                images.size(),
                otfs.size());
        int orders = otfs.getFirst().bands();
        BandSeparation separation = new BandSeparation(phases, orders);
        List<List<Modulation>> modulations = new ArrayList<>();
        double[] brightness = new double[images.size()];
        for (int direction = 0; direction < images.size(); direction++) {
            require(
                    patterns.get(direction).gratings().size() >= orders - 1,
                    "direction %d: the pattern has %d gratings but the OTF %d bands beside band 0",
                    direction + 1,
                    patterns.get(direction).gratings().size(),
                    orders - 1);
            checkBandLimit(patterns.get(direction), optics, direction);
            ComplexGrid3D[] bands = separation.separate(images.get(direction));
            for (double value : bands[0].re()) brightness[direction] += Math.abs(value) / bands[0].re().length;
            List<Modulation> found = new ArrayList<>(List.of(Modulation.CENTRAL));
            ComplexGrid3D central = Fourier.forward(bands[0]);
            for (int order = 1; order < orders; order++) {
                BandOverlap overlap = BandOverlap.of(
                        central,
                        Fourier.forward(bands[order]),
                        order,
                        patterns.get(direction).grating(order),
                        otfs.get(direction),
                        optics);
                found.add(Modulation.of(overlap, order, cropZ, crop));
            }
            modulations.add(List.copyOf(found));
        }
        double first = brightness[0];
        require(first > 0, "the images of direction 0 are dark");
        for (int direction = 0; direction < brightness.length; direction++) brightness[direction] /= first;
        return new SimInstrument(optics, patterns, phases, otfs, List.copyOf(modulations), brightness);
    }

    private static void checkBandLimit(LightPattern pattern, VolumeOptics optics, int direction) {
        for (int order = 1; order <= pattern.gratings().size(); order++) {
            double frequency = 1 / pattern.grating(order).lineSpacing();
            require(
                    frequency < 2 * optics.lateralCutoff(),
                    "direction %d: order %d of a line spacing of %s um lies at %s cycles/um, beyond what an NA of %s can light or see (%s); is the spacing that of the first order, in micrometres?",
                    direction,
                    order,
                    pattern.lines()
                            ? pattern.first().lineSpacing()
                            : pattern.grating(order).lineSpacing(),
                    String.format(Locale.ROOT, "%.3g", frequency),
                    optics.numericalAperture(),
                    String.format(Locale.ROOT, "%.3g", 2 * optics.lateralCutoff()));
        }
    }

    /** Whether the light of all images of a direction together shows no pattern. */
    public boolean lightIsEven() {
        return IntStream.range(1, orders())
                .allMatch(order -> Math.hypot(
                                Arrays.stream(phases)
                                        .map(phase -> Math.cos(order * phase))
                                        .sum(),
                                Arrays.stream(phases)
                                        .map(phase -> Math.sin(order * phase))
                                        .sum())
                        < EVEN);
    }

    public int directions() {
        return patterns.size();
    }

    public int orders() {
        return otfs.getFirst().bands();
    }

    /** Phase of an order in an image, at the middle of the picture: order (starting phase - phase step), radians. */
    public double phase(int direction, int image, int order) {
        return order * (modulations.get(direction).get(order).phase() - phases[image]);
    }

    /** Amplitude of an order's cosine as it appears in the images; 0 for an order that does not show at all. */
    public double amplitude(int direction, int order) {
        double strength = modulations.get(direction).get(order).strength();
        return Double.isFinite(strength) ? strength * brightness[direction] : 0;
    }

    /**
     * Share, 0 to 1, of the strongest modulation that light can have: amplitude of an order's cosine in the focal plane
     * relative to the mean light, divided by 2 cos(pi / (floor(n / order) + 2)), the amplitude above which light of n
     * orders would be negative somewhere (Egervary and Szasz, Math. Z. 27, 641 (1928)). Correct only where the bands of
     * the transfer functions have a common scale.
     */
    public double modulation(int direction, int order) {
        RadialOtf otf = otfs.get(direction);
        double light = otf.total(order, optics.lateralCutoff(), axialReach(order, optics.axialCutoff()))
                / otf.total(0, optics.lateralCutoff(), optics.axialCutoff());
        int multiples = patterns.get(direction).lines() ? (orders() - 1) / order : 1;
        return modulations.get(direction).get(order).strength() * light / (2 * Math.cos(Math.PI / (multiples + 2)));
    }

    /** Band 1 of three beams has the pattern's own axial frequency added. */
    private static double axialReach(int order, double cutoff) {
        return order == 1 ? 2 * cutoff : cutoff;
    }

    /** The light's wave vector points the other way than the shift of the bands. */
    public LightPattern light(int direction) {
        return patterns.get(direction).opposite();
    }

    /** Largest frequency of any order of any direction, in cycles per micrometre: the farthest shift of a band. */
    public double largestFrequency() {
        return patterns.stream()
                .mapToDouble(LightPattern::largestFrequency)
                .max()
                .orElseThrow();
    }

    /**
     * 1 at the frequencies that the microscope can carry, 0 elsewhere; zero frequency first. A measured OTF has noise
     * where the objective passes nothing: therefore bands are cut at their theoretical limits, in the plane and along
     * the axis. For order 1 the axial limit includes the pattern's own axial frequency.
     */
    public Grid3D passband(int depth, int height, int width) {
        return support(
                depth,
                height,
                width,
                optics.lateralCutoff(),
                depth == 1 ? Double.POSITIVE_INFINITY : optics.axialCutoff());
    }

    /**
     * 1 at the frequencies where any band of any direction of the OTF is not zero, 0 elsewhere; zero frequency first.
     *
     * @param lateral frequency at which bands end in the plane, in cycles per micrometre; infinite as published
     * @param axial frequency at which they end along the axis, likewise
     */
    public Grid3D support(int depth, int height, int width, double lateral, double axial) {
        Grid3D mask = new Grid3D(depth, height, width);
        add(mask, 0, 0, 0, lateral, axial);
        for (LightPattern pattern : patterns) {
            for (int order = 1; order < orders(); order++) {
                LinePattern grating = pattern.grating(order);
                add(mask, order, grating.kx(), grating.ky(), lateral, axial);
                add(mask, order, -grating.kx(), -grating.ky(), lateral, axial);
            }
        }
        return mask;
    }

    private void add(Grid3D mask, int order, double kx, double ky, double lateral, double axial) {
        int height = mask.height();
        int width = mask.width();
        ComplexGrid3D otf = otfs.getFirst().expand(order, mask.depth(), height, width, optics, kx, ky);
        double farthest = axialReach(order, axial);
        for (int i = 0; i < mask.values().length; i++) {
            double fz = Grid2D.frequency(i / (height * width), mask.depth(), optics.zStep());
            double fy = Grid2D.frequency(i / width % height, height, optics.pixelSize()) - ky;
            double fx = Grid2D.frequency(i % width, width, optics.pixelSize()) - kx;
            boolean passed = Math.hypot(fx, fy) <= lateral && Math.abs(fz) <= farthest;
            if (passed && Math.sqrt(otf.power(i)) > SUPPORT) mask.values()[i] = 1;
        }
    }
}
