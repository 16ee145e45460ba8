package dev.nstm.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.device.Activation;
import dev.nstm.device.Device;
import dev.nstm.device.ElementFunction;
import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.PixelGrid;
import dev.nstm.device.TestDevice;
import dev.nstm.field.NetworkInitializer;
import dev.nstm.simd.Scalar;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient of every node and loss term against finite differences, fresh random inputs each time. */
@Tag("device")
class GradientTest {
    private final SplittableRandom random = Seeds.random();
    private final Device device = TestDevice.open();

    @AfterEach
    void close() {
        device.close();
    }

    private Leaf parameter(double scale, int... extents) {
        Tensor value = device.allocate(extents);
        device.write(value, Scalar.random(random, value.count(), scale));
        return Leaf.parameter(value, device.allocate(extents));
    }

    /**
     * Of either sign and at least 0.3 in size: where a function has its kink at 0, further from it than a step of the
     * check goes.
     */
    private Leaf parameterAwayFromZero(int... extents) {
        Leaf leaf = parameter(1, extents);
        float[] values = device.read(leaf.value());
        for (int i = 0; i < values.length; i++) values[i] += Math.copySign(0.3f, values[i]);
        device.write(leaf.value(), values);
        return leaf;
    }

    private Tensor randomTensor(int... extents) {
        Tensor tensor = device.allocate(extents);
        device.write(tensor, Scalar.random(random, tensor.floats(), 1));
        return tensor;
    }

    private void check(LossTerm term, Leaf parameter, double step, double tolerance) {
        Graph graph = new Graph(device, List.of(term));
        GradientCheck.Result result = GradientCheck.run(device, graph, parameter, step, random.nextLong());
        assertTrue(
                result.error() < tolerance,
                "numeric " + result.numeric() + ", analytic " + result.analytic() + ", scale " + result.scale());
    }

    private LossTerm squaredError(Node node) {
        return new InteriorSquaredError(
                device, "error", node, 3, randomTensor(node.value().shape().extents()), 0);
    }

    /** The error against a target near the node's value: the rounding of a large loss would drown small derivatives. */
    private LossTerm smallSquaredError(Node node) {
        Graph.evaluating(device, node).forward();
        Tensor target = device.allocate(node.value().shape().extents());
        device.write(target, Scalar.random(random, target.count(), 0.1));
        device.axpy(1, node.value(), 0, target, 0, target.count());
        return new InteriorSquaredError(device, "error", node, 3, target, 0);
    }

    @ParameterizedTest
    @EnumSource(ElementFunction.class)
    void functionsOfEveryElement(ElementFunction function) {
        Leaf input = parameter(1, 77);
        float[] values = device.read(input.value());
        // Away from kinks and from where a slope is infinite.
        for (int i = 0; i < values.length; i++)
            values[i] = function == ElementFunction.SQUARE_ROOT || function == ElementFunction.ABSOLUTE
                    ? 0.2f + Math.abs(values[i])
                    : values[i];
        device.write(input.value(), values);
        check(
                squaredError(new Elementwise(
                        device, function, new Crop(device, input3(input), new int[3], new int[] {1, 7, 11}))),
                input,
                1e-3,
                5e-3);
    }

