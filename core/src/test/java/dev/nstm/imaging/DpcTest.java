package dev.nstm.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.autodiff.Graph;
import dev.nstm.autodiff.Leaf;
import dev.nstm.device.Device;
import dev.nstm.device.TestDevice;
import dev.nstm.metrics.ImageMetrics;
import dev.nstm.metrics.MotionMetrics;
import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import dev.nstm.optics.WeakObjectTransfer;
import dev.nstm.simulate.MovingCells;
import dev.nstm.simulate.WeakObjectPicture;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("device")
class DpcTest {
    private static final Microscope MICROSCOPE = new Microscope(0.525, 0.25, 0.454, 1);

    private static List<WeakObjectTransfer> transfers(double inner, int height, int width, double... rotations) {
        List<Grid2D> sources = new ArrayList<>();
        for (double rotation : rotations) sources.add(Pupils.halfSource(MICROSCOPE, inner, rotation, height, width));
        return DpcSystem.transfers(sources, MICROSCOPE);
    }

    /** Smooth enough to be passed by every transfer function, without a mean. */
    private static Grid2D bandLimited(int height, int width, SplittableRandom random) {
        Grid2D grid = new Grid2D(height, width);
        for (int i = 0; i < 6; i++) {
            int ky = random.nextInt(1, 4);
            int kx = random.nextInt(1, 4);
            double phase = random.nextDouble() * 6;
            for (int at = 0; at < grid.values().length; at++) {
                grid.values()[at] += Math.cos(
                        2 * Math.PI * (ky * (double) (at / width) / height + kx * (double) (at % width) / width)
                                + phase);
            }
        }
        return grid;
    }

    @ParameterizedTest
    @CsvSource({"45,39,0", "48,64,0", "31,64,0.1", "40,40,0.2"})
    void tikhonovRecoversABandLimitedObjectFromNoiselessShots(int height, int width, double inner) {
        SplittableRandom random = Seeds.random();
        Grid2D absorption = bandLimited(height, width, random);
        Grid2D phase = bandLimited(height, width, random);
        List<WeakObjectTransfer> transfers = transfers(inner, height, width, 0, 90, 180, 270);
        List<Grid2D> images = pictures(absorption, phase, transfers, random);
        TikhonovSolver.Solution solution = TikhonovSolver.solve(images, transfers, new TikhonovWeights(1e-9, 1e-9));
        double psnr = Math.min(
                ImageMetrics.psnr(solution.phase(), phase, 0, ImageMetrics.Freedom.OFFSET),
                ImageMetrics.psnr(solution.absorption(), absorption, 0, ImageMetrics.Freedom.OFFSET));
        assertTrue(psnr >= 60, "expected PSNR >= 60 dB, was " + psnr);
    }

    private static List<Grid2D> pictures(
            Grid2D absorption, Grid2D phase, List<WeakObjectTransfer> transfers, SplittableRandom random) {
        return transfers.stream()
                .map(t -> WeakObjectPicture.of(absorption, phase, t, 0, random))
                .toList();
    }

    /** What a scene shows, sampled where the reduced system says, is what the reduced pictures show. */
    @ParameterizedTest
    @CsvSource({"45,78,2", "64,48,2", "96,71,4"})
    void reducedPicturesShowTheSameScene(int height, int width, int factor) {
        SplittableRandom random = Seeds.random();
        Grid2D absorption = bandLimited(height, width, random);
        Grid2D phase = bandLimited(height, width, random);
        List<WeakObjectTransfer> transfers = transfers(0, height, width, 0, 90);
        List<Grid2D> images = pictures(absorption, phase, transfers, random);
        ForwardModel reduced = new DpcSystem(
                        images, transfers, new double[] {-1, 1}, new DpcSystem.Loss(2, 0, 0, 0.07, 0.5))
                .reduced(factor)
                .orElseThrow();
        int rows = reduced.samples().extents().extent(0);
        int columns = reduced.samples().extents().extent(1);
        assertEquals(Math.round((float) height / factor), rows);
        assertEquals(height, rows * reduced.samples().spacing()[0], 1e-9);
        Grid2D smallAbsorption = sampled(absorption, rows, columns);
        Grid2D smallPhase = sampled(phase, rows, columns);
        try (Device device = TestDevice.open()) {
            Tensor scene = device.allocate(2, rows, columns);
            for (int i = 0; i < rows * columns; i++) {
                scene.set(i, (float) smallAbsorption.values()[i]);
                scene.set(rows * columns + i, (float) (smallPhase.values()[i] / reduced.channelUnit(DpcSystem.PHASE)));
            }
            ForwardModel.Comparison comparison =
                    reduced.attach(device, Leaf.constant(scene), Leaf.constant(device.allocate(1)));
            for (double progress : new double[] {0, 1}) {
                comparison.progress(progress);
                comparison.select(1);
                Graph graph = new Graph(device, comparison.terms());
                graph.forward();
                assertTrue(graph.term(0) < 1e-9, "pictures differ by " + graph.term(0) + " at progress " + progress);
            }
        }
    }

