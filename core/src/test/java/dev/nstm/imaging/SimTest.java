package dev.nstm.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.autodiff.Graph;
import dev.nstm.autodiff.Leaf;
import dev.nstm.autodiff.PatternedFilterBank;
import dev.nstm.device.Device;
import dev.nstm.device.TestDevice;
import dev.nstm.metrics.Trajectory;
import dev.nstm.optics.Apodization;
import dev.nstm.optics.BandSeparation;
import dev.nstm.optics.ComplexGrid3D;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LightPattern;
import dev.nstm.optics.LinePattern;
import dev.nstm.optics.Modulation;
import dev.nstm.optics.Oversampling;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.TheoreticalOtf;
import dev.nstm.optics.VolumeOptics;
import dev.nstm.simulate.MovingFilaments;
import dev.nstm.simulate.SimImaging;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("device")
class SimTest {
    private static final VolumeOptics CAMERA = new VolumeOptics(0.525, 0.488, 1.2, 1.33, 0.08, 0.15);
    private final SplittableRandom random = Seeds.random();

    private SimInstrument instrument(VolumeOptics optics, RadialOtf otf, int phases, LinePattern... patterns) {
        List<List<Modulation>> modulations = new ArrayList<>();
        for (int i = 0; i < patterns.length; i++) {
            double phase = 6 * random.nextDouble() - 3;
            List<Modulation> orders = new ArrayList<>();
            for (int order = 0; order < otf.bands(); order++)
                orders.add(order == 0 ? Modulation.CENTRAL : new Modulation(phase, 1, 1, Double.POSITIVE_INFINITY));
            modulations.add(orders);
        }
        double[] brightness = new double[patterns.length];
        Arrays.fill(brightness, 1);
        return new SimInstrument(
                optics,
                Arrays.stream(patterns)
                        .map(pattern -> LightPattern.lines(pattern, otf.bands()))
                        .toList(),
                BandSeparation.evenPhases(phases),
                Collections.nCopies(patterns.length, otf),
                modulations,
                brightness);
    }

    private static List<List<Grid3D>> images(Grid3D density, SimInstrument instrument, int binning) {
        List<List<Grid3D>> images = new ArrayList<>();
        for (int direction = 0; direction < instrument.directions(); direction++) {
            List<Grid3D> taken = new ArrayList<>();
            for (int phase = 0; phase < instrument.phases().length; phase++)
                taken.add(SimImaging.image(density, instrument, direction, phase, binning));
            images.add(taken);
        }
        return images;
    }

    @Test
    void unequalPhasesAreSeparatedExactly() {
        double[] phases = {0.1, 1.0, 2.9, 3.7, 4.4, 5.9};
        double[] a = {2, 0.7, -0.4};
        double[] b = {0, 0.3, 0.9};
        List<Grid3D> images = new ArrayList<>();
        for (double phase : phases) {
            Grid3D image = new Grid3D(1, 1, 1);
            for (int o = 0; o < 3; o++) image.values()[0] += a[o] * Math.cos(o * phase) + b[o] * Math.sin(o * phase);
            images.add(image);
        }
        ComplexGrid3D[] bands = new BandSeparation(phases, 3).separate(images);
        assertEquals(a[0], bands[0].re()[0], 1e-12);
        for (int o = 1; o < 3; o++) {
            assertEquals(a[o] / 2, bands[o].re()[0], 1e-12);
            assertEquals(b[o] / 2, bands[o].im()[0], 1e-12);
        }
    }

    @Test
    void phasesThatCannotSeparateTheOrdersAreRefused() {
        assertTrue(assertThrows(InvalidInputException.class, () -> new BandSeparation(new double[] {0, 1, 2, 3}, 3))
                .getMessage()
                .contains("at least 5"));
        assertTrue(assertThrows(InvalidInputException.class, () -> new BandSeparation(new double[] {0, 1, 1, 1}, 2))
                .getMessage()
                .contains("coincide"));
    }

    @Test
    void aPatternBeyondTheBandLimitIsRefused() {
        RadialOtf otf = TheoreticalOtf.of(CAMERA, TheoreticalOtf.Light.twoBeams(), 32, 1);
        LightPattern fine = LightPattern.lines(new LinePattern(0, 0.1), 2);
        List<List<Grid3D>> images = List.of(Collections.nCopies(3, new Grid3D(1, 32, 32)));
        assertTrue(assertThrows(
                        InvalidInputException.class,
                        () -> SimInstrument.estimate(
                                images, CAMERA, List.of(fine), BandSeparation.evenPhases(3), List.of(otf), 0, 2))
                .getMessage()
                .contains("0.1 um"));
    }