    /** The same values as a picture. */
    private Node input3(Leaf flat) {
        return Leaf.parameter(flat.value().reshape(1, 7, 11), flat.gradient().reshape(1, 7, 11));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void roughnessOfAVectorField(boolean affineFree) {
        PixelGrid grid = new PixelGrid(Shape.of(4, 5, 7), new double[3], new double[] {1, 2, 0.5});
        int pictures = 2;
        Leaf field = parameter(1, 3, pictures * grid.count());
        double[] scale = {1, 3, 0.5};
        Roughness roughness = new Roughness(device, "roughness", field, 0.7, grid, pictures, scale, affineFree);
        check(roughness, field, 1e-2, 1e-3);
        // Bent along y: u_i = (i+1) y^2 in steps differs by (i+1) (1, 3, 5, 7) between neighbours: the mean square is
        // 21 (i+1)^2, the variance 5 (i+1)^2.
        float[] bent = new float[3 * pictures * grid.count()];
        for (int i = 0; i < bent.length; i++)
            bent[i] = (float) ((i / grid.count() / pictures + 1) * Math.pow(i / 7 % 5, 2));
        device.write(field.value(), bent);
        double expected = 0;
        for (int i = 0; i < 3; i++) expected += (affineFree ? 5 : 21) * Math.pow(scale[i] * (i + 1) / 2, 2);
        Graph graph = new Graph(device, List.of(roughness));
        assertEquals(0.7 * expected, graph.forward(), 1e-5 * expected);
        assertEquals(expected, graph.term(0), 1e-5 * expected);
    }

    @Test
    void affineMotionIsNotRough() {
        PixelGrid grid = new PixelGrid(Shape.of(4, 5, 7), new double[3], new double[] {1, 2, 0.5});
        int pictures = 2;
        Leaf field = parameter(1, 3, pictures * grid.count());
        float[] affine = new float[3 * pictures * grid.count()];
        // Every component of every picture has its own shift and slopes.
        float[] slopes = Scalar.random(random, 3 * pictures * 4, 1);
        for (int i = 0; i < affine.length; i++) {
            int own = 4 * (i / grid.count());
            affine[i] = slopes[own]
                    + slopes[own + 1] * (i % 7)
                    + slopes[own + 2] * (i / 7 % 5)
                    + slopes[own + 3] * (i / 35 % 4);
        }
        device.write(field.value(), affine);
        Roughness roughness =
                new Roughness(device, "roughness", field, 1, grid, pictures, new double[] {1, 3, 0.5}, true);
        assertEquals(0, new Graph(device, List.of(roughness)).forward(), 1e-10);
    }

    /** The error is the least that any coefficients of the fields leave, their price included. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.03, 2})
    void fieldsExplainWhatTheyCan(double price) {
        int count = 11 * 13;
        Leaf picture = parameter(1, 1, 11, 13);
        Tensor target = randomTensor(1, 11, 13);
        float[] masks = new float[2 * count];
        for (int i = 0; i < masks.length; i++) masks[i] = random.nextDouble() < 0.7 ? 1 : 0;
        float[] fields = new float[3 * count];
        System.arraycopy(Scalar.random(random, count, 1), 0, fields, 0, count);
        // Two fields of the second mask: one on its upper half, one on its lower.
        for (int i = 0; i < count; i++) fields[(i < count / 2 ? 1 : 2) * count + i] = masks[count + i];
        int compared = 0;
        for (int field = 1; field < 3; field++) {
            double size = 0;
            for (int i = 0; i < count; i++) size += fields[field * count + i];
            for (int i = 0; i < count; i++) fields[field * count + i] /= (float) Math.sqrt(size);
            compared += (int) size;
        }
        Tensor maskTensor = device.allocate(2, 11, 13);
        device.write(maskTensor, masks);
        Tensor fieldTensor = device.allocate(3, 11, 13);
        device.write(fieldTensor, fields);
        MaskedSquaredError term =
                new MaskedSquaredError(device, "error", picture, 1.5, target, maskTensor, fieldTensor, 2, price);
        term.select(1, compared, 1);
        check(term, picture, 1e-2, 1e-3);
        Graph graph = new Graph(device, List.of(term));
        graph.forward();
        float[] x = device.read(picture.value());
        float[] y = device.read(target);
        double left = 0;
        double[] common = new double[2];
        for (int i = 0; i < count; i++) {
            double difference = masks[count + i] * (x[i] - y[i]);
            left += difference * difference;
            for (int field = 0; field < 2; field++) common[field] += fields[(field + 1) * count + i] * difference;
        }
        for (double coefficient : common) left -= coefficient * coefficient / (1 + price);
        assertEquals(left / compared, graph.term(0), 1e-4 * left / compared);
        float[] shown = device.read(term.difference());
        for (int i = 0; i < count; i++) {
            double difference = masks[count + i] * (x[i] - y[i]);
            for (int field = 0; field < 2; field++)
                difference -= common[field] / (1 + price) * fields[(field + 1) * count + i];
            assertEquals(difference, shown[i], 1e-5, "pixel " + i);
        }
    }

    /**
     * Coordinates in the grids' box, further from the borders of cells than a step of the check goes: a d-linear
     * interpolation has kinks there.
     */
    private float[] insideCells(int count) {
        float[] coordinates = new float[count];
        for (int i = 0; i < count; i++) {
            boolean near = true;
            while (near) {
                double x = 6 * random.nextDouble();
                near = false;
                for (int cells = 1; cells <= 5; cells++)
                    near |= Math.abs(x * cells / 6 - Math.rint(x * cells / 6)) < 0.02;
                coordinates[i] = (float) (x - 3);
            }
        }
        return coordinates;
    }

    enum Parts {
        COMBINED,
        SEPARATE,
        POSITIONAL,
        IDENTITY,
        SKIP
    }

    @ParameterizedTest
    @EnumSource(Parts.class)
    void networksOfEveryEmbeddingPassTheirGradientBack(Parts parts) {
        int points = 301;
        List<Encoding> encodings = switch (parts) {
            case COMBINED, SKIP ->
                List.of(new Encoding.HashGrid(
                        0,
                        new double[] {-3, -3, -3},
                        new double[] {3, 3, 3},
                        new int[][] {{2, 2, 1}, {4, 5, 2}},
                        2,
                        64,
                        Encoding.Addressing.AUTO));
            case SEPARATE ->
                List.of(
                        new Encoding.HashGrid(
                                0,
                                new double[] {-3, -3},
                                new double[] {3, 3},
                                new int[][] {{2, 3}, {5, 5}},
                                2,
                                64,
                                Encoding.Addressing.AUTO),
                        new Encoding.HashGrid(
                                2,
                                new double[] {-3},
                                new double[] {3},
                                new int[][] {{2}, {4}},
                                6,
                                16,
                                Encoding.Addressing.AUTO));
            case POSITIONAL ->
                List.of(new Encoding.Identity(0, 2), new Encoding.Positional(2, 1, new float[] {0.25f, 0.5f}));
            case IDENTITY -> List.of(new Encoding.Identity(0, 3));
        };
        NetworkLayout layout = new NetworkLayout(
                encodings,
                20,
                parts == Parts.SKIP ? 3 : 2,
                parts == Parts.SKIP ? 1 : 4,
                parts == Parts.SEPARATE ? Activation.ELU : Activation.GELU,
                2);
        Leaf coordinates = parameter(1, 3, points);
        device.write(coordinates.value(), insideCells(3 * points));
        // Padding stays zero, as the layout demands; tables get values that matter.
        float[] initial = NetworkInitializer.initialize(layout, random.nextLong());
        for (int i = 0; i < layout.layersOffset(); i++) initial[i] = (float) (0.3 * random.nextGaussian());
        Leaf weights = parameter(1, layout.parameterCount());
        device.write(weights.value(), initial);
        Tensor window = device.allocate(layout.features());
        float[] factors = new float[layout.features()];
        for (int i = 0; i < factors.length; i++) factors[i] = (float) random.nextDouble();
        device.write(window, factors);
        NetworkNode node = NetworkNode.atPoints(device, layout, coordinates, weights, window, points);
        LossTerm term = smallSquaredError(node);
        check(term, weights, 4e-4, 0.02);
        check(term, coordinates, 4e-3, 0.02);
    }

    @Test
    void displacedCoordinatesAndBothPenaltiesPassTheirGradientBack() {
        Leaf grid = Leaf.constant(randomTensor(2, 40));
        Leaf motion = parameter(1, 2, 40);
        DisplacedCoordinates node = new DisplacedCoordinates(device, grid, motion, new double[] {3, -2}, 40);
        check(squaredError(node), motion, 1e-3, 0.01);
        check(new MeanSquare(device, "size", node, 0.5, 7, 50), motion, 1e-3, 0.01);
        check(new NegativeMeanSquare(device, "negative", node, 2, 3, 61), motion, 1e-3, 0.01);
    }

    @ParameterizedTest
    @CsvSource({"1,12", "1,13", "4,6", "3,7"})
    void filtersPassTheirGradientBackAndAreAdjoint(int depth, int width) {
        int height = 9;
        int half = width / 2 + 1;
        // A single plane is a picture, which has no axis for it.
        int[] extents = depth == 1 ? new int[] {height, width} : new int[] {depth, height, width};
        Leaf scene = parameter(1, 2, 3, depth * height, width);
        Tensor filters = depth == 1
                ? device.allocate(ElementType.COMPLEX64, 2, 2, height, half)
                : device.allocate(ElementType.COMPLEX64, 2, 2, depth, height, half);
        // Transfer functions of real filters: transforms of random real pictures.
        Tensor kernels = randomTensor(4, depth, height, width);
        device.realTransform(extents.length, 4, depth, height, width)
                .forward(kernels, filters.reshape(4, depth, height, half));
        FilterBank bank = new FilterBank(device, scene, filters, 2, 3, extents);
        bank.select(0, 1);
        bank.select(1, 0);
        bank.select(2, 1);
        check(squaredError(bank), scene, 1e-3, 0.01);

        Graph graph = Graph.evaluating(device, bank);
        graph.forward();
        float[] image = device.read(bank.value());
        float[] y = Scalar.random(random, image.length, 1);
        Tensor target = device.allocate(bank.value().shape().extents());
        for (int i = 0; i < y.length; i++) target.set(i, image[i] - y[i]);
        Graph pull =
                new Graph(device, List.of(new InteriorSquaredError(device, "pull", bank, 0.5 * y.length, target, 0)));
        device.fill(scene.gradient(), 0);
        pull.forward();
        pull.backward();
        double left = 0;
        double size = 0;
        for (int i = 0; i < y.length; i++) {
            left += (double) image[i] * y[i];
            size += (double) image[i] * image[i];
        }
        float[] x = device.read(scene.value());
        float[] adjoint = device.read(scene.gradient());
        double right = 0;
        for (int i = 0; i < x.length; i++) right += (double) x[i] * adjoint[i];
        assertEquals(left, right, 1e-5 * Math.sqrt(size * y.length), "<Ax, y> = <x, A'y>");
    }

    @Test
    void theMarginOfAnErrorSeesNothing() {
        Leaf picture = parameter(1, 2, 11, 13);
        InteriorSquaredError term = new InteriorSquaredError(device, "error", picture, 1, randomTensor(2, 11, 13), 3);
        check(term, picture, 1e-2, 0.01);
        float[] gradient = device.read(picture.gradient());
        int inside = 0;
        for (int i = 0; i < gradient.length; i++) {
            int y = i / 13 % 11;
            int x = i % 13;
            boolean border = y < 3 || y >= 8 || x < 3 || x >= 10;
            if (border) assertEquals(0, gradient[i]);
            else if (gradient[i] != 0) inside++;
        }
        assertEquals(2 * 5 * 7, inside);
    }

    @Test
    void aNodeUsedTwiceGetsTheSumOfBothGradients() {
        Leaf x = parameter(1, 1, 4, 8);
        Graph graph = new Graph(
                device, List.of(new MeanSquare(device, "a", x, 1, 0, 32), new MeanSquare(device, "b", x, 2, 0, 32)));
        graph.forward();
        graph.backward();
        for (int i = 0; i < 32; i++)
            assertEquals(2 * 3 * x.value().get(i) / 32, x.gradient().get(i), 1e-6);
    }

    @Test
    void negativeMean() {
        Leaf x = parameterAwayFromZero(5, 7);
        check(new NegativeMean(device, "negative", x, 2), x, 1e-2, 1e-3);
    }

    @Test
    void crop() {
        Leaf x = parameter(1, 4, 6, 9);
        check(squaredError(new Crop(device, x, new int[] {1, 0, 2}, new int[] {2, 6, 5})), x, 1e-2, 1e-3);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9})
    void patternedFilterBankWithRespectToSceneAndModulation(int width) {
        Leaf scene = parameter(1, 3, 6, width);
        Leaf modulation = parameterAwayFromZero(2, 3);
        PatternedFilterBank bank = bank(scene, modulation, width, 0);
        bank.select(1, 3);
        LossTerm error = squaredError(bank);
        check(error, scene, 0.3, 2e-3);
        check(error, modulation, 2e-3, 5e-3);
    }