    /**
     * Shots in smooth light of their own are explained by the scene that they show, if the model may have such light.
     */
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "0, 2", "1, 2"})
    void unevenLightIsExplained(double whitenedFrom, int factor) {
        int height = 64;
        int width = 78;
        SplittableRandom random = Seeds.random();
        Grid2D absorption = bandLimited(height, width, random);
        Grid2D phase = bandLimited(height, width, random);
        List<WeakObjectTransfer> transfers = transfers(0, height, width, 0, 90);
        List<Grid2D> images = pictures(absorption, phase, transfers, random);
        for (Grid2D image : images) addCubicLight(image, random);
        DpcSystem even =
                new DpcSystem(images, transfers, new double[] {-1, 1}, new DpcSystem.Loss(8, 0, 0, 0.07, whitenedFrom));
        double missed = dataTerm(even, factor, absorption, phase);
        double missedInItsLight = dataTerm(even.inUnevenLight(), factor, absorption, phase);
        double price = SmoothLight.PRICE / (1 + SmoothLight.PRICE);
        assertTrue(
                missedInItsLight < 1.3 * price * missed,
                missed + " in even light, " + missedInItsLight + " in uneven light");
    }

    private static void addCubicLight(Grid2D image, SplittableRandom random) {
        double[] c = new double[10];
        for (int i = 0; i < c.length; i++) c[i] = random.nextDouble(-1, 1);
        for (int i = 0; i < image.values().length; i++) {
            double y = 2.0 * (i / image.width()) / image.height() - 1;
            double x = 2.0 * (i % image.width()) / image.width() - 1;
            image.values()[i] += c[0] + c[1] * y + c[2] * x + c[3] * y * y + c[4] * x * y + c[5] * x * x;
            image.values()[i] += c[6] * y * y * y + c[7] * y * y * x + c[8] * y * x * x + c[9] * x * x * x;
        }
    }

    /** The data term of the second shot, for a scene that is known. */
    private static double dataTerm(DpcSystem system, int factor, Grid2D absorption, Grid2D phase) {
        ForwardModel model = factor == 1 ? system : system.reduced(factor).orElseThrow();
        int rows = model.samples().extents().extent(0);
        int columns = model.samples().extents().extent(1);
        Grid2D[] channels = {sampled(absorption, rows, columns), sampled(phase, rows, columns)};
        try (Device device = TestDevice.open()) {
            Tensor scene = device.allocate(2, rows, columns);
            for (int i = 0; i < 2 * rows * columns; i++)
                scene.set(i, (float) (channels[i / rows / columns].values()[i % (rows * columns)]
                        / model.channelUnit(i / rows / columns)));
            ForwardModel.Comparison comparison =
                    model.attach(device, Leaf.constant(scene), Leaf.constant(device.allocate(1)));
            comparison.progress(1);
            comparison.select(1);
            Graph graph = new Graph(device, comparison.terms());
            graph.forward();
            return graph.term(0);
        }
    }

    /** Every pixel inside the margin is either learned from or held out, in every shot others. */
    @Test
    void pixelsAreHeldOutForJudging() {
        int height = 45;
        int width = 61;
        int margin = 3;
        SplittableRandom random = Seeds.random();
        List<WeakObjectTransfer> transfers = transfers(0, height, width, 0, 90);
        List<Grid2D> images =
                transfers.stream().map(t -> noise(height, width, random)).toList();
        DpcSystem system =
                new DpcSystem(images, transfers, new double[] {-1, 1}, new DpcSystem.Loss(margin, 0, 0, 0.07, 1));
        ForwardModel.Split split = system.split(0.2, random.nextLong()).orElseThrow();
        ComparedPixels.Split pixels =
                ComparedPixels.inside(height, width, margin).split(2, 0.2, random.nextLong());
        int inside = (height - 2 * margin) * (width - 2 * margin);
        for (int shot = 0; shot < 2; shot++) {
            int learned = pixels.learned().counts()[shot];
            int heldOut = pixels.heldOut().counts()[shot];
            assertEquals(inside, learned + heldOut);
            assertEquals(0.2, (double) heldOut / inside, 0.07);
        }
        assertFalse(Arrays.equals(pixels.heldOut().of(0), pixels.heldOut().of(1)));
        // Against an empty scene the terms are the mean squares of the pictures' pixels.
        Grid2D empty = new Grid2D(height, width);
        double all = dataTerm(system, 1, empty, empty);
        double learned = dataTerm((DpcSystem) split.learned(), 1, empty, empty);
        double heldOut = dataTerm((DpcSystem) split.heldOut(), 1, empty, empty);
        double share = (learned - all) / (learned - heldOut);
        assertEquals(0.2, share, 0.07, all + " of all, " + learned + " learned, " + heldOut + " held out");
    }

    /** What is left out may have any value, in pictures of full size and, by blocks, in reduced ones. */
    @Test
    void pixelsThatAreLeftOutDoNotCount() {
        int height = 48;
        int width = 64;
        SplittableRandom random = Seeds.random();
        List<WeakObjectTransfer> transfers = transfers(0, height, width, 0, 90);
        List<Grid2D> images =
                transfers.stream().map(t -> noise(height, width, random)).toList();
        List<Grid2D> changed = new ArrayList<>();
        List<boolean[]> left = new ArrayList<>();
        for (Grid2D image : images) {
            boolean[] mask = new boolean[height * width];
            Grid2D other = new Grid2D(height, width, image.values().clone());
            for (int k = 0; k < 40; k++) {
                int i = random.nextInt(mask.length);
                mask[i] = true;
                other.values()[i] += 5;
            }
            left.add(mask);
            changed.add(other);
        }
        DpcSystem.Loss loss = new DpcSystem.Loss(2, 0, 0, 0.07, 1);
        double[] times = {-1, 1};
        Grid2D empty = new Grid2D(height, width);
        double expected = dataTerm(new DpcSystem(images, transfers, times, loss).without(left), 1, empty, empty);
        assertEquals(
                expected,
                dataTerm(new DpcSystem(changed, transfers, times, loss).without(left), 1, empty, empty),
                1e-6 * expected);
        assertTrue(dataTerm(new DpcSystem(changed, transfers, times, loss), 1, empty, empty) > 1.1 * expected);
        ComparedPixels reduced =
                ComparedPixels.inside(height, width, 4).without(left).reduced(24, 32, 2, 4);
        for (int shot = 0; shot < 2; shot++) {
            for (int y = 2; y < 22; y++) {
                for (int x = 2; x < 30; x++) {
                    boolean touched = false;
                    for (int i = 0; i < 4; i++) touched |= left.get(shot)[(2 * y + i / 2) * width + 2 * x + i % 2];
                    assertEquals(!touched, reduced.of(shot)[y * 32 + x], y + ", " + x);
                }
            }
            assertFalse(reduced.of(shot)[1 * 32 + 5], "the margin stays out");
        }
    }

    private static Grid2D noise(int height, int width, SplittableRandom random) {
        Grid2D noise = new Grid2D(height, width);
        for (int i = 0; i < noise.values().length; i++) noise.values()[i] = random.nextDouble(-1, 1);
        return noise;
    }

    /** A band-limited picture at fewer samples of the same field. */
    private static Grid2D sampled(Grid2D grid, int rows, int columns) {
        double amplitude = (double) rows * columns / grid.values().length;
        return Fourier.inverse(Fourier.forward(grid).lowFrequencies(rows, columns, amplitude))
                .real();
    }

    @Test
    void picturesAreNotReducedToNothing() {
        List<WeakObjectTransfer> transfers = transfers(0, 24, 30, 0);
        DpcSystem system = new DpcSystem(
                List.of(new Grid2D(24, 30)), transfers, new double[] {0}, new DpcSystem.Loss(2, 0, 0, 0.07, 1));
        assertTrue(system.reduced(2).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"21,33", "24,32"})
    void aHalfDiscSeesAbsorptionEvenlyAndPhaseOddly(int height, int width) {
        WeakObjectTransfer transfer = transfers(0, height, width, 35).getFirst();
        double largest = 0;
        for (double value : transfer.absorption().re()) largest = Math.max(largest, Math.abs(value));
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                // The highest frequency of an even size stands for its own negative and is left out.
                if (2 * y == height || 2 * x == width) continue;
                int at = y * width + x;
                int mirror = transfer.phase().mirror(y, x);
                assertEquals(
                        transfer.absorption().re()[at], transfer.absorption().re()[mirror], 0.02 * largest);
                assertEquals(transfer.phase().im()[at], -transfer.phase().im()[mirror], 0.02 * largest);
            }
        }
        assertEquals(
                -2,
                transfer.absorption().re()[0],
                1e-9,
                "an even absorption takes twice its amplitude's share of the light");
    }

    @Test
    void transferFunctionsVanishBeyondTheIncoherentLimit() {
        int size = 128;
        Microscope fine = new Microscope(0.525, 0.25, 0.3, 1);
        Grid2D source = Pupils.halfSource(fine, 0, 0, size, size);
        WeakObjectTransfer transfer = DpcSystem.transfers(List.of(source), fine).getFirst();
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                double f = Math.hypot(Grid2D.frequency(y, size, 0.3), Grid2D.frequency(x, size, 0.3));
                if (f > fine.incoherentCutoff())
                    assertEquals(
                            0,
                            Math.hypot(
                                    transfer.phase().re()[y * size + x],
                                    transfer.phase().im()[y * size + x]),
                            1e-9);
            }
        }
    }

    @Test
    void aShiftedSceneGivesAShiftedPicture() {
        SplittableRandom random = new SplittableRandom(4);
        Grid2D phase = bandLimited(24, 30, random);
        Grid2D absorption = bandLimited(24, 30, random);
        WeakObjectTransfer transfer = transfers(0, 24, 30, 90).getFirst();
        Grid2D shifted = shift(WeakObjectPicture.of(absorption, phase, transfer, 0, random), 5, 7);
        Grid2D ofShifted = WeakObjectPicture.of(shift(absorption, 5, 7), shift(phase, 5, 7), transfer, 0, random);
        for (int i = 0; i < shifted.values().length; i++)
            assertEquals(shifted.values()[i], ofShifted.values()[i], 1e-9);
    }

    private static Grid2D shift(Grid2D grid, int dy, int dx) {
        Grid2D result = new Grid2D(grid.height(), grid.width());
        for (int y = 0; y < grid.height(); y++) {
            for (int x = 0; x < grid.width(); x++) {
                result.values()[(y + dy) % grid.height() * grid.width() + (x + dx) % grid.width()] = grid.get(y, x);
            }
        }
        return result;
    }

    @Test
    void unevenLightIsToldFromASpecimen() {
        SplittableRandom random = Seeds.random();
        int size = 192;
        Grid2D absorption = new Grid2D(size, size);
        Grid2D phase = new Grid2D(size, size);
        for (int i = 0; i < size * size; i++) {
            absorption.values()[i] = 0.1 * Math.cos(2 * Math.PI * (i % size) / size);
            phase.values()[i] = Math.sin(2 * Math.PI * (i / size) / size);
        }
        List<WeakObjectTransfer> transfers = transfers(0, size, size, 0, 90, 180, 270);
        List<Grid2D> images = transfers.stream()
                .map(t -> WeakObjectPicture.of(absorption, phase, t, 1e-4, random))
                .toList();
        Microscope microscope = new Microscope(0.525, 0.25, 0.454, 1);
        assertTrue(
                ShotAgreement.of(images, microscope.incoherentCutoff(), 0.454).slowlyUnexplained(transfers) < 0.1);
        for (int shot = 0; shot < 4; shot++) {
            double tilt = (random.nextDouble() + 0.5) * (shot % 2 == 0 ? 0.2 : -0.2);
            for (int i = 0; i < size * size; i++)
                images.get(shot).values()[i] += tilt * Math.cos(2 * Math.PI * (i % size + shot * size / 3.0) / size);
        }
        assertTrue(
                ShotAgreement.of(images, microscope.incoherentCutoff(), 0.454).slowlyUnexplained(transfers) > 0.2);
        assertEquals(
                0,
                ShotAgreement.of(images.subList(0, 2), microscope.incoherentCutoff(), 0.454)
                        .slowlyUnexplained(transfers));
    }

    @Test
    void aWrongOrderOfTheLightsIsTold() {
        SplittableRandom random = Seeds.random();
        Grid2D absorption = new Grid2D(
                48,
                64,
                Arrays.stream(bandLimited(48, 64, random).values())
                        .map(value -> 0.05 * value)
                        .toArray());
        Grid2D phase = bandLimited(48, 64, random);
        List<WeakObjectTransfer> transfers = transfers(0, 48, 64, 0, 90, 180, 270);
        List<Grid2D> images = transfers.stream()
                .map(t -> WeakObjectPicture.of(absorption, phase, t, 0.02, random))
                .toList();
        ShotAgreement agreement = ShotAgreement.of(images, MICROSCOPE.incoherentCutoff(), MICROSCOPE.pixelSize());
        double right = agreement.unexplained(transfers);
        assertTrue(right < 0.02, "unexplained in the right order: " + right);
        assertArrayEquals(new int[] {0, 1, 2, 3}, agreement.bestOrder(transfers).lights());
        List<WeakObjectTransfer> reversed = transfers(0, 48, 64, 0, 270, 180, 90);
        assertTrue(
                agreement.unexplained(reversed) > 0.1,
                "unexplained in the wrong order: " + agreement.unexplained(reversed));
        assertArrayEquals(new int[] {0, 3, 2, 1}, agreement.bestOrder(reversed).lights());
        assertEquals(right, agreement.bestOrder(reversed).unexplained(), 1e-9);
        // Every light on the other side: the same pictures of the opposite phase.
        assertEquals(right, agreement.unexplained(transfers(0, 48, 64, 180, 270, 0, 90)), 0.02);
    }

    @Test
    void whiteningLeavesASceneThatExplainsItsPicturesAsItIs() {
        SplittableRandom random = new SplittableRandom(8);
        Grid2D absorption = bandLimited(32, 40, random);
        Grid2D phase = bandLimited(32, 40, random);
        List<WeakObjectTransfer> transfers = transfers(0, 32, 40, 0, 90, 180, 270);
        List<Grid2D> images = pictures(absorption, phase, transfers, random);
        PhaseWhitening whitening = PhaseWhitening.of(transfers, 0.03);
        WeakObjectTransfer first = whitening.filter(transfers.getFirst());
        Grid2D filtered = whitening.filter(images.getFirst());
        Grid2D modelled = WeakObjectPicture.of(absorption, phase, first, 0, random);
        for (int i = 0; i < filtered.values().length; i++)
            assertEquals(filtered.values()[i], modelled.values()[i], 1e-9);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 30, 31, 37, 97, 74})
    void doublePrecisionTransformsInvertAndKeepEnergy(int n) {
        SplittableRandom random = Seeds.random();
        ComplexGrid grid = new ComplexGrid(n, 3);
        double energy = 0;
        for (int i = 0; i < grid.re().length; i++) {
            grid.re()[i] = random.nextGaussian();
            grid.im()[i] = random.nextGaussian();
            energy += grid.re()[i] * grid.re()[i] + grid.im()[i] * grid.im()[i];
        }
        ComplexGrid spectrum = Fourier.forward(grid);
        double spectral = 0;
        for (int i = 0; i < spectrum.re().length; i++)
            spectral += spectrum.re()[i] * spectrum.re()[i] + spectrum.im()[i] * spectrum.im()[i];
        assertEquals(energy, spectral / n / 3, 1e-9 * energy);
        ComplexGrid back = Fourier.inverse(spectrum);
        for (int i = 0; i < grid.re().length; i++) assertEquals(grid.im()[i], back.im()[i], 1e-10);
    }

    @Test
    void impossibleOpticsAreNamed() {
        for (double wrong : new double[] {0, -1, Double.NaN}) {
            assertThrows(InvalidInputException.class, () -> new Microscope(wrong, 0.25, 0.5, 1));
            assertThrows(InvalidInputException.class, () -> new Microscope(0.5, wrong, 0.5, 1));
            assertThrows(InvalidInputException.class, () -> new Microscope(0.5, 0.25, wrong, 1));
        }
        String message = assertThrows(InvalidInputException.class, () -> new Microscope(0.5, 1.2, 0.5, 1))
                .getMessage();
        assertTrue(message.contains("1.2") && message.contains("medium"), message);
    }

    @Test
    void mismatchedSizesNameBothShapes() {
        List<WeakObjectTransfer> transfers = transfers(0, 20, 24, 0);
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> new DpcSystem(
                                List.of(new Grid2D(20, 26)),
                                transfers,
                                new double[] {0},
                                new DpcSystem.Loss(5, 0, 0, 1, 0)))
                .getMessage();
        assertTrue(message.contains("20x26") && message.contains("20x24"), message);
        message = assertThrows(
                        InvalidInputException.class,
                        () -> new DpcSystem(
                                List.of(new Grid2D(20, 24)),
                                transfers,
                                new double[0],
                                new DpcSystem.Loss(5, 0, 0, 1, 0)))
                .getMessage();
        assertTrue(message.contains("1 shots but only 0 times"), message);
    }

    @Test
    void backgroundsAreDividedOut() {
        Grid2D bright = new Grid2D(40, 50);
        for (int i = 0; i < bright.values().length; i++)
            bright.values()[i] = 200 * (1 + 0.2 * Math.sin(i % 50 * Math.PI / 50)) * (1 + (i == 1020 ? 0.1 : 0));
        Grid2D flat = Background.divideByBlur(bright, 4);
        assertEquals(0.1, flat.values()[1020], 0.02);
        assertEquals(0, flat.values()[975], 0.03);
        assertEquals(0, Background.divideByMean(bright).sum() / 2000, 1e-12);
    }

    @Test
    void metricsAgreeWithTheirDefinitions() {
        SplittableRandom random = Seeds.random();
        Grid2D truth = bandLimited(40, 50, random);
        Grid2D noisy = new Grid2D(40, 50);
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double value : truth.values()) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        for (int i = 0; i < 2000; i++)
            noisy.values()[i] = truth.values()[i] + 7 + (i % 2 == 0 ? 0.01 : -0.01) * (max - min);
        assertEquals(
                40,
                ImageMetrics.psnr(noisy, truth, 0, ImageMetrics.Freedom.OFFSET),
                1e-6,
                "an error of a hundredth of the range");
        assertEquals(1, ImageMetrics.ssim(truth, truth, 3), 1e-12);
        assertTrue(ImageMetrics.ssim(noisy, truth, 3) < 1);
        float[][] motion = new float[2][2000];
        float[][] known = new float[2][2000];
        Arrays.fill(motion[0], 3);
        Arrays.fill(known[1], 4);
        double[] errors = MotionMetrics.errors(motion, known, Grid3D.of(truth), 2);
        assertEquals(5, MotionMetrics.quantile(errors, 0.5), 1e-12);
        assertEquals(2.8, MotionMetrics.quantile(new double[] {1, 2, 3}, 0.9), 1e-12);
    }

    @Test
    void aSimulatedSpecimenShowsWhatItsMotionSays() {
        MovingCells cells = new MovingCells(40, 50, 5, 0, 2);
        double[] shift = cells.motion().at(20, 25, 1);
        double[] start = cells.motion().at(20, 25, -1);
        assertEquals(0.6 * 5, shift[0] - start[0], 1e-9, "drift along y");
        assertEquals(0.8 * 5, shift[1] - start[1], 1e-9, "drift along x");
        Grid2D before = cells.at(-1)[1];
        Grid2D after = cells.at(1)[1];
        for (int y = 0; y < 37; y++)
            for (int x = 0; x < 46; x++) assertEquals(before.get(y + 3, x + 4), after.get(y, x), 1e-9);
    }
}
