package dev.nstm.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nstm.device.cpu.CpuDevice;
import dev.nstm.field.NetworkInitializer;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A network on a pixel grid gives what the same network gives at every pixel's coordinates. */
@Tag("simd")
@Tag("device")
class PixelNetworkTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    enum Setting {
        PICTURES,
        NARROW_PICTURES,
        SHIFTED_SAMPLES,
        VOLUMES,
        SEPARATE,
        WAVES,
        OUTSIDE_THE_BOX
    }

    private static PixelGrid grid(Setting setting) {
        return switch (setting) {
            case NARROW_PICTURES -> PixelGrid.of(Shape.of(61, 7));
            case SHIFTED_SAMPLES -> new PixelGrid(Shape.of(19, 37), new double[] {2.5, -1}, new double[] {1.7, 0.9});
            case VOLUMES -> new PixelGrid(Shape.of(5, 11, 33), new double[] {3, 0, 0}, new double[] {1, 1, 1});
            default -> PixelGrid.of(Shape.of(23, 301));
        };
    }

    private static List<Encoding> encodings(Setting setting, PixelGrid grid) {
        int axes = grid.axes();
        double[] low = new double[axes + 1];
        double[] high = new double[axes + 1];
        for (int axis = 0; axis < axes; axis++)
            high[axis] = setting == Setting.OUTSIDE_THE_BOX
                    ? 11.3
                    : grid.position(axis, grid.extents().extent(axis));
        low[axes] = -1;
        high[axes] = 1;
        if (setting == Setting.OUTSIDE_THE_BOX) low[0] = low[1] = 4.7;
        int[][] resolutions = new int[3][axes + 1];
        for (int level = 0; level < 3; level++)
            for (int axis = 0; axis <= axes; axis++) resolutions[level][axis] = 1 + level * (2 + axis);
        return switch (setting) {
            case SEPARATE ->
                List.of(
                        new Encoding.HashGrid(
                                0,
                                Arrays.copyOf(low, axes),
                                Arrays.copyOf(high, axes),
                                new int[][] {{2, 3}, {5, 9}},
                                2,
                                64,
                                Encoding.Addressing.AUTO),
                        new Encoding.HashGrid(
                                axes,
                                new double[] {-1},
                                new double[] {1},
                                new int[][] {{2}, {4}},
                                6,
                                16,
                                Encoding.Addressing.AUTO));
            case WAVES ->
                List.of(new Encoding.Identity(0, axes), new Encoding.Positional(axes, 1, new float[] {0.25f, 0.5f}));
            default -> List.of(new Encoding.HashGrid(0, low, high, resolutions, 2, 256, Encoding.Addressing.AUTO));
        };
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void valuesAndGradientsAreThoseAtThePoints(Setting setting) {
        PixelGrid grid = grid(setting);
        int pictures = 2;
        int points = pictures * grid.count();
        NetworkLayout layout = new NetworkLayout(encodings(setting, grid), 20, 2, 4, Activation.ELU, 2);
        try (Device device = TestDevice.open()) {
            float[] initial = NetworkInitializer.initialize(layout, random.nextLong());
            for (int i = 0; i < layout.layersOffset(); i++) initial[i] = (float) random.nextGaussian();
            Tensor parameters = write(device, initial);
            float[] factors = new float[layout.features()];
            for (int i = 0; i < factors.length; i++) factors[i] = i % 4 == 1 ? 0 : (float) random.nextDouble();
            Tensor window = write(device, factors);
            float[] times = {(float) (2 * random.nextDouble() - 1), (float) (2 * random.nextDouble() - 1)};
            float[] cotangent = new float[2 * points];
            for (int i = 0; i < cotangent.length; i++) cotangent[i] = (float) random.nextGaussian();

            float[][] atPoints = run(
                    device,
                    device.network(layout, points, true),
                    write(device, coordinates(grid, times)),
                    parameters,
                    window,
                    layout,
                    cotangent);
            float[][] onPixels = run(
                    device,
                    device.pixelNetwork(layout, grid, 0, pictures, true),
                    write(device, times),
                    parameters,
                    window,
                    layout,
                    cotangent);
            close(atPoints[0], onPixels[0], 1e-5, "values, seed " + seed);
            close(atPoints[1], onPixels[1], 1e-5, "gradient, seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Setting.class,
            names = {"VOLUMES", "WAVES", "SEPARATE"})
    void aGridThatMovesGivesWhatOneAtThatPlaceGives(Setting setting) {
        PixelGrid grid = grid(setting);
        NetworkLayout layout = new NetworkLayout(encodings(setting, grid), 20, 2, 4, Activation.ELU, 2);
        try (Device device = TestDevice.open()) {
            float[] initial = NetworkInitializer.initialize(layout, random.nextLong());
            for (int i = 0; i < layout.layersOffset(); i++) initial[i] = (float) random.nextGaussian();
            Tensor parameters = write(device, initial);
            Tensor window = device.allocate(layout.features());
            device.fill(window, 1);
            float[] times = {0.3f};
            float[] cotangent = new float[2 * grid.count()];
            for (int i = 0; i < cotangent.length; i++) cotangent[i] = (float) random.nextGaussian();
            Device.PixelEvaluator moving = device.pixelNetwork(layout, grid, 3, 1, true);
            for (int samples : new int[] {2, 0, 3}) {
                double[] origin = grid.origin().clone();
                origin[0] += samples * grid.spacing()[0];
                PixelGrid there = new PixelGrid(grid.extents(), origin, grid.spacing());
                moving.moveTo(samples);
                float[][] expected = run(
                        device,
                        device.pixelNetwork(layout, there, 0, 1, true),
                        write(device, times),
                        parameters,
                        window,
                        layout,
                        cotangent);
                float[][] found = run(device, moving, write(device, times), parameters, window, layout, cotangent);
                close(expected[0], found[0], 1e-5, "values, seed " + seed);
                close(expected[1], found[1], 1e-5, "gradient, seed " + seed);
            }
            assertThrows(InvalidInputException.class, () -> moving.moveTo(4));
            assertThrows(InvalidInputException.class, () -> device.pixelNetwork(layout, grid, 3, 2, true));
        }
    }

    @Test
    void keepingPreactivationsDoesNotChangeABit() {
        int points = 777;
        NetworkLayout layout = new NetworkLayout(List.of(new Encoding.Identity(0, 3)), 64, 3, 1, Activation.GELU, 2);
        try (Device device = new CpuDevice(2)) {
            Tensor parameters = write(device, NetworkInitializer.initialize(layout, random.nextLong()));
            Tensor window = device.allocate(layout.features());
            device.fill(window, 1);
            float[] coordinates = new float[3 * points];
            for (int i = 0; i < coordinates.length; i++) coordinates[i] = (float) random.nextGaussian();
            float[] cotangent = new float[2 * points];
            Arrays.fill(cotangent, 1);
            float[][] kept = run(
                    device,
                    device.network(layout, points, true),
                    write(device, coordinates),
                    parameters,
                    window,
                    layout,
                    cotangent);
            float[][] computedAgain = run(
                    device,
                    device.network(layout, points, false),
                    write(device, coordinates),
                    parameters,
                    window,
                    layout,
                    cotangent);
            assertArrayEquals(computedAgain[0], kept[0]);
            assertArrayEquals(computedAgain[1], kept[1]);
        }
    }

    @Test
    void aNetworkThatReadsMoreAxesThanThereAreIsRefused() {
        NetworkLayout layout = new NetworkLayout(List.of(new Encoding.Identity(0, 4)), 16, 1, 4, Activation.ELU, 2);
        try (Device device = new CpuDevice(1)) {
            assertThrows(
                    InvalidInputException.class,
                    () -> device.pixelNetwork(layout, PixelGrid.of(Shape.of(8, 9)), 0, 1, true));
        }
    }

    private static float[][] run(
            Device device,
            Device.NetworkEvaluator evaluator,
            Tensor coordinates,
            Tensor parameters,
            Tensor window,
            NetworkLayout layout,
            float[] cotangent) {
        Tensor output = device.allocate(cotangent.length);
        evaluator.forward(coordinates, parameters, window, output);
        float[] values = device.read(output);
        device.write(output, cotangent);
        Tensor gradient = device.allocate(layout.parameterCount());
        evaluator.backward(coordinates, parameters, window, output, gradient, null);
        return new float[][] {values, device.read(gradient)};
    }

    private static float[] coordinates(PixelGrid grid, float[] times) {
        int pixels = grid.count();
        int points = times.length * pixels;
        float[] coordinates = new float[(grid.axes() + 1) * points];
        for (int point = 0; point < points; point++) {
            int rest = point % pixels;
            for (int axis = grid.axes() - 1; axis >= 0; axis--) {
                coordinates[axis * points + point] =
                        grid.position(axis, rest % grid.extents().extent(axis));
                rest /= grid.extents().extent(axis);
            }
            coordinates[grid.axes() * points + point] = times[point / pixels];
        }
        return coordinates;
    }

    private static Tensor write(Device device, float[] values) {
        Tensor tensor = device.allocate(values.length);
        device.write(tensor, values);
        return tensor;
    }

    private static void close(float[] expected, float[] actual, double tolerance, String what) {
        double largest = 0;
        for (float value : expected) largest = Math.max(largest, Math.abs(value));
        for (int i = 0; i < expected.length; i++)
            assertEquals(expected[i], actual[i], tolerance * largest, what + ", element " + i);
    }
}