    /**
     * For a fixed modulation the images are linear in the scene: with A the imaging, A' its gradient, (Ax, y) = (x,
     * A'y).
     */
    @Test
    void patternedFilterBankIsTheAdjointOfItself() {
        Leaf scene = parameter(1, 3, 6, 10);
        Tensor ones = device.allocate(6);
        device.fill(ones, 1);
        PatternedFilterBank bank = bank(scene, Leaf.constant(ones), 10, 0);
        bank.select(0, 1);
        bank.forward();
        float[] image = device.read(bank.value());
        Tensor y = randomTensor(3, 6, 10);
        device.fill(scene.gradient(), 0);
        device.copy(y, 0, bank.gradient(), 0, y.count());
        bank.backward();
        double forward = 0;
        double backward = 0;
        for (int i = 0; i < image.length; i++) {
            forward += (double) image[i] * y.get(i);
            backward += (double) scene.value().get(i) * scene.gradient().get(i);
        }
        assertEquals(forward, backward, 1e-3 * Math.max(1, Math.abs(forward)));
    }

    @Test
    void heldBackGradientsOfBandZeroShrinkAlone() {
        Leaf scene = parameter(1, 3, 6, 10);
        Tensor ones = device.allocate(6);
        device.fill(ones, 1);
        Tensor y = randomTensor(3, 6, 10);
        double[][] gradients = new double[3][];
        for (int i = 0; i < 3; i++) {
            PatternedFilterBank bank = bank(scene, Leaf.constant(ones), 10, 0.5 * i);
            bank.select(0, 0);
            bank.forward();
            device.fill(scene.gradient(), 0);
            device.copy(y, 0, bank.gradient(), 0, y.count());
            bank.backward();
            float[] gradient = device.read(scene.gradient());
            gradients[i] = new double[gradient.length];
            for (int k = 0; k < gradient.length; k++) gradients[i][k] = gradient[k];
        }
        for (int k = 0; k < gradients[0].length; k++)
            assertEquals((gradients[0][k] + gradients[2][k]) / 2, gradients[1][k], 1e-3);
    }

