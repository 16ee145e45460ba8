package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.autodiff.FilterBank;
import dev.nstm.autodiff.Graph;
import dev.nstm.autodiff.InteriorSquaredError;
import dev.nstm.autodiff.Leaf;
import dev.nstm.device.Activation;
import dev.nstm.device.Device;
import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.PixelGrid;
import dev.nstm.device.TestDevice;
import dev.nstm.field.Annealing;
import dev.nstm.field.FieldSpec;
import dev.nstm.field.SpaceTimeField;
import dev.nstm.imaging.DpcSystem;
import dev.nstm.imaging.ForwardModel;
import dev.nstm.imaging.TikhonovSolver;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.HalfSpectrum;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import dev.nstm.optics.WeakObjectTransfer;
import dev.nstm.optics.WeakObjectUnits;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import dev.nstm.training.GroupState;
import dev.nstm.training.Reconstruction;
import dev.nstm.training.Schedule;
import dev.nstm.training.TrainingPlan;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * {@code -Dnstm.golden.dir=...}, by default {@code shared/golden} beside the checkout; any case of the same form passes.
 */
@Tag("device")
class GoldenParityTest {
    private static final double FORWARD = 1e-5;
    private static final double GRADIENT = 1e-4;
    private static final double TRAINED = 1e-3;
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
        Map<String, NpyArray> arrays =
                Npz.open(Path.of(file.toString().replaceAll("json$", "npz"))).numbers();
        String component = parameters.get("component").asText();
        switch (component) {
            case "hash" -> checkHash(parameters, arrays);
            case "posenc" -> checkPositional(parameters, arrays);
            case "mlp" -> checkMlp(parameters, arrays);
            case "dpc-optics" -> checkDpcOptics(parameters, arrays);
            case "dpc-train" -> checkDpcTraining(parameters, arrays);
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

    /** A network that gives its features as they are: nothing through the hidden layers, ones on the way around them. */
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
        if (table != null) System.arraycopy(table.floats(), 0, values, 0, table.values().length);
        for (int k = 0; k < features; k++)
            values[layout.weightsOffset(layout.depth()) + k * layout.outputRow() + layout.paddedWidth() + k] = 1;
        try (Device device = TestDevice.open()) {
            Tensor x = written(device, transposed(arrays.get("x").floats(), points, axes));
            Tensor parameters = written(device, values);
            Tensor window = written(device, windowValues);
            Tensor y = device.allocate(features, points);
            Device.NetworkEvaluator evaluator = device.network(layout, points, true);
            evaluator.forward(x, parameters, window, y);
            close(expected, arrays.get(expected), transposed(device.read(y), features, points), FORWARD);
            if (!gradients) return;
            device.write(y, transposed(arrays.get("cotangent").floats(), points, features));
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

    private static Tensor written(Device device, float[] values) {
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
            device.write(x, transposed(arrays.get("x").floats(), points, inputs));
            Tensor parameters = device.allocate(layout.parameterCount());
            device.write(parameters, pack(layout, arrays, "param/", null));
            Tensor window = device.allocate(inputs);
            device.fill(window, 1);
            Tensor y = device.allocate(layout.outputs(), points);
            Device.NetworkEvaluator evaluator = device.network(layout, points, true);
            evaluator.forward(x, parameters, window, y);
            close("y", arrays.get("y"), transposed(device.read(y), layout.outputs(), points), FORWARD);
            device.write(y, transposed(arrays.get("cotangent").floats(), points, layout.outputs()));
            Tensor gradient = device.allocate(layout.parameterCount());
            Tensor gradX = device.allocate(inputs, points);
            evaluator.backward(x, parameters, window, y, gradient, gradX);
            close("gradX", arrays.get("gradX"), transposed(device.read(gradX), inputs, points), GRADIENT);
            compareLayers(layout, arrays, "grad/", device.read(gradient), GRADIENT);
        }
    }

    private static void checkDpcOptics(JsonNode p, Map<String, NpyArray> arrays) {
        Microscope microscope = new Microscope(
                p.get("wavelength").asDouble(),
                p.get("na").asDouble(),
                p.get("pixelSize").asDouble(),
                1);
        int height = p.get("dimYx").get(0).asInt();
        int width = p.get("dimYx").get(1).asInt();
        List<Grid2D> sources = new ArrayList<>();
        for (JsonNode rotation : p.get("rotationsDeg"))
            sources.add(Pupils.halfSource(microscope, 0, rotation.asDouble(), height, width));
        close("pupil", arrays.get("pupil"), floats(List.of(Pupils.circular(microscope, height, width))), FORWARD);
        close("source", arrays.get("source"), floats(sources), FORWARD);
        List<WeakObjectTransfer> transfers = publishedTransfers(sources, microscope);
        close(
                "HuReal",
                arrays.get("HuReal"),
                narrow(transfers.stream().map(t -> t.absorption().re()).toList()),
                FORWARD);
        close(
                "HuImag",
                arrays.get("HuImag"),
                narrow(transfers.stream().map(t -> t.absorption().im()).toList()),
                FORWARD,
                arrays.get("HuReal"));
        close(
                "HpReal",
                arrays.get("HpReal"),
                narrow(transfers.stream().map(t -> t.phase().re()).toList()),
                FORWARD,
                arrays.get("HpImag"));
        close(
                "HpImag",
                arrays.get("HpImag"),
                narrow(transfers.stream().map(t -> t.phase().im()).toList()),
                FORWARD,
                arrays.get("HpReal"));
        checkDpcPictures(arrays, transfers, height, width);
        List<Grid2D> images = grids(arrays.get("images"));
        TikhonovSolver.Solution solution = TikhonovSolver.solve(
                images, transfers, p.get("ampReg").asDouble(), p.get("phaseReg").asDouble());
        close("tikhonovAbsorption", arrays.get("tikhonovAbsorption"), floats(List.of(solution.absorption())), GRADIENT);
        close("tikhonovPhase", arrays.get("tikhonovPhase"), floats(List.of(solution.phase())), GRADIENT);
    }

    /** For absorption and phase as the published code counts them. */
    private static List<WeakObjectTransfer> publishedTransfers(List<Grid2D> sources, Microscope microscope) {
        return DpcSystem.transfers(sources, microscope).stream()
                .map(transfer -> transfer.counted(WeakObjectUnits.published(microscope.wavelength())))
                .toList();
    }

    /** Pictures of one scene under every light, and the gradient of their product with the cotangent. */
    private static void checkDpcPictures(
            Map<String, NpyArray> arrays, List<WeakObjectTransfer> transfers, int height, int width) {
        int shots = transfers.size();
        int pixels = height * width;
        try (Device device = TestDevice.open()) {
            Tensor filters = device.allocate(ElementType.COMPLEX64, shots, 2, height, width / 2 + 1);
            float[] values = new float[filters.floats()];
            int bins = values.length / shots / 2;
            float[] scene = new float[2 * shots * pixels];
            for (int shot = 0; shot < shots; shot++) {
                System.arraycopy(
                        HalfSpectrum.hermitian(transfers.get(shot).absorption()).values(),
                        0,
                        values,
                        2 * shot * bins,
                        bins);
                System.arraycopy(
                        HalfSpectrum.hermitian(transfers.get(shot).phase()).values(),
                        0,
                        values,
                        (2 * shot + 1) * bins,
                        bins);
                System.arraycopy(arrays.get("absorption").floats(), 0, scene, shot * pixels, pixels);
                System.arraycopy(arrays.get("phase").floats(), 0, scene, (shots + shot) * pixels, pixels);
            }
            device.write(filters, values);
            Tensor sceneTensor = device.allocate(2, shots, height, width);
            Tensor gradient = device.allocate(2, shots, height, width);
            device.write(sceneTensor, scene);
            FilterBank bank =
                    new FilterBank(device, Leaf.parameter(sceneTensor, gradient), filters, 2, shots, height, width);
            for (int shot = 0; shot < shots; shot++) bank.select(shot, shot);
            // The gradient of |I - (I - c)|^2 n/2, with c the cotangent, is the pull-back of c.
            Tensor target = device.allocate(shots, height, width);
            Graph graph = new Graph(
                    device, List.of(new InteriorSquaredError(device, "pull", bank, 0.5 * shots * pixels, target, 0)));
            graph.forward();
            float[] images = device.read(bank.value());
            close("images", arrays.get("images"), images, FORWARD);
            float[] shifted = new float[images.length];
            for (int i = 0; i < images.length; i++)
                shifted[i] = (float) (images[i] - arrays.get("cotangent").values()[i]);
            device.write(target, shifted);
            graph.forward();
            graph.backward();
            float[] all = device.read(gradient);
            float[] absorption = new float[pixels];
            float[] phase = new float[pixels];
            for (int shot = 0; shot < shots; shot++) {
                for (int i = 0; i < pixels; i++) {
                    absorption[i] += all[shot * pixels + i];
                    phase[i] += all[(shots + shot) * pixels + i];
                }
            }
            close("gradAbsorption", arrays.get("gradAbsorption"), absorption, GRADIENT);
            close("gradPhase", arrays.get("gradPhase"), phase, GRADIENT);
        }
    }

    private static void checkDpcTraining(JsonNode p, Map<String, NpyArray> arrays) {
        int height = p.get("dimYx").get(0).asInt();
        int width = p.get("dimYx").get(1).asInt();
        NetworkLayout objectLayout = layout(grid(0, p.get("objectHash"), "base"), p.get("objectMlp"), 2);
        NetworkLayout motionLayout = layout(grid(0, p.get("motionHash"), "base"), p.get("motionMlp"), 2);
        FieldSpec spec = new FieldSpec(objectLayout, motionLayout, new double[] {height, width}, Annealing.PUBLISHED);
        Microscope microscope = new Microscope(
                p.get("wavelength").asDouble(),
                p.get("na").asDouble(),
                p.get("pixelSize").asDouble(),
                1);
        double[] times = arrays.get("t").values();
        DpcSystem system = new DpcSystem(
                grids(arrays.get("images")),
                DpcSystem.transfers(grids(arrays.get("source")), microscope),
                times,
                new DpcSystem.Loss(
                        p.get("margin").asInt(),
                        p.get("regAbsorption").asDouble(),
                        p.get("regPhase").asDouble() * microscope.wavelength() * microscope.wavelength(),
                        1,
                        1),
                WeakObjectUnits.published(microscope.wavelength()));
        try (Device device = TestDevice.open()) {
            Leaf object = parameter(device, pack(objectLayout, arrays, "param/object/mlp/", "param/object/hash"));
            Leaf motion = parameter(device, pack(motionLayout, arrays, "param/motion/mlp/", "param/motion/hash"));
            SpaceTimeField field =
                    new SpaceTimeField(device, spec, object, motion, 1, PixelGrid.of(Shape.of(height, width)), 0);
            ForwardModel.Comparison comparison =
                    system.attach(device, field.scene(), Leaf.constant(device.allocate(1)));
            comparison.progress(0);
            Graph graph = new Graph(device, comparison.terms());
            double annealed = p.get("annealedEpoch").asDouble();
            field.anneal(p.get("epoch").asDouble() / annealed);
            List<float[]> displacements = new ArrayList<>();
            List<float[]> scenes = new ArrayList<>();
            double loss = 0;
            for (int shot = 0; shot < times.length; shot++) {
                loss += compare(field, comparison, graph, times, shot);
                float[] displacement = device.read(field.motion().value());
                for (int i = 0; i < displacement.length; i++)
                    displacement[i] *= i < displacement.length / 2 ? height : width;
                displacements.add(channelsLast(displacement, 2));
                scenes.add(channelsLast(device.read(field.scene().value()), 2));
            }
            close("motion", arrays.get("motion"), joined(displacements), FORWARD);
            close("field", arrays.get("field"), joined(scenes), FORWARD);
            assertEquals(arrays.get("loss").values()[0], loss, FORWARD * loss, "loss");
            compareLayers(objectLayout, arrays, "grad/object/mlp/", device.read(object.gradient()), GRADIENT);
            compareLayers(motionLayout, arrays, "grad/motion/mlp/", device.read(motion.gradient()), GRADIENT);
            compareTable(arrays, "grad/object/hash", device.read(object.gradient()));
            compareTable(arrays, "grad/motion/hash", device.read(motion.gradient()));
        }
        checkTraining(p, arrays, system, spec);
    }

    /** The losses of the reference's steps, and the layers after them, from its first parameters on. */
    private static void checkTraining(JsonNode p, Map<String, NpyArray> arrays, DpcSystem system, FieldSpec spec) {
        JsonNode adam = p.get("adam");
        int steps = p.get("steps").asInt();
        Schedule objectRate = new Schedule(
                adam.get("lrObject").asDouble(),
                adam.get("decayRate").asDouble(),
                adam.get("transitionSteps").asDouble(),
                0,
                1,
                0);
        Schedule motionRate = new Schedule(
                adam.get("lrMotion").asDouble(),
                adam.get("decayRate").asDouble(),
                adam.get("transitionSteps").asDouble(),
                0,
                1,
                0);
        TrainingPlan plan = new TrainingPlan(
                steps,
                system.shots(),
                p.get("annealedEpoch").asDouble(),
                0,
                objectRate,
                motionRate,
                Schedule.FROZEN,
                List.of(),
                0);
        double[] history = arrays.get("history").values();
        int columns = arrays.get("history").shape()[1];
        try (Device device = TestDevice.open()) {
            Reconstruction reconstruction = new Reconstruction(device, system, spec, plan);
            TrainingState fresh = reconstruction.state("");
            reconstruction.restore(new TrainingState(
                    "",
                    0,
                    0,
                    begun(pack(spec.object(), arrays, "param/object/mlp/", "param/object/hash")),
                    begun(pack(spec.motion(), arrays, "param/motion/mlp/", "param/motion/hash")),
                    fresh.instrument(),
                    new double[0]));
            reconstruction.run(
                    (epoch, loss, terms) -> {
                        double expected = history[(epoch - 1) * columns];
                        assertEquals(expected, loss, TRAINED * expected, "loss of step " + epoch);
                    },
                    () -> false);
            assertEquals(steps, reconstruction.epoch());
            TrainingState trained = reconstruction.state("");
            compareLayers(
                    spec.object(), arrays, "final/object/mlp/", trained.object().parameters(), TRAINED);
            compareLayers(
                    spec.motion(), arrays, "final/motion/mlp/", trained.motion().parameters(), TRAINED);
        }
    }

    /** Parameters that no step has changed yet. */
    private static GroupState begun(float[] parameters) {
        return new GroupState(0, parameters, new float[parameters.length], new float[parameters.length], new float[0]);
    }

    /** One shot's share of the loss; its share of the gradient is added to the parameters'. */
    private static double compare(
            SpaceTimeField field, ForwardModel.Comparison comparison, Graph graph, double[] times, int shot) {
        field.setTime(0, times[shot]);
        comparison.select(shot);
        graph.step(1.0 / times.length);
        double[] terms = new double[graph.termNames().size()];
        graph.takeTerms(terms);
        return graph.loss(terms);
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static Leaf parameter(Device device, float[] values) {
        return Leaf.parameter(written(device, values), device.allocate(values.length));
    }

    private static Encoding.HashGrid grid(int firstAxis, JsonNode p, String base) {
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

    private static NetworkLayout layout(Encoding encoding, JsonNode mlp, int outputs) {
        return new NetworkLayout(
                List.of(encoding),
                mlp.get("width").asInt(),
                mlp.get("depth").asInt(),
                mlp.get("skipLayer").asInt(),
                Activation.valueOf(mlp.get("activation").asText().toUpperCase(Locale.ROOT)),
                outputs);
    }

    /** Our flat parameters from the reference's arrays. */
    private static float[] pack(NetworkLayout layout, Map<String, NpyArray> arrays, String layers, String table) {
        float[] flat = new float[layout.parameterCount()];
        if (table != null)
            System.arraycopy(
                    arrays.get(table).floats(), 0, flat, 0, arrays.get(table).values().length);
        for (int layer = 0; layer <= layout.depth(); layer++) {
            float[] kernel = arrays.get(layers + layer + "/kernel").floats();
            float[] bias = arrays.get(layers + layer + "/bias").floats();
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

    private static void compareLayers(
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

    private static void compareTable(Map<String, NpyArray> arrays, String name, float[] flat) {
        close(name, arrays.get(name), Arrays.copyOf(flat, arrays.get(name).values().length), GRADIENT);
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

    private static float[] transposed(float[] values, int rows, int columns) {
        float[] result = new float[values.length];
        for (int i = 0; i < rows; i++) for (int j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j];
        return result;
    }

    private static float[] channelsLast(float[] values, int channels) {
        return transposed(values, channels, values.length / channels);
    }

    private static double[] doubles(JsonNode list) {
        double[] values = new double[list.size()];
        for (int i = 0; i < values.length; i++) values[i] = list.get(i).asDouble();
        return values;
    }

    private static List<Grid2D> grids(NpyArray stack) {
        int height = stack.shape()[1];
        int width = stack.shape()[2];
        List<Grid2D> grids = new ArrayList<>();
        for (int i = 0; i < stack.shape()[0]; i++) {
            grids.add(new Grid2D(
                    height, width, Arrays.copyOfRange(stack.values(), i * height * width, (i + 1) * height * width)));
        }
        return grids;
    }

    private static float[] floats(List<Grid2D> grids) {
        return narrow(grids.stream().map(Grid2D::values).toList());
    }

    private static float[] narrow(List<double[]> parts) {
        float[] values = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (double[] part : parts) for (double value : part) values[at++] = (float) value;
        return values;
    }
}
