package dev.nstm.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kernel against its scalar twin over ragged sizes; run once for each vector width. */
@Tag("simd")
class KernelTest {
    private final SplittableRandom random = Seeds.random();
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void free() {
        arena.close();
    }

    private MemorySegment segment(float[] values) {
        MemorySegment segment = arena.allocate(4L * (values.length + 16) / 64 * 64 + 64, 64);
        MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, 0, values.length);
        return segment;
    }

    private static float[] values(MemorySegment segment, int n) {
        float[] values = new float[n];
        MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT, 0, values, 0, n);
        return values;
    }

    @Test
    void theForcedVectorWidthIsTheOneInUse() {
        String forced = System.getProperty(Simd.WIDTH_PROPERTY);
        assertEquals(forced == null ? Math.min(512, Simd.preferredBits()) : Integer.parseInt(forced), Simd.bits());
    }

    @ParameterizedTest
    @CsvSource({"1,16,1", "4,16,7", "5,32,3", "7,48,11", "13,64,16", "33,112,24", "128,128,128", "2,128,128", "3,16,128"
    })
    void matrixProductsMatchTheirDefinitionInEveryOrientation(int m, int n, int k) {
        for (boolean transposed : new boolean[] {false, true}) {
            int aRow = transposed ? 1 : k + 3;
            int aColumn = transposed ? m + 5 : 1;
            float[] a = Scalar.random(random, 2 + Math.max(m * aRow + k * aColumn, m * k) * 2, 1);
            float[] b = Scalar.random(random, k * n, 1);
            float[] c = Scalar.random(random, m * n, 1);
            MemorySegment result = segment(c);
            MatrixKernel.multiplyAdd(segment(a), 2, aRow, aColumn, segment(b), 0, n, result, 0, n, m, n, k);
            double[] expected = Scalar.multiplyAdd(a, 2, aRow, aColumn, b, n, c, n, m, n, k);
            float[] actual = values(result, c.length);
            for (int i = 0; i < actual.length; i++)
                assertEquals(expected[i], actual[i], 2e-6 * (k + 2), "element " + i + " of " + m + "x" + n + "x" + k);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 37, 250})
    void functionsAndStridedCopiesMatchTheirDefinition(int n) {
        float[] x = Scalar.random(random, n + 3, 4);
        float[] g = Scalar.random(random, n + 1, 1);
        float[] before = Scalar.random(random, n + 2, 1);
        MemorySegment elu = segment(new float[n + 2]);
        MemorySegment slope = segment(before);
        FunctionKernel.elu(segment(x), 3, elu, 2, n);
        FunctionKernel.addEluSlope(segment(x), 3, segment(g), 1, slope, 2, n);
        FunctionKernel.Function cube = new FunctionKernel.Function() {
            @Override
            public double value(double v) {
                return v * v * v;
            }

            @Override
            public double slope(double v) {
                return 3 * v * v;
            }
        };
        MemorySegment cubed = segment(new float[n]);
        MemorySegment cubeSlope = segment(before);
        FunctionKernel.apply(cube, segment(x), 3, cubed, 0, n);
        FunctionKernel.addSlope(cube, segment(x), 3, segment(g), 1, cubeSlope, 2, n);
        MemorySegment spread = segment(Scalar.random(random, 3 * n + 1, 1));
        float[] spreadBefore = values(spread, 3 * n + 1);
        FunctionKernel.copyStrided(segment(x), 3, 1, spread, 1, 3, n, true);
        MemorySegment gathered = segment(new float[n]);
        FunctionKernel.copyStrided(spread, 1, 3, gathered, 0, 1, n, false);
        for (int i = 0; i < n; i++) {
            double z = x[3 + i];
            assertEquals(z > 0 ? z : Math.expm1(z), values(elu, n + 2)[2 + i], 3e-7 * Math.max(1, Math.abs(z)));
            assertEquals(before[2 + i] + Math.exp(Math.min(z, 0)) * g[1 + i], values(slope, n + 2)[2 + i], 1e-6);
            assertEquals(z * z * z, values(cubed, n)[i], 1e-5 * Math.max(1, Math.abs(z * z * z)));
            assertEquals(before[2 + i] + 3 * z * z * g[1 + i], values(cubeSlope, n + 2)[2 + i], 1e-4);
            assertEquals(spreadBefore[1 + 3 * i] + x[3 + i], values(gathered, n)[i]);
        }
        assertEquals(spreadBefore[0], values(spread, 1)[0]);
    }

    @Test
    void aMatrixOutsideItsSegmentIsRefused() {
        MemorySegment small = segment(new float[16]);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> MatrixKernel.multiplyAdd(small, 0, 64, 1, small, 0, 16, small, 0, 16, 4, 16, 64));
        assertThrows(
                IllegalArgumentException.class,
                () -> MatrixKernel.multiplyAdd(small, 0, 1, 1, small, 0, 16, small, 0, 16, 1, 7, 1));
    }

    @ParameterizedTest
    @CsvSource({"1,16,1", "37,32,2", "128,128,3", "16,48,5", "40,17,1"})
    void rowProductsSumsAndTransposesMatch(int rows, int columns, int few) {
        int row = (columns + 15) / 16 * 16;
        float[] x = Scalar.random(random, rows * row, 1);
        float[] y = Scalar.random(random, few * row, 1);
        float[] before = Scalar.random(random, few * rows, 1);
        MemorySegment products = segment(before);
        MatrixKernel.addRowProducts(segment(y), 0, row, segment(x), 0, row, products, 0, rows, few, rows, row);
        MemorySegment transposed = segment(new float[rows * columns]);
        MatrixKernel.transpose(
                segment(x),
                0,
                row,
                transposed,
                0,
                rows,
                rows,
                columns,
                segment(new float[MatrixKernel.TRANSPOSE_SCRATCH]));
        MemorySegment sums = segment(new float[rows]);
        MatrixKernel.addRowSums(segment(x), row, sums, 0, rows, row);
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int j = 0; j < row; j++) sum += x[i * row + j];
            assertEquals(sum, sums.getAtIndex(ValueLayout.JAVA_FLOAT, i), 1e-5 * row);
            for (int j = 0; j < columns; j++)
                assertEquals(x[i * row + j], transposed.getAtIndex(ValueLayout.JAVA_FLOAT, (long) j * rows + i));
            for (int o = 0; o < few; o++) {
                double product = before[o * rows + i];
                for (int j = 0; j < row; j++) product += (double) y[o * row + j] * x[i * row + j];
                assertEquals(product, products.getAtIndex(ValueLayout.JAVA_FLOAT, (long) o * rows + i), 1e-5 * row);
            }
        }
    }

    @Test
    void powersOfTwoAreWithinTwoUnitsInTheLastPlace() {
        float[] values = new float[Simd.lanes()];
        for (int round = 0; round < 2000; round++) {
            for (int i = 0; i < values.length; i++) values[i] = (float) (252 * random.nextDouble() - 126);
            FloatVector powers = Transcendental.exp2(FloatVector.fromArray(Simd.FLOATS, values, 0));
            for (int i = 0; i < values.length; i++) {
                double expected = Math.pow(2, values[i]);
                assertEquals(expected, powers.lane(i), 2 * Math.ulp((float) expected), "2^" + values[i]);
            }
        }
        assertEquals(
                Math.pow(2, 126),
                Transcendental.exp2(FloatVector.broadcast(Simd.FLOATS, 1e9f)).lane(0));
        assertEquals(
                Math.pow(2, -126),
                Transcendental.exp2(FloatVector.broadcast(Simd.FLOATS, Float.NEGATIVE_INFINITY))
                        .lane(0));
    }

    @Test
    void activationsAndTheirSlopesMatchTheFormulas() {
        int points = 37;
        int width = 32;
        float[] z = new float[points * width];
        for (int i = 0; i < z.length; i++) z[i] = (float) (random.nextDouble() * 30 - 15);
        z[3] = Float.NaN;
        z[4] = 0;
        z[5] = -100;
        z[6] = 100;
        z[7] = -1e10f;
        z[8] = 1e10f;
        for (String kind : new String[] {"gelu", "elu"}) {
            MemorySegment plain = segment(z);
            MemorySegment withSlope = segment(z);
            MemorySegment slope = segment(new float[z.length]);
            if (kind.equals("gelu")) {
                ActivationKernel.gelu(plain, 0, plain, z.length);
                ActivationKernel.geluWithSlope(withSlope, 0, withSlope, slope, z.length);
            } else {
                ActivationKernel.elu(plain, 0, plain, slope, z.length);
                ActivationKernel.elu(withSlope, 0, withSlope, slope, z.length);
            }
            assertTrue(Float.isNaN(plain.getAtIndex(ValueLayout.JAVA_FLOAT, 3)), "not a number stays so");
            for (int i = 4; i < z.length; i++) {
                double x = z[i];
                double expected = kind.equals("gelu") ? Scalar.gelu(x) : Scalar.elu(x);
                double expectedSlope = kind.equals("gelu") ? Scalar.geluSlope(x) : x > 0 ? 1 : Math.exp(x);
                assertEquals(
                        expected,
                        plain.getAtIndex(ValueLayout.JAVA_FLOAT, i),
                        3e-7 * Math.max(1, Math.abs(x)),
                        kind + " at " + x);
                assertEquals(
                        plain.getAtIndex(ValueLayout.JAVA_FLOAT, i),
                        withSlope.getAtIndex(ValueLayout.JAVA_FLOAT, i),
                        kind + " at " + x);
                assertEquals(expectedSlope, slope.getAtIndex(ValueLayout.JAVA_FLOAT, i), 1e-6, kind + " slope at " + x);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 15, 16, 17, 64, 1023})
    void elementwiseKernelsMatchOverRaggedLengths(int n) {
        float[] x = Scalar.random(random, n + 5, 1);
        float[] y = Scalar.random(random, n + 5, 1);
        MemorySegment a = segment(x);
        MemorySegment axpy = segment(y);
        MemorySegment product = segment(y);
        MemorySegment difference = segment(y);
        MemorySegment negative = segment(y);
        MemorySegment scaled = segment(y);
        MemorySegment filled = segment(y);
        MemorySegment sum = segment(y);
        ElementwiseKernel.axpy(0.7f, a, 2, axpy, 3, n);
        ElementwiseKernel.multiply(a, 2, product, 3, n);
        ElementwiseKernel.subtract(a, 2, segment(y), 3, difference, 3, n);
        ElementwiseKernel.negativePart(a, 2, negative, 3, n);
        ElementwiseKernel.scale(-2, scaled, 3, n);
        ElementwiseKernel.fill(filled, 3, 9, n);
        ElementwiseKernel.scaleAdd(3, a, 2, segment(y), 3, sum, 3, n);
        for (int i = 0; i < n + 5; i++) {
            boolean inside = i >= 3 && i < n + 3;
            double left = inside ? x[i - 1] : 0;
            assertEquals(inside ? y[i] + 0.7f * left : y[i], values(axpy, n + 5)[i], 1e-6);
            assertEquals(inside ? y[i] * left : y[i], values(product, n + 5)[i], 1e-6);
            assertEquals(inside ? left - y[i] : y[i], values(difference, n + 5)[i], 1e-6);
            assertEquals(inside ? Math.min(left, 0) : y[i], values(negative, n + 5)[i], 0);
            assertEquals(inside ? -2 * y[i] : y[i], values(scaled, n + 5)[i], 0);
            assertEquals(inside ? 9 : y[i], values(filled, n + 5)[i], 0);
            assertEquals(inside ? 3 * left + y[i] : y[i], values(sum, n + 5)[i], 2e-6);
        }
        double squares = 0;
        double dot = 0;
        for (int i = 0; i < n; i++) {
            squares += (double) x[i + 2] * x[i + 2];
            dot += (double) x[i + 2] * y[i + 3];
        }
        assertEquals(squares, ReductionKernel.sumOfSquares(a, 2, n), 1e-6 * squares + 1e-9);
        assertEquals(dot, ReductionKernel.dot(a, 2, segment(y), 3, n), 1e-6 * squares + 1e-6);
    }

    @Test
    void sinesAreRightOverManyTurns() {
        int n = 256;
        float[] x = Scalar.random(random, n, 20);
        MemorySegment y = segment(new float[n]);
        ElementwiseKernel.sine(20, 0.5f, segment(x), 0, y, 0, n);
        for (int i = 0; i < n; i++)
            assertEquals(
                    Math.sin(x[i] * 20f + 0.5f),
                    y.getAtIndex(ValueLayout.JAVA_FLOAT, i),
                    1e-6,
                    "sin of " + (x[i] * 20f + 0.5f));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 16, 33, 250})
    void complexProductsMatch(int n) {
        float[] h = Scalar.random(random, 2 * n, 1);
        float[] x = Scalar.random(random, 2 * n, 1);
        float[] z = Scalar.random(random, 2 * n, 1);
        for (boolean conjugate : new boolean[] {false, true}) {
            for (boolean add : new boolean[] {false, true}) {
                MemorySegment result = segment(z);
                ComplexKernel.multiply(segment(h), 0, segment(x), 0, result, 0, n, conjugate, add);
                for (int i = 0; i < n; i++) {
                    double im = conjugate ? -h[2 * i + 1] : h[2 * i + 1];
                    double re = h[2 * i] * (double) x[2 * i] - im * x[2 * i + 1] + (add ? z[2 * i] : 0);
                    double imaginary = h[2 * i] * (double) x[2 * i + 1] + im * x[2 * i] + (add ? z[2 * i + 1] : 0);
                    assertEquals(re, result.getAtIndex(ValueLayout.JAVA_FLOAT, 2L * i), 3e-6);
                    assertEquals(imaginary, result.getAtIndex(ValueLayout.JAVA_FLOAT, 2L * i + 1), 3e-6);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 21, 25, 35, 49, 64, 97, 100, 105, 127, 210, 251, 320,
                512, 1000
            })
    void transformsOfEveryLengthMatchTheDefinition(int n) {
        FftPlan plan = new FftPlan(n, arena);
        int rows = FftPlan.rows();
        float[] input = Scalar.random(random, rows * n * 2, 1);
        MemorySegment array = segment(input);
        MemorySegment buffer = arena.allocate(4L * plan.bufferValues(), 64);
        MemorySegment scratch = arena.allocate(4L * plan.scratchValues(), 64);
        FftRows.load(array, 0, 1, n, rows, n, false, buffer, scratch);
        plan.transform(buffer, scratch);
        FftRows.save(buffer, array, 0, 1, n, rows, n, false, 1, scratch);
        for (int row : new int[] {0, rows - 1}) {
            double[] re = new double[n];
            double[] im = new double[n];
            for (int i = 0; i < n; i++) {
                re[i] = input[(row * n + i) * 2];
                im[i] = input[(row * n + i) * 2 + 1];
            }
            double[][] expected = Scalar.dft(re, im);
            double scale = Math.sqrt(n) * 4;
            for (int k = 0; k < n; k++) {
                assertEquals(
                        expected[0][k],
                        array.getAtIndex(ValueLayout.JAVA_FLOAT, (row * n + k) * 2L),
                        1e-6 * scale,
                        "length " + n + " bin " + k);
                assertEquals(
                        expected[1][k],
                        array.getAtIndex(ValueLayout.JAVA_FLOAT, (row * n + k) * 2L + 1),
                        1e-6 * scale,
                        "length " + n + " bin " + k);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1,2,hashed",
        "2,2,hashed",
        "2,2,together",
        "3,3,together",
        "3,2,hashed",
        "4,1,hashed",
        "1,6,hashed",
        "2,3,hashed",
        "2,2,dense",
        "3,2,dense"
    })
    void gridEncodingAndItsGradientsMatchTheFormulas(int dimensions, int features, String addressing) {
        int[] multipliers =
                !addressing.equals("dense") ? new int[] {1, 1431655781, 622729787, 338294347} : new int[] {16, 1, 4};
        int points = 48;
        int entries = 64;
        float[] x = new float[dimensions * points];
        // All points of a vector within one cell, in other ones than the next vector's.
        for (int i = 0; i < x.length; i++)
            x[i] = addressing.equals("together")
                    ? (float) (1.7 * (i / 16) + 0.1 * random.nextDouble())
                    : (float) (random.nextDouble() * 14 - 2);
        float[] table = Scalar.random(random, entries * features, 1);
        float[] constants = new float[HashGridKernel.LEVEL_VALUES];
        for (int axis = 0; axis < dimensions; axis++) {
            constants[axis] = -0.5f * axis;
            constants[HashGridKernel.MAX_DIMENSIONS + axis] = 1.3f + 0.4f * axis;
        }
        float[] cotangent = Scalar.random(random, features * points, 1);
        MemorySegment coordinates = segment(x);
        MemorySegment scratch = arena.allocate(4L * HashGridKernel.scratchValues(features), 64);
        HashGridKernel.Level level = new HashGridKernel.Level(
                dimensions, features, entries, multipliers, segment(constants), 0, segment(table), 0);
        MemorySegment encoded = segment(new float[features * points]);
        MemorySegment dx = segment(new float[dimensions * points]);
        MemorySegment dTable = segment(new float[entries * features]);
        HashGridKernel.encode(level, coordinates, 0, points, encoded, 0, points, points, scratch);
        HashGridKernel.addCoordinateGradient(
                level, coordinates, 0, points, segment(cotangent), 0, points, dx, points, scratch);
        HashGridKernel.addTableGradient(
                level, coordinates, 0, points, segment(cotangent), 0, points, dTable, 0, points, scratch);
        double[] expectedTable = new double[entries * features];
        for (int p = 0; p < points; p++) {
            int[] cell = new int[dimensions];
            double[] weight = new double[dimensions];
            for (int axis = 0; axis < dimensions; axis++) {
                float low = constants[axis];
                float size = constants[HashGridKernel.MAX_DIMENSIONS + axis];
                cell[axis] = (int) Math.max(0, Math.floor((x[axis * points + p] - low) / size));
                weight[axis] = (x[axis * points + p] - (cell[axis] * size + low)) / size;
            }
            double[] value = new double[features];
            double[] slope = new double[dimensions];
            for (int corner = 0; corner < 1 << dimensions; corner++) {
                int entry = Scalar.entry(cell, corner, entries, multipliers);
                for (int f = 0; f < features; f++) {
                    double share = Scalar.share(weight, corner);
                    value[f] += share * table[entry * features + f];
                    expectedTable[entry * features + f] += share * cotangent[f * points + p];
                    for (int axis = 0; axis < dimensions; axis++) {
                        double[] upper = weight.clone();
                        upper[axis] = 1;
                        double[] lower = weight.clone();
                        lower[axis] = 0;
                        slope[axis] += (Scalar.share(upper, corner) - Scalar.share(lower, corner))
                                / constants[HashGridKernel.MAX_DIMENSIONS + axis]
                                * table[entry * features + f]
                                * cotangent[f * points + p];
                    }
                }
            }
            for (int f = 0; f < features; f++)
                assertEquals(value[f], encoded.getAtIndex(ValueLayout.JAVA_FLOAT, (long) f * points + p), 2e-5);
            for (int axis = 0; axis < dimensions; axis++)
                assertEquals(slope[axis], dx.getAtIndex(ValueLayout.JAVA_FLOAT, (long) axis * points + p), 1e-4);
        }
        for (int i = 0; i < expectedTable.length; i++)
            assertEquals(expectedTable[i], dTable.getAtIndex(ValueLayout.JAVA_FLOAT, i), 1e-4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 33, 64, 101})
    void productsAndNegativeStepsMatchTheirFormulas(int n) {
        float[] x = Scalar.random(random, n, 1);
        float[] y = Scalar.random(random, n, 1);
        float[] z = Scalar.random(random, n, 1);
        MemorySegment result = segment(z);
        ElementwiseKernel.product(0.5f, segment(x), 0, segment(y), 0, result, 0, n, false);
        MemorySegment sum = segment(z);
        ElementwiseKernel.product(-2, segment(x), 0, segment(y), 0, sum, 0, n, true);
        MemorySegment stepped = segment(z);
        ElementwiseKernel.addWhereNegative(0.25f, segment(x), 0, stepped, 0, n);
        double negative = 0;
        for (int i = 0; i < n; i++) {
            assertEquals(0.5 * x[i] * y[i], result.getAtIndex(ValueLayout.JAVA_FLOAT, i), 1e-6);
            assertEquals(z[i] - 2.0 * x[i] * y[i], sum.getAtIndex(ValueLayout.JAVA_FLOAT, i), 2e-6);
            assertEquals(x[i] < 0 ? z[i] + 0.25 : z[i], stepped.getAtIndex(ValueLayout.JAVA_FLOAT, i), 1e-6);
            negative += Math.max(0, -x[i]);
        }
        assertEquals(negative, ReductionKernel.negativeSum(segment(x), 0, n), 1e-5 * n);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 37})
    void adamMatchesItsFormula(int n) {
        float[] p = Scalar.random(random, n, 1);
        float[] g = Scalar.random(random, n, 1);
        float[] m = Scalar.random(random, n, 0.1);
        float[] v = Scalar.random(random, n, 0.1);
        for (int i = 0; i < n; i++) v[i] = Math.abs(v[i]);
        MemorySegment parameters = segment(p);
        AdamKernel.update(
                parameters, segment(g), segment(m), segment(v), 0, n, 0.01f, 0.9f, 0.99f, 1e-15f, 0.19f, 0.0199f);
        for (int i = 0; i < n; i++) {
            double first = 0.9 * m[i] + 0.1 * g[i];
            double second = 0.99 * v[i] + 0.01 * g[i] * g[i];
            double expected = p[i] - 0.01 * (first / 0.19) / (Math.sqrt(second / 0.0199) + 1e-15);
            assertEquals(expected, parameters.getAtIndex(ValueLayout.JAVA_FLOAT, i), 2e-6);
        }
    }

    @Test
    void theMachinePeakKernelSumsSixteenGeometricSeries() {
        double expected = 16 * 0.5 * (1 - Math.pow(0.999, 1001)) / (1 - 0.999);
        assertEquals(expected, PeakKernel.run(1000, 0.5f), 1e-3 * expected);
    }
}