    /** Scenes of fixed seeds: of 300 flat ones like these, 64 pixels wide, one is found 0.6 % beside its spacing. */
    @ParameterizedTest
    @CsvSource({"1,3,0.24,0", "1,3,0.24,1", "1,3,0.24,155", "5,5,0.46,0", "5,5,0.46,1", "5,5,0.46,95"})
    void theSearchFindsPatternsThatItIsNotTold(int depth, int phases, double spacing, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RadialOtf otf = phases == 3
                ? TheoreticalOtf.of(CAMERA, TheoreticalOtf.Light.twoBeams(), 128, 1)
                : TheoreticalOtf.of(CAMERA, TheoreticalOtf.Light.threeBeams(CAMERA, 1 / spacing), 128, 32);
        LinePattern truth = new LinePattern(6 * random.nextDouble() - 3, spacing * (1 + 0.02 * random.nextDouble()));
        SimInstrument instrument = instrument(CAMERA.oversampled(2), otf, phases, truth);
        Grid3D density = new MovingFilaments(depth, 128, 128, 0, 0, random.nextLong()).at(0);
        List<Grid3D> images = images(density, instrument, 2).getFirst();
        LightPattern light = new PatternSearch(images, instrument.phases(), otf, CAMERA).find();
        LinePattern found = light.first();
        assertEquals(0, Math.IEEEremainder(found.angle() - truth.angle(), 2 * Math.PI), Math.toRadians(0.5));
        assertEquals(truth.lineSpacing(), found.lineSpacing(), 0.005 * truth.lineSpacing());
        SimInstrument estimated = SimInstrument.estimate(
                List.of(images), CAMERA, List.of(light), instrument.phases(), List.of(otf), 0, 8);
        assertTrue(
                estimated.modulations().getFirst().getLast().correlation() > 0.8,
                "correlation " + estimated.modulations().getFirst().getLast().correlation());
        for (int order = 1; order < otf.bands(); order++)
            assertEquals(1, estimated.amplitude(0, order), 0.1, "strength of order " + order);
        double phase = estimated.modulations().getFirst().getLast().phase()
                - instrument.modulations().getFirst().getLast().phase();
        assertEquals(0, Math.IEEEremainder(phase * (otf.bands() - 1), 2 * Math.PI), 0.15, "starting phase");
    }

    @Test
    void aDirectionWithoutModulationHasNoStrengthInItsHigherBands() {
        RadialOtf otf = TheoreticalOtf.of(CAMERA, TheoreticalOtf.Light.twoBeams(), 64, 1);
        Grid3D flat = new Grid3D(1, 32, 32);
        Arrays.fill(flat.values(), 1);
        SimInstrument estimated = SimInstrument.estimate(
                List.of(Collections.nCopies(3, flat)),
                CAMERA,
                List.of(LightPattern.lines(new LinePattern(0.3, 0.24), 2)),
                BandSeparation.evenPhases(3),
                List.of(otf),
                0,
                2);
        assertEquals(0, estimated.modulations().getFirst().getLast().correlation(), 1e-6);
        assertTrue(Double.isFinite(estimated.amplitude(0, 1)));
    }

    /** The image of a point anywhere in a larger field, on a background, has the transfer function that made it. */
    @Test
    void aBeadImageGivesTheTransferFunctionThatMadeIt() {
        TheoreticalOtf.Light light = TheoreticalOtf.Light.threeBeams(CAMERA, 2.1);
        RadialOtf theory = TheoreticalOtf.of(CAMERA, light, 64, 16);
        Grid3D point = new Grid3D(16, 64, 64);
        point.values()[(7 * 64 + 33) * 64 + 30] = 1;
        ComplexGrid3D spectrum = Fourier.forward(ComplexGrid3D.ofReal(point));
        ComplexGrid3D otf = theory.expand(0, 16, 64, 64, CAMERA, 0, 0);
        for (int i = 0; i < otf.re().length; i++) {
            double re = spectrum.re()[i];
            spectrum.re()[i] = re * otf.re()[i];
            spectrum.im()[i] *= otf.re()[i];
        }
        double[] image = Arrays.stream(Fourier.inverse(spectrum).re())
                .map(value -> 100 + 500 * value)
                .toArray();
        RadialOtf found = TheoreticalOtf.ofBead(CAMERA, light, new Grid3D(16, 64, 64, image));
        for (int band = 0; band < 3; band++) {
            for (int radius = 1; radius < 20; radius++) {
                int at = (band * 33 + radius) * 16;
                assertEquals(theory.re()[at], found.re()[at], 0.05, "band " + band + ", radius " + radius);
                assertEquals(0, found.im()[at], 0.02);
            }
        }
    }

