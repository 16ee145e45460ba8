package dev.nstm.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.device.Device;
import dev.nstm.device.TestDevice;
import dev.nstm.simd.Scalar;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operations for forward models of one's own: gradients against finite differences, values against definitions. */
@Tag("device")
class OperationsTest {
    private final SplittableRandom random = Seeds.random();
    private final Device device = TestDevice.open();
    private final Operations operations = new Operations(device);

    @AfterEach
    void close() {
        device.close();
    }

    private Leaf parameter(int... extents) {
        Tensor value = device.allocate(extents);
        device.write(value, Scalar.random(random, value.count(), 1));
        return Leaf.parameter(value, device.allocate(extents));
    }

    private float[] noise(int count) {
        return Scalar.random(random, count, 1);
    }

    private void check(Node node, Leaf... parameters) {
        Tensor target = device.allocate(node.value().shape().extents());
        device.write(target, noise(target.count()));
        Graph graph = new Graph(device, List.of(operations.squaredError("error", node, target, 0, 3)));
        for (Leaf parameter : parameters) {
            GradientCheck.Result result = GradientCheck.run(device, graph, parameter, 1e-2, random.nextLong());
            assertTrue(
                    result.error() < 5e-3,
                    "numeric " + result.numeric() + ", analytic " + result.analytic() + ", scale " + result.scale());
        }
    }

    /** What depends on no parameter is only evaluated: there is no room for a gradient, nor is one sent through it. */
    @Test
    void constantsHaveNoGradients() {
        Node parameter = parameter(3, 4);
        Node constant = Leaf.constant(parameter(3, 4).value());
        assertNull(new Product(device, constant, constant).gradient());
        Node mixed = new Product(device, new Product(device, constant, constant), parameter);
        assertNotNull(mixed.gradient());
        Graph graph = new Graph(
                device,
                List.of(
                        new MeanSquare(device, "constant", new Product(device, constant, constant), 1, 0, 12),
                        new MeanSquare(device, "mixed", mixed, 1, 0, 12)));
        graph.forward();
        graph.backward();
        assertTrue(device.read(parameter.gradient())[0] != 0);
    }

    @Test
    void slicesSumsProductsAndBlocks() {
        Leaf a = parameter(2, 5, 6);
        Leaf b = parameter(1, 5, 6);
        check(operations.slice(a, 30, 1, 5, 6), a);
        check(operations.sum(List.of(operations.slice(a, 0, 1, 5, 6), b, b), 0.5, -1, 2), a, b);
        check(operations.product(operations.slice(a, 30, 1, 5, 6), b), a, b);
        check(operations.product(b, operations.constant(noise(30), 1, 5, 6)), b);
        check(
                operations.crop(
                        operations.pad(b, new int[] {1, 2, 3}, new int[] {3, 9, 11}),
                        new int[] {1, 0, 0},
                        new int[] {1, 6, 11}),
                b);
        Node padded = operations.pad(b, new int[] {0, 1, 0}, new int[] {1, 7, 6});
        Graph.evaluating(device, padded).forward();
        for (int i = 0; i < 42; i++)
            assertEquals(
                    i >= 6 && i < 36 ? b.value().get(i - 6) : 0, padded.value().get(i));
    }

    /** A hologram: the intensity of a wave that has passed through a filter in Fourier space. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void complexWaves(int axes) {
        Leaf re = parameter(1, 6, 10);
        Leaf im = parameter(1, 6, 10);
        Tensor filter = operations.complexConstant(noise(60), noise(60), 1, 6, 10);
        Node wave = operations.inverseFourier(
                operations.filter(filter, operations.fourier(operations.complex(re, im), axes)), axes);
        check(operations.squaredModulus(wave), re, im);
        check(operations.squaredModulus(operations.complex(null, im)), im);
    }

    @Test
    void theInverseTransformUndoesTheTransform() {
        Leaf re = parameter(2, 4, 7);
        Node back = operations.inverseFourier(operations.fourier(operations.complex(re, null), 2), 2);
        Graph.evaluating(device, back).forward();
        for (int i = 0; i < re.value().count(); i++) {
            assertEquals(re.value().get(i), back.value().get(2 * i), 1e-5);
            assertEquals(0, back.value().get(2 * i + 1), 1e-5);
        }
    }

    @Test
    void aMatrixIsALinearOperatorWithItsTranspose() {
        float[] values = noise(7 * 12);
        LinearMap matrix = LinearMap.ofMatrix(7, 12, values);
        assertTrue(AdjointCheck.run(matrix, random.nextLong()).error() < AdjointCheck.TOLERANCE);
        Leaf x = parameter(1, 3, 4);
        Node y = operations.linear("W", matrix, x, 1, 1, 7);
        check(y, x);
        Graph.evaluating(device, y).forward();
        double expected = 0;
        for (int i = 0; i < 12; i++) expected += values[2 * 12 + i] * x.value().get(i);
        assertEquals(expected, y.value().get(2), 1e-5);
    }

    @Test
    void anOperatorWithAForeignAdjointIsRefused() {
        LinearMap wrong = new LinearMap() {
            @Override
            public int inputs() {
                return 12;
            }

            @Override
            public int outputs() {
                return 12;
            }

            @Override
            public void apply(float[] x, float[] y) {
                for (int i = 0; i < 12; i++) y[i] = x[(i + 1) % 12];
            }

            @Override
            public void adjoint(float[] y, float[] x) {
                apply(y, x);
            }
        };
        assertTrue(AdjointCheck.run(wrong, 5).error() > AdjointCheck.TOLERANCE);
        Leaf x = parameter(1, 3, 4);
        assertTrue(assertThrows(InvalidInputException.class, () -> operations.linear("the shift", wrong, x, 1, 1, 12))
                .getMessage()
                .startsWith("the adjoint of the shift is not its own: <Ax, y> = "));
        assertThrows(
                InvalidInputException.class,
                () -> operations.linear("W", LinearMap.ofMatrix(3, 5, new float[15]), x, 1, 1, 3));
        assertThrows(InvalidInputException.class, () -> operations.product(x, parameter(1, 3, 5)));
        assertThrows(InvalidInputException.class, () -> operations.squaredModulus(x));
    }
}
