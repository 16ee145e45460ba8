package dev.nstm.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.autodiff.Graph;
import dev.nstm.autodiff.Leaf;
import dev.nstm.autodiff.PatternedFilterBank;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.device.TestDevice;
import dev.nstm.optics.BandSeparation;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LightPattern;
import dev.nstm.optics.LinePattern;
import dev.nstm.optics.Modulation;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.TheoreticalOtf;
import dev.nstm.optics.VolumeOptics;
import dev.nstm.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Structured illumination reduced to what it shows without its patterns. */
@Tag("device")
class WidefieldTest {
    private static final VolumeOptics CAMERA = new VolumeOptics(0.525, 0.488, 1.2, 1.33, 0.08, 0.15);
    private static final int HEIGHT = 64;
    private static final int WIDTH = 96;
    private static final SimSystem.Loss LOSS = new SimSystem.Loss(2, 0, 0);
    private final SplittableRandom random = Seeds.random();

    private static SimInstrument instrument(double[] phases, int depth) {
        RadialOtf otf =
                TheoreticalOtf.of(CAMERA, TheoreticalOtf.Light.threeBeams(CAMERA, 1 / 0.46), 64, depth == 1 ? 1 : 16);
        LightPattern pattern = LightPattern.lines(new LinePattern(0.4, 0.46), 3);
        LightPattern other = LightPattern.lines(new LinePattern(1.9, 0.46), 3);
        Modulation order = new Modulation(0.7, 1, 1, 10);
        List<Modulation> orders = List.of(Modulation.CENTRAL, order, order);
        return new SimInstrument(
                CAMERA, List.of(pattern, other), phases, List.of(otf, otf), List.of(orders, orders), new double[] {
                    1, 0.8
                });
    }

    /** Waves, a few periods in the picture, in any plane the same. */
    private static double density(double row, double column) {
        return 2
                + Math.cos(2 * Math.PI * (3 * row / HEIGHT - 2 * column / WIDTH) + 0.3)
                + 0.5 * Math.cos(2 * Math.PI * (5 * row / HEIGHT + 7 * column / WIDTH) - 1);
    }

    private static Tensor scene(Device device, PixelGrid samples, int depth) {
        int axes = samples.extents().rank();
        int rows = samples.extents().extent(axes - 2);
        int columns = samples.extents().extent(axes - 1);
        float[] values = new float[depth * rows * columns];
        for (int i = 0; i < values.length; i++)
            values[i] = (float) density(
                    samples.origin()[axes - 2] + samples.spacing()[axes - 2] * (i / columns % rows),
                    samples.origin()[axes - 1] + samples.spacing()[axes - 1] * (i % columns));
        Tensor scene = device.allocate(depth, rows, columns);
        device.write(scene, values);
        return scene;
    }

    /** The images that the model in full makes of a scene are, reduced, those that the reduced model makes of it. */
    @ParameterizedTest
    @CsvSource({"1,2", "1,4", "3,2"})
    void reducedPicturesShowTheSameScene(int depth, int factor) {
        SimInstrument instrument = instrument(BandSeparation.evenPhases(5), depth);
        double[] times = random.doubles(20).toArray();
        List<Grid3D> blank = IntStream.range(0, 20)
                .mapToObj(n -> new Grid3D(depth, HEIGHT, WIDTH))
                .toList();
        SimSystem full = new SimSystem(instrument, blank, 1, times, LOSS, new int[3]);
        try (Device device = TestDevice.open()) {
            Tensor ones = device.allocate(6);
            device.fill(ones, 1);
            PatternedFilterBank imaging =
                    full.imaging(device, Leaf.constant(scene(device, full.samples(), depth)), Leaf.constant(ones));
            Graph graph = Graph.evaluating(device, imaging);
            List<Grid3D> images = new ArrayList<>();
            for (int n = 0; n < 20; n++) {
                imaging.select(n % 10 / 5, n % 10);
                graph.forward();
                images.add(Grid3D.of(depth, HEIGHT, WIDTH, device.read(imaging.value())));
            }
            ForwardModel reduced = new SimSystem(instrument, images, 1, times, LOSS, new int[3])
                    .reduced(factor)
                    .orElseThrow();
            assertEquals(20, reduced.shots());
            Leaf scene = Leaf.constant(scene(device, reduced.samples(), depth));
            ForwardModel.Comparison comparison = reduced.attach(device, scene, Leaf.constant(ones));
            Graph compared = new Graph(device, comparison.terms());
            for (int shot = 0; shot < 20; shot++) {
                int first = shot / 5 * 5;
                double mean = IntStream.range(first, first + 5)
                        .mapToDouble(n -> times[n])
                        .average()
                        .orElseThrow();
                assertArrayEquals(new double[] {mean}, reduced.moments(shot), 1e-12);
                comparison.select(shot);
                compared.forward();
                assertTrue(compared.term(0) < 1e-9, "shot " + shot + " differs by " + compared.term(0));
            }
        }
    }

    /** The scene goes on beyond the pictures as far as in full, rounded up to averaged pixels. */
    @Test
    void theReducedSceneStandsWhereTheSceneStands() {
        List<Grid3D> blank = IntStream.range(0, 10)
                .mapToObj(n -> new Grid3D(3, HEIGHT, WIDTH))
                .toList();
        SimSystem full = new SimSystem(
                instrument(BandSeparation.evenPhases(5), 3), blank, 1, new double[10], LOSS, new int[] {2, 4, 7});
        PixelGrid samples = full.reduced(2).orElseThrow().samples();
        assertArrayEquals(new double[] {full.samples().origin()[0], -3.5, -7.5}, samples.origin());
        assertArrayEquals(new double[] {1, 2, 2}, samples.spacing());
        assertArrayEquals(new int[] {7, 36, 56}, samples.extents().extents());
    }

    @Test
    void whereTheLightIsNotEvenNothingIsReduced() {
        double[] uneven = {0, 1.2, 2.5, 3.8, 5};
        List<Grid3D> blank = IntStream.range(0, 10)
                .mapToObj(n -> new Grid3D(3, HEIGHT, WIDTH))
                .toList();
        assertTrue(new SimSystem(instrument(uneven, 3), blank, 1, new double[10], LOSS, new int[3])
                .reduced(2)
                .isEmpty());
        assertTrue(
                new SimSystem(instrument(BandSeparation.evenPhases(5), 3), blank, 1, new double[30], LOSS, new int[3])
                        .reduced(2)
                        .isEmpty());
    }
}