    /** Spectra of random real arrays make filters that the bank may assume, whatever the bank is asked. */
    private PatternedFilterBank bank(Node scene, Node modulation, int width, double heldBack) {
        bankSeed = bankSeed == 0 ? random.nextLong() | 1 : bankSeed;
        SplittableRandom own = new SplittableRandom(bankSeed);
        int half = width / 2 + 1;
        Tensor filters = device.allocate(ElementType.COMPLEX64, 2, 3, 3, 6, half);
        Tensor prefilter = device.allocate(ElementType.COMPLEX64, 3, 6, half);
        Tensor real = device.allocate(3, 6, width);
        Device.RealTransform transform = device.realTransform(3, 3, 6, width);
        for (int i = 0; i < 7; i++) {
            device.write(real, Scalar.random(own, real.count(), 0.2));
            Tensor spectrum = device.allocate(ElementType.COMPLEX64, 3, 6, half);
            transform.forward(real, spectrum);
            if (i < 6) device.copy(spectrum, 0, filters, i * spectrum.count(), spectrum.count());
            else device.copy(spectrum, 0, prefilter, 0, spectrum.count());
        }
        Tensor patterns = device.allocate(4 * 2, 6, width);
        device.write(patterns, Scalar.random(own, patterns.count(), 1));
        return new PatternedFilterBank(device, scene, modulation, prefilter, filters, patterns, heldBack, 3, 6, width);
    }

    private long bankSeed;
}
