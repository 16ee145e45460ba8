package dev.nstm.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.simd.Scalar;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation of a device against its definition, on ranges of ragged lengths that begin anywhere. */
@Tag("device")
class DeviceOperationsTest {
    private static final int LENGTH = 70_003;

    private final SplittableRandom random = Seeds.random();
    private final Device device = TestDevice.open();

    @AfterEach
    void close() {
        device.close();
    }

    private Tensor real(float[] values) {
        Tensor tensor = device.allocate(values.length);
        device.write(tensor, values);
        return tensor;
    }

    private Tensor complex(float[] values) {
        Tensor tensor = device.allocate(ElementType.COMPLEX64, values.length / 2);
        device.write(tensor, values);
        return tensor;
    }

    private float[] noise(int count) {
        return Scalar.random(random, count, 1);
    }

    /** The range from {@code first} on is as the function says, everything else as it was. */
    private void assertRange(
            IntToDoubleFunction expected, float[] before, int first, int count, Tensor found, double tolerance) {
        float[] values = device.read(found);
        for (int i = 0; i < values.length; i++) {
            boolean inside = i >= first && i < first + count;
            double value = inside ? expected.applyAsDouble(i - first) : before[i];
            assertEquals(value, values[i], inside ? tolerance * Math.max(1, Math.abs(value)) : 0, "element " + i);
        }
    }

    @Test
    void aScopeGivesBackWhatWasTakenInIt() {
        Tensor kept = real(noise(1000));
        float[] before = device.read(kept);
        long outside = device.allocatedBytes();
        try (Device.Scope outer = device.scope()) {
            real(noise(5000));
            long inOuter = device.allocatedBytes();
            try (Device.Scope inner = device.scope()) {
                real(noise(70_000));
            }
            assertEquals(inOuter, device.allocatedBytes());
            assertTrue(inOuter > outside);
        }
        assertEquals(outside, device.allocatedBytes());
        assertArrayEquals(before, device.read(kept));
        Device.Scope outer = device.scope();
        try (Device.Scope inner = device.scope()) {
            assertThrows(InvalidInputException.class, outer::close);
        }
        outer.close();
    }