    /**
     * Lines at 0.6 of the finest period that a widefield microscope passes: invisible there, resolved by the Wiener
     * filter.
     */
    @Test
    void theWienerReconstructionDoublesTheResolution() {
        RadialOtf otf = TheoreticalOtf.of(CAMERA, TheoreticalOtf.Light.twoBeams(), 128, 1);
        VolumeOptics fine = CAMERA.oversampled(2);
        LinePattern[] patterns = {new LinePattern(0.02, 0.24), new LinePattern(1.07, 0.24), new LinePattern(2.12, 0.24)
        };
        SimInstrument instrument = instrument(fine, otf, 3, patterns);
        int size = 144;
        double period = 0.6 / CAMERA.lateralCutoff();
        // A whole number of periods, so that the lines go on across the border.
        int cycles = (int) Math.round(size * fine.pixelSize() / period);
        Grid3D lines = new Grid3D(1, size, size);
        for (int i = 0; i < lines.values().length; i++)
            lines.values()[i] = 1 + Math.cos(2 * Math.PI * cycles * (i % size) / size);
        List<List<Grid3D>> images = images(lines, instrument, 1);
        Grid3D wiener = WienerSim.solve(instrument, images, new WienerSim.Settings(1e-4, 0, 0.3));
        assertTrue(
                contrast(Grid3D.mean(images.stream().flatMap(List::stream).toList()), cycles) < 1e-6,
                "the widefield image shows nothing");
        double window = 1
                / Apodization.inverse(1, size, size, fine, instrument.largestFrequency(), 1e-2)
                        .get(0, 0, cycles);
        assertEquals(
                window,
                contrast(wiener, cycles),
                0.2 * window,
                "the lines' full contrast of 1, seen through the apodisation");
    }

    /** Amplitude of the lines relative to the mean. */
    private static double contrast(Grid3D image, int cycles) {
        ComplexGrid3D spectrum = Fourier.forward(ComplexGrid3D.ofReal(image));
        return 2 * Math.sqrt(spectrum.power(cycles)) / Math.sqrt(spectrum.power(0));
    }

    /**
     * The differentiable model against the images that the simulation makes in double precision, with padding on every
     * side.
     */
    @Test
    void theForwardModelMakesTheSimulatedImages() {
        RadialOtf otf = TheoreticalOtf.of(CAMERA, TheoreticalOtf.Light.threeBeams(CAMERA, 1 / 0.46), 64, 16);
        SimInstrument instrument = instrument(CAMERA, otf, 5, new LinePattern(0.4, 0.46), new LinePattern(1.9, 0.46));
        int[] padding = {2, 3, 4};
        Grid3D density = new Grid3D(3 + 4, 20 + 6, 24 + 8);
        for (int i = 0; i < density.values().length; i++) density.values()[i] = random.nextDouble();
        List<Grid3D> blank = Collections.nCopies(10, new Grid3D(3, 20, 24));
        SimSystem system = new SimSystem(instrument, blank, 1, new double[10], new SimSystem.Loss(2, 0, 0), padding);
        Grid3D inverse = Apodization.inverse(
                density.depth(), density.height(), density.width(), CAMERA, instrument.largestFrequency(), 1e-2);
        ComplexGrid3D spectrum = Fourier.forward(ComplexGrid3D.ofReal(density));
        for (int i = 0; i < density.values().length; i++) {
            spectrum.re()[i] *= inverse.values()[i];
            spectrum.im()[i] *= inverse.values()[i];
        }
        Grid3D filtered = Fourier.inverse(spectrum).real();
        try (Device device = TestDevice.open()) {
            Tensor scene = device.allocate(density.depth(), density.height(), density.width());
            float[] values = new float[scene.count()];
            for (int i = 0; i < values.length; i++) values[i] = (float) density.values()[i];
            device.write(scene, values);
            Tensor ones = device.allocate(6);
            device.fill(ones, 1);
            PatternedFilterBank imaging = system.imaging(device, Leaf.constant(scene), Leaf.constant(ones));
            imaging.select(1, 5 + 3);
            Graph.evaluating(device, imaging).forward();
            Grid3D expected = unclipped(filtered, instrument, 1, 3);
            for (int i = 0; i < values.length; i++)
                assertEquals(expected.values()[i], imaging.value().get(i), 2e-4);
        }
    }

