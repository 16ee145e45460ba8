package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.device.Activation;
import dev.nstm.device.Device;
import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.TestDevice;
import dev.nstm.field.Annealing;
import dev.nstm.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares every component with values computed by the published reference. The folder is
 * {@code -Dnstm.golden.dir=...}, by default {@code shared/golden} beside the checkout; any case of the same form
 * passes.
 */
@Tag("device")
class GoldenParityTest {
    private static final double FORWARD = 1e-5;
    private static final double GRADIENT = 1e-4;
    /** What every clone has of the values. */
    private static final Path PART = Path.of("src/test/resources/golden");

    @TestFactory
    Stream<DynamicTest> everyGoldenCaseIsReproduced() {
        return Stream.of(PART, Path.of(System.getProperty("nstm.golden.dir", "../../shared/golden")))
                .flatMap(GoldenParityTest::cases);
    }

    private static Stream<DynamicTest> cases(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Stream.of(DynamicTest.dynamicTest(
                    "golden values",
                    () -> assumeTrue(
                            false,
                            "no golden values in " + directory.toAbsolutePath().normalize()
                                    + "; name their folder with -Dnstm.golden.dir=...")));
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> cases =
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
            assertTrue(!cases.isEmpty(), "no cases in " + directory);
            return cases.stream().map(file -> DynamicTest.dynamicTest(file.toString(), () -> check(file)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void check(Path file) throws IOException {
        JsonNode parameters = new ObjectMapper().readTree(file.toFile());
        Map<String, NpyArray> arrays = AllArrays.in(Path.of(file.toString().replaceAll("json$", "npz")));
        String component = parameters.get("component").asText();
        switch (component) {
            case "hash" -> checkHash(parameters, arrays);
            case "posenc" -> checkPositional(parameters, arrays);
            case "mlp" -> checkMlp(parameters, arrays);
            case "dpc-optics" -> GoldenDpc.checkOptics(parameters, arrays);
            case "dpc-train" -> GoldenDpc.checkTraining(parameters, arrays);
            case "sim3d" -> GoldenSim.checkImaging(parameters, arrays);
            case "optics-misc" -> GoldenSim.checkOptics(parameters, arrays);
            case "patches" -> GoldenSim.checkPatches(parameters, arrays);
            case "diffusercam-rs" -> GoldenLensless.check(parameters, arrays);
            case "trajectory" -> GoldenSim.checkTrajectory(parameters, arrays);
            default -> throw new AssertionError("no check for component " + component);
        }
    }

    private static void checkHash(JsonNode p, Map<String, NpyArray> arrays) {
        List<Encoding> grid = List.of(grid(0, p, "baseResolution"));
        NetworkLayout layout = new NetworkLayout(grid, 16, 1, 1, Activation.GELU, 1);
        float[] window = new float[layout.features()];
        Annealing.PUBLISHED.window(layout, p.get("alpha").asDouble(), window);
        checkEncoding(grid, arrays, window, "y", true);
        Arrays.fill(window, 1);
        checkEncoding(grid, arrays, window, "yFull", false);
    }

    private static void checkPositional(JsonNode p, Map<String, NpyArray> arrays) {
        int waves = p.get("numFreqs").asInt();
        double min = p.get("min").asDouble();
        double max = p.get("max").asDouble();
        float[] frequencies = new float[waves];
        for (int i = 0; i < waves; i++) frequencies[i] = (float) Math.pow(2, min + (max - min) * i / waves);
        NetworkLayout layout = new NetworkLayout(
                List.of(new Encoding.Positional(0, arrays.get("x").shape()[1], frequencies)),
                16,
                1,
                1,
                Activation.GELU,
                1);
        float[] window = new float[layout.features()];
        Annealing.PUBLISHED.window(layout, p.get("alpha").asDouble(), window);
        checkEncoding(layout.encodings(), arrays, window, "y", true);
    }

    /**
     * A network that gives its features as they are: nothing through the hidden layers, ones on the way around them.
     */
    private static void checkEncoding(
            List<Encoding> encodings,
            Map<String, NpyArray> arrays,
            float[] windowValues,
            String expected,
            boolean gradients) {
        int features = encodings.stream().mapToInt(Encoding::featureCount).sum();
        NetworkLayout layout = new NetworkLayout(encodings, 16, 2, 1, Activation.ELU, features);
        int points = arrays.get("x").shape()[0];
        int axes = layout.axes();
        NpyArray table = arrays.get("table");
        float[] values = new float[layout.parameterCount()];
        if (table != null) System.arraycopy(AllArrays.floats(table), 0, values, 0, table.values().length);
        for (int k = 0; k < features; k++)
            values[layout.weightsOffset(layout.depth()) + k * layout.outputRow() + layout.paddedWidth() + k] = 1;
        try (Device device = TestDevice.open()) {
            Tensor x = written(device, transposed(AllArrays.floats(arrays.get("x")), points, axes));
            Tensor parameters = written(device, values);
            Tensor window = written(device, windowValues);
            Tensor y = device.allocate(features, points);
            Device.NetworkEvaluator evaluator = device.network(layout, points, true);
            evaluator.forward(x, parameters, window, y);
            close(expected, arrays.get(expected), transposed(device.read(y), features, points), FORWARD);
            if (!gradients) return;
            device.write(y, transposed(AllArrays.floats(arrays.get("cotangent")), points, features));
            Tensor gradient = device.allocate(values.length);
            Tensor gradX = device.allocate(axes, points);
            evaluator.backward(x, parameters, window, y, gradient, gradX);
            close("gradX", arrays.get("gradX"), transposed(device.read(gradX), axes, points), GRADIENT);
            if (table != null)
                close(
                        "gradTable",
                        arrays.get("gradTable"),
                        Arrays.copyOf(device.read(gradient), table.values().length),
                        GRADIENT);
        }
    }

    static Tensor written(Device device, float[] values) {
        Tensor tensor = device.allocate(values.length);
        device.write(tensor, values);
        return tensor;
    }

    private static void checkMlp(JsonNode p, Map<String, NpyArray> arrays) {
        int inputs = p.get("inputs").asInt();
        NetworkLayout layout =
                layout(new Encoding.Identity(0, inputs), p, p.get("outputs").asInt());
        int points = arrays.get("x").shape()[0];
        try (Device device = TestDevice.open()) {
            Tensor x = device.allocate(inputs, points);
            device.write(x, transposed(AllArrays.floats(arrays.get("x")), points, inputs));
            Tensor parameters = device.allocate(layout.parameterCount());
            device.write(parameters, pack(layout, arrays, "param/", null));
            Tensor window = device.allocate(inputs);
            device.fill(window, 1);
            Tensor y = device.allocate(layout.outputs(), points);
            Device.NetworkEvaluator evaluator = device.network(layout, points, true);
            evaluator.forward(x, parameters, window, y);
            close("y", arrays.get("y"), transposed(device.read(y), layout.outputs(), points), FORWARD);
            device.write(y, transposed(AllArrays.floats(arrays.get("cotangent")), points, layout.outputs()));
            Tensor gradient = device.allocate(layout.parameterCount());
            Tensor gradX = device.allocate(inputs, points);
            evaluator.backward(x, parameters, window, y, gradient, gradX);
            close("gradX", arrays.get("gradX"), transposed(device.read(gradX), inputs, points), GRADIENT);
            compareLayers(layout, arrays, "grad/", device.read(gradient), GRADIENT);
        }
    }

    static Encoding.HashGrid grid(int firstAxis, JsonNode p, String base) {
        double[] boxMin = doubles(p.get("boxMin"));
        double[] boxMax = doubles(p.get("boxMax"));
        int[][] resolutions = new int[p.get("levels").asInt()][boxMin.length];
        for (int level = 0; level < resolutions.length; level++) {
            for (int axis = 0; axis < boxMin.length; axis++)
                resolutions[level][axis] =
                        p.get("resolutions").get(level).get(axis).asInt();
        }
        return new Encoding.HashGrid(
                firstAxis,
                boxMin,
                boxMax,
                resolutions,
                p.get("features").asInt(),
                1 << p.get("log2TableSize").asInt(),
                Encoding.Addressing.HASH);
    }

    static NetworkLayout layout(Encoding encoding, JsonNode mlp, int outputs) {
        return new NetworkLayout(
                List.of(encoding),
                mlp.get("width").asInt(),
                mlp.get("depth").asInt(),
                mlp.get("skipLayer").asInt(),
                Activation.valueOf(mlp.get("activation").asText().toUpperCase(Locale.ROOT)),
                outputs);
    }

    /** Our flat parameters from the reference's arrays. */
    static float[] pack(NetworkLayout layout, Map<String, NpyArray> arrays, String layers, String table) {
        float[] flat = new float[layout.parameterCount()];
        if (table != null)
            System.arraycopy(
                    AllArrays.floats(arrays.get(table)),
                    0,
                    flat,
                    0,
                    arrays.get(table).values().length);
        for (int layer = 0; layer <= layout.depth(); layer++) {
            float[] kernel = AllArrays.floats(arrays.get(layers + layer + "/kernel"));
            float[] bias = AllArrays.floats(arrays.get(layers + layer + "/bias"));
            int inputs = arrays.get(layers + layer + "/kernel").shape()[0];
            for (int i = 0; i < inputs; i++) {
                for (int o = 0; o < bias.length; o++) flat[weight(layout, layer, i, o)] = kernel[i * bias.length + o];
            }
            System.arraycopy(bias, 0, flat, layout.biasOffset(layer), bias.length);
        }
        return flat;
    }

    private static int weight(NetworkLayout layout, int layer, int input, int output) {
        if (layer < layout.depth()) return layout.weightsOffset(layer) + input * layout.paddedWidth() + output;
        int column = input < layout.width() ? input : layout.paddedWidth() + input - layout.width();
        return layout.weightsOffset(layer) + output * layout.outputRow() + column;
    }

    static void compareLayers(
            NetworkLayout layout, Map<String, NpyArray> arrays, String prefix, float[] flat, double tolerance) {
        for (int layer = 0; layer <= layout.depth(); layer++) {
            NpyArray kernel = arrays.get(prefix + layer + "/kernel");
            NpyArray bias = arrays.get(prefix + layer + "/bias");
            float[] ours = new float[kernel.values().length];
            int outputs = kernel.shape()[1];
            for (int i = 0; i < ours.length; i++) ours[i] = flat[weight(layout, layer, i / outputs, i % outputs)];
            close(prefix + layer + "/kernel", kernel, ours, tolerance);
            close(
                    prefix + layer + "/bias",
                    bias,
                    Arrays.copyOfRange(flat, layout.biasOffset(layer), layout.biasOffset(layer) + outputs),
                    tolerance);
        }
    }

    static void close(String name, NpyArray expected, float[] actual, double tolerance) {
        close(name, expected, actual, tolerance, expected);
    }

    /**
     * @param expected values; NaN where the part of them that a clone has leaves one out
     * @param scale array whose largest magnitude the tolerance refers to
     */
    static void close(String name, NpyArray expected, float[] actual, double tolerance, NpyArray scale) {
        assertEquals(expected.values().length, actual.length, name);
        double largest = Math.max(largest(scale), largest(expected));
        double worst = 0;
        int at = 0;
        for (int i = 0; i < actual.length; i++) {
            if (isLeftOut(expected, i)) continue;
            double error = Math.abs(actual[i] - expected.values()[i]);
            if (!(error <= worst)) {
                worst = error;
                at = i;
            }
        }
        assertTrue(
                worst <= tolerance * largest,
                name + "[" + at + "]: expected " + expected.values()[at] + ", was " + actual[at] + ", off by "
                        + worst / largest + " of the largest value; allowed " + tolerance);
    }

    /** Whether a value is not among those that a part of the whole keeps, where it is NaN. */
    private static boolean isLeftOut(NpyArray expected, int i) {
        return Double.isNaN(expected.values()[i]);
    }

    /** Largest magnitude of the values that are kept, of which there must be some. */
    private static double largest(NpyArray array) {
        return IntStream.range(0, array.values().length)
                .filter(i -> !isLeftOut(array, i))
                .mapToDouble(i -> Math.abs(array.values()[i]))
                .max()
                .orElseThrow();
    }

    static float[] transposed(float[] values, int rows, int columns) {
        float[] result = new float[values.length];
        for (int i = 0; i < rows; i++) for (int j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j];
        return result;
    }

    static double[] doubles(JsonNode list) {
        double[] values = new double[list.size()];
        for (int i = 0; i < values.length; i++) values[i] = list.get(i).asDouble();
        return values;
    }
}