    @Test
    void aRangeOfATensorIsWritten() {
        Tensor x = real(noise(100));
        float[] before = device.read(x);
        float[] range = noise(37);
        device.write(x, 13, range);
        assertRange(i -> range[i], before, 13, 37, x, 0);
        Tensor z = complex(noise(60));
        float[] parts = noise(14);
        device.write(z, 21, parts);
        assertEquals(parts[3], device.read(z)[2 * 21 + 3]);
        assertThrows(InvalidInputException.class, () -> device.write(x, 64, range));
        assertThrows(InvalidInputException.class, () -> device.write(z, 0, new float[3]));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 256, 257, 65_537})
    void rangesOfRealValues(int count) {
        float[] x = noise(LENGTH);
        float[] y = noise(LENGTH);
        float[] z = noise(LENGTH);
        int at = random.nextInt(100);
        int from = random.nextInt(100);
        Tensor source = real(x);
        Tensor other = real(y);

        Tensor target = real(z);
        device.fillRange(target, at, count, 2.5f);
        assertRange(i -> 2.5, z, at, count, target, 0);

        device.write(target, z);
        device.copy(source, from, target, at, count);
        assertRange(i -> x[from + i], z, at, count, target, 0);

        device.write(target, z);
        device.axpy(-0.7f, source, from, target, at, count);
        assertRange(i -> z[at + i] - 0.7 * x[from + i], z, at, count, target, 1e-6);

        device.write(target, z);
        device.scaleAdd(1.3f, source, from, other, 3, target, at, count);
        assertRange(i -> 1.3 * x[from + i] + y[3 + i], z, at, count, target, 1e-6);

        for (boolean add : new boolean[] {false, true}) {
            device.write(target, z);
            device.multiply(0.9f, source, from, other, 5, target, at, count, add);
            assertRange(i -> 0.9 * x[from + i] * y[5 + i] + (add ? z[at + i] : 0), z, at, count, target, 1e-6);
        }

        device.write(target, z);
        device.negativePart(source, from, target, at, count);
        assertRange(i -> Math.min(x[from + i], 0), z, at, count, target, 0);

        device.write(target, z);
        device.addWhereNegative(0.25f, source, from, target, at, count);
        assertRange(i -> z[at + i] + (x[from + i] < 0 ? 0.25 : 0), z, at, count, target, 1e-6);

        double squares = 0;
        double negatives = 0;
        for (int i = 0; i < count; i++) {
            squares += (double) x[from + i] * x[from + i];
            negatives += Math.max(-x[from + i], 0);
        }
        Device.Sums sums = device.sums(3);
        sums.addSquares(1, 0.5, source, from, count);
        sums.addSquares(1, 1.5, source, from, count);
        sums.addNegatives(2, 3, source, from, count);
        double[] found = new double[3];
        sums.read(found);
        assertArrayEquals(new double[] {0, 2 * squares, 3 * negatives}, found, 1e-5 * (2 * squares + 3 * negatives));
        sums.clear();
        sums.read(found);
        assertArrayEquals(new double[3], found);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 300, 33_001})
    void rangesOfComplexValues(int count) {
        float[] h = noise(2 * LENGTH);
        float[] x = noise(2 * LENGTH);
        float[] z = noise(2 * LENGTH);
        Tensor filter = complex(h);
        Tensor source = complex(x);
        Tensor target = complex(z);
        for (boolean conjugate : new boolean[] {false, true}) {
            for (boolean add : new boolean[] {false, true}) {
                device.write(target, z);
                device.multiplyComplex(filter, 3, source, 8, target, 11, count, conjugate, add);
                assertRange(
                        i -> {
                            int k = i / 2;
                            double hRe = h[2 * (3 + k)];
                            double hIm = (conjugate ? -1 : 1) * h[2 * (3 + k) + 1];
                            double xRe = x[2 * (8 + k)];
                            double xIm = x[2 * (8 + k) + 1];
                            return (i % 2 == 0 ? hRe * xRe - hIm * xIm : hRe * xIm + hIm * xRe) + (add ? z[22 + i] : 0);
                        },
                        z,
                        22,
                        2 * count,
                        target,
                        1e-6);
            }
        }
        device.write(target, z);
        device.axpy(2, source, 4, target, 1, count);
        assertRange(i -> z[2 + i] + 2 * x[8 + i], z, 2, 2 * count, target, 1e-6);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64, 65})
    void halfSpectraStandForWholeOnes(int width) {
        int rows = 50;
        int half = width / 2 + 1;
        float[] x = noise(2 * rows * half + 10);
        float[] y = noise(2 * rows * half + 10);
        double expected = 0;
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < width; k++) {
                int at = row * half + Math.min(k, width - k);
                expected += (double) x[2 * at + 2] * y[2 * at + 4] + (double) x[2 * at + 3] * y[2 * at + 5];
            }
        }
        assertEquals(expected, device.halfSpectrumDot(complex(x), 1, complex(y), 2, rows, width), 1e-5 * rows * width);
    }

    @Test
    void blocksAndStrides() {
        float[] x = noise(5 * 9 * 11);
        float[] y = noise(7 * 8 * 13);
        Tensor source = real(x).reshape(5, 9, 11);
        Tensor target = real(y).reshape(7, 8, 13);
        int[] from = {1, 2, 3};
        int[] to = {2, 0, 4};
        int[] size = {3, 7, 8};
        for (boolean add : new boolean[] {false, true}) {
            device.write(target, y);
            device.copyBlock(source, from, target, to, size, add);
            float[] expected = y.clone();
            for (int k = 0; k < size[0] * size[1] * size[2]; k++) {
                int plane = k / (size[1] * size[2]);
                int row = k / size[2] % size[1];
                int column = k % size[2];
                int at = ((to[0] + plane) * 8 + to[1] + row) * 13 + to[2] + column;
                expected[at] =
                        (add ? expected[at] : 0) + x[((from[0] + plane) * 9 + from[1] + row) * 11 + from[2] + column];
            }
            assertArrayEquals(expected, device.read(target), 1e-6f);

            device.write(target, y);
            device.copyStrided(source, 3, 7, target, 2, 5, 60, add);
            expected = y.clone();
            for (int i = 0; i < 60; i++) expected[2 + 5 * i] = (add ? expected[2 + 5 * i] : 0) + x[3 + 7 * i];
            assertArrayEquals(expected, device.read(target), 1e-6f);
        }
    }

    @ParameterizedTest
    @EnumSource(ElementFunction.class)
    void functionsAndTheirSlopes(ElementFunction function) {
        float[] x = Scalar.random(random, 3001, 4);
        x[17] = 0;
        float[] g = noise(3001);
        Tensor source = real(x);
        Tensor target = real(g);
        device.apply(function, source, 10, target, 4, 2900);
        assertRange(i -> value(function, x[10 + i]), g, 4, 2900, target, 2e-6);
        device.write(target, g);
        device.addSlopeProduct(function, source, 10, real(g), 2, target, 4, 2900);
        assertRange(i -> g[4 + i] + slope(function, x[10 + i]) * g[2 + i], g, 4, 2900, target, 3e-6);
    }

    private static double value(ElementFunction function, double x) {
        return switch (function) {
            case ELU -> x > 0 ? x : Math.expm1(x);
            case SQUARE -> x * x;
            case ABSOLUTE -> Math.abs(x);
            case SQUARE_ROOT -> Math.sqrt(Math.max(x, 0));
            case EXPONENTIAL -> Math.exp(x);
            case SINE -> Math.sin(x);
            case COSINE -> Math.cos(x);
            case LOGISTIC -> 1 / (1 + Math.exp(-x));
        };
    }

    private static double slope(ElementFunction function, double x) {
        return switch (function) {
            case ELU -> x > 0 ? 1 : Math.exp(x);
            case SQUARE -> 2 * x;
            case ABSOLUTE -> Math.signum(x);
            case SQUARE_ROOT -> x > 0 ? 0.5 / Math.sqrt(x) : 0;
            case EXPONENTIAL -> Math.exp(x);
            case SINE -> Math.cos(x);
            case COSINE -> -Math.sin(x);
            case LOGISTIC -> Math.exp(-x) / Math.pow(1 + Math.exp(-x), 2);
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void differencesInsideAMargin(int margin) {
        float[] x = noise(3 * 11 * 17);
        float[] y = noise(x.length);
        Tensor difference = device.allocate(3, 11, 17);
        device.interiorDifference(real(x).reshape(3, 11, 17), real(y).reshape(3, 11, 17), margin, difference);
        float[] found = device.read(difference);
        for (int i = 0; i < found.length; i++) {
            int column = i % 17;
            int row = i / 17 % 11;
            boolean inside = column >= margin && column < 17 - margin && row >= margin && row < 11 - margin;
            assertEquals(inside ? x[i] - y[i] : 0, found[i], 1e-6);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 5, 1", "1, 1, 0.25", "3, 1001, 1", "2, 40000, 0.5"})
    void componentsAreRemovedInShares(int components, int count, float share) {
        float[] rows = orthonormal(components, count);
        float[] basis = noise(2 + rows.length);
        System.arraycopy(rows, 0, basis, 2, rows.length);
        float[] x = noise(count + 3);
        Tensor tensor = real(x);
        device.removeComponents(share, real(basis), 2, components, tensor, 3, count);
        assertRange(
                i -> {
                    double left = x[3 + i];
                    for (int k = 0; k < components; k++) {
                        double product = 0;
                        for (int j = 0; j < count; j++) product += (double) rows[k * count + j] * x[3 + j];
                        left -= share * product * rows[k * count + i];
                    }
                    return left;
                },
                x,
                3,
                count,
                tensor,
                1e-5);
    }

    private float[] orthonormal(int rows, int count) {
        float[] values = noise(rows * count);
        for (int row = 0; row < rows; row++) {
            for (int other = 0; other < row; other++) subtractProjection(values, row * count, other * count, count);
            double length = Math.sqrt(dot(values, row * count, row * count, count));
            for (int i = 0; i < count; i++) values[row * count + i] /= (float) length;
        }
        return values;
    }

    private static void subtractProjection(float[] values, int row, int onto, int count) {
        double product = dot(values, row, onto, count);
        for (int i = 0; i < count; i++) values[row + i] -= (float) (product * values[onto + i]);
    }

    private static double dot(float[] values, int a, int b, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) sum += (double) values[a + i] * values[b + i];
        return sum;
    }

    @Test
    void adamTakesItsStep() {
        int count = 1001;
        float[] p = noise(count);
        float[] g = noise(count);
        float[] m = noise(count);
        float[] v = noise(count);
        for (int i = 0; i < count; i++) v[i] = Math.abs(v[i]);
        Tensor parameters = real(p);
        Tensor first = real(m);
        Tensor second = real(v);
        device.adam(parameters, real(g), first, second, 1e-2f, 0.9f, 0.99f, 1e-15f, 0.4f, 0.2f);
        assertRange(i -> 0.9 * m[i] + 0.1 * g[i], m, 0, count, first, 1e-6);
        assertRange(i -> 0.99 * v[i] + 0.01 * g[i] * g[i], v, 0, count, second, 1e-6);
        assertRange(
                i -> {
                    double moment = (0.9 * m[i] + 0.1 * g[i]) / 0.4;
                    return p[i] - 1e-2 * moment / Math.sqrt((0.99 * v[i] + 0.01 * g[i] * g[i]) / 0.2);
                },
                p,
                0,
                count,
                parameters,
                1e-5);
    }

    @Test
    void memoryIsZeroAndCounted() {
        long before = device.allocatedBytes();
        assertArrayEquals(new float[1000], device.read(device.allocate(10, 100)));
        assertTrue(device.allocatedBytes() >= before + 4000);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor ten = device.allocate(10);
        Tensor complex = device.allocate(ElementType.COMPLEX64, 10);
        assertThrows(InvalidInputException.class, () -> device.fillRange(ten, 5, 6, 0));
        assertThrows(InvalidInputException.class, () -> device.fillRange(ten, -1, 2, 0));
        assertThrows(InvalidInputException.class, () -> device.copy(ten, 0, complex, 0, 5));
        assertThrows(InvalidInputException.class, () -> device.axpy(1, ten, 1, ten, 0, 10));
        assertThrows(InvalidInputException.class, () -> device.axpy(1, ten, device.allocate(11)));
        assertThrows(InvalidInputException.class, () -> device.multiply(1, ten, 0, complex, 0, ten, 0, 10, false));
        assertThrows(
                InvalidInputException.class,
                () -> device.multiplyComplex(complex, 0, ten, 0, complex, 0, 10, false, false));
        assertThrows(InvalidInputException.class, () -> device.copyStrided(ten, 0, 3, ten, 0, 1, 5, false));
        assertThrows(InvalidInputException.class, () -> device.copyStrided(ten, 0, 0, ten, 0, 1, 5, false));
        assertThrows(
                InvalidInputException.class,
                () -> device.copyBlock(ten, new int[3], ten, new int[3], new int[] {1, 1, 11}, false));
        assertThrows(InvalidInputException.class, () -> device.halfSpectrumDot(complex, 0, complex, 0, 3, 6));
        assertThrows(InvalidInputException.class, () -> device.interiorDifference(ten, ten, 5, ten));
        assertThrows(
                InvalidInputException.class, () -> device.adam(ten, ten, ten, device.allocate(9), 1, 1, 1, 1, 1, 1));
        assertThrows(InvalidInputException.class, () -> device.write(ten, new float[9]));
        assertThrows(InvalidInputException.class, () -> device.realTransform(4, 2, 2, 2, 2));
        assertThrows(
                InvalidInputException.class, () -> device.realTransform(1, 10).forward(ten, complex));
        assertThrows(
                InvalidInputException.class, () -> device.complexTransform(1, 9).forward(complex));
        assertEquals(10, ten.count());
    }
}