    /** The simulated image lifted by a constant so that nothing is cut off at 0. */
    private static Grid3D unclipped(Grid3D density, SimInstrument instrument, int direction, int phase) {
        Grid3D lifted = new Grid3D(
                density.depth(),
                density.height(),
                density.width(),
                Arrays.stream(density.values()).map(value -> value + 100).toArray());
        Grid3D constant = new Grid3D(density.depth(), density.height(), density.width());
        Arrays.fill(constant.values(), 100);
        Grid3D image = SimImaging.image(lifted, instrument, direction, phase, 1);
        Grid3D background = SimImaging.image(constant, instrument, direction, phase, 1);
        for (int i = 0; i < image.values().length; i++)
            image.values()[i] -= background.values()[i];
        return image;
    }

    @ParameterizedTest
    @CsvSource({"9,12,2", "8,10,1.5", "7,5,3", "6,6,1"})
    void oversamplingKeepsTheSamplesThereWere(int height, int width, double factor) {
        Grid3D image = new Grid3D(2, height, width);
        for (int i = 0; i < image.values().length; i++) image.values()[i] = 1 + random.nextDouble();
        Grid3D fine = Oversampling.planes(image, factor);
        assertEquals(height * factor, fine.height());
        int compared = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                // Of 1.5 times as many samples, every third is a second one of before.
                if (y * factor != Math.rint(y * factor) || x * factor != Math.rint(x * factor)) continue;
                assertEquals(image.get(1, y, x), fine.get(1, (int) (y * factor), (int) (x * factor)), 1e-9);
                compared++;
            }
        }
        assertEquals(factor == 1.5 ? height * width / 4 : height * width, compared);
    }

    /** The noise of a camera's pixels is what it was, whatever the factor. */
    @ParameterizedTest
    @CsvSource({"10, 14, 1.5", "9, 15, 2", "15, 9, 2.6666666666666665"})
    void oversamplingIsUndone(int height, int width, double factor) {
        Grid3D image = new Grid3D(1, height, width);
        for (int i = 0; i < image.values().length; i++) image.values()[i] = 10 + random.nextDouble();
        Grid2D once = Oversampling.undone(Oversampling.planes(image, factor).plane(0), height, width);
        Grid2D twice = Oversampling.undone(
                Oversampling.planes(new Grid3D(1, height, width, once.values()), factor)
                        .plane(0),
                height,
                width);
        assertArrayEquals(once.values(), twice.values(), 1e-9);
        // An even size loses the frequency that has no sign.
        if (height % 2 == 1 && width % 2 == 1) assertArrayEquals(image.values(), once.values(), 1e-9);
    }

    @Test
    void oversamplingByAFactorThatLeavesPartOfAPixelIsRefused() {
        assertTrue(assertThrows(InvalidInputException.class, () -> Oversampling.planes(new Grid3D(1, 7, 8), 1.5))
                .getMessage()
                .contains("not whole"));
    }

    @Test
    void patchesCoverTheFieldAndOverlapEnough() {
        for (int round = 0; round < 50; round++) {
            int overlap = random.nextInt(10);
            int patch = overlap + 1 + random.nextInt(40);
            int field = patch + random.nextInt(200);
            int end = 0;
            for (int[] start :
                    PatchPlan.of(new int[] {field}, new int[] {patch}, overlap).starts()) {
                assertTrue(start[0] == 0 || start[0] <= end - overlap, "a gap before " + start[0]);
                end = start[0] + patch;
            }
            assertEquals(field, end);
        }
    }

    @Test
    void aPointFollowsAUniformMotion() {
        int frames = 5;
        float[][][] motion = new float[frames][2][30 * 40];
        for (int t = 0; t < frames; t++) {
            // What lies at p looks where the specimen was: the specimen itself moves the other way.
            Arrays.fill(motion[t][0], -1.5f * t);
            Arrays.fill(motion[t][1], 2f * t);
        }
        double[][] path = new Trajectory(motion, 30, 40).interpolated(10, 25);
        for (int t = 0; t < frames; t++) {
            assertEquals(10 + 1.5 * t, path[t][0], 1e-5);
            assertEquals(25 - 2.0 * t, path[t][1], 1e-5);
        }
    }
}
