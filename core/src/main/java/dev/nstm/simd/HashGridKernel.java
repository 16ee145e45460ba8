package dev.nstm.simd;

import static dev.nstm.simd.Memory.ALL;
import static dev.nstm.simd.Memory.FLOAT;
import static dev.nstm.simd.Memory.ORDER;
import static dev.nstm.simd.Simd.FLOATS;
import static dev.nstm.simd.Simd.INTS;

import dev.nstm.tensor.TensorArena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * One level of a multiresolution hash encoding in 1 to 4 dimensions (Mueller et al., Instant Neural Graphics
 * Primitives, 2022): features at a point are the d-linear interpolation of table entries at the corners of its cell.
 *
 * <pre>
 * i = floor((x - lo) / cell), negative saturates to 0        w = (x - (i cell + lo)) / cell
 * h(corner) = xor over axes of (i_a + bit_a) m_a, modulo the table size (a power of two)
 * </pre>
 *
 * Where the multipliers m are large primes, h is a hash; where they are powers of two whose products with the indices
 * share no bits, it is the place of the corner in a dense array.
 *
 * <p>Coordinates lie axis after axis ({@code [axis][point]}), as do features ({@code [feature][point]}). Counts of
 * points are multiples of {@link TensorArena#ROW_MULTIPLE}; pad coordinates with any finite value.
 */
public final class HashGridKernel {
    /** Largest number of coordinates. */
    public static final int MAX_DIMENSIONS = 4;
    /** Values that describe a level: lower corner of the box, then the size of a cell, for four axes each. */
    public static final int LEVEL_VALUES = 2 * MAX_DIMENSIONS;

    private static final int LANES = Simd.LANES;
    private static final long VECTOR = Simd.VECTOR_BYTES;
    private static final int CORNERS = 1 << MAX_DIMENSIONS;
    /** Every other lane of two vectors, from lane 0 on or from lane 1 on. */
    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(FLOATS, lane -> 2 * lane);

    private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(FLOATS, lane -> 2 * lane + 1);

    private HashGridKernel() {}

    /** Values of scratch memory that every method here needs. */
    public static int scratchValues(int features) {
        return TensorArena.ROW_MULTIPLE * (MAX_DIMENSIONS + CORNERS * (3 + features));
    }

    /**
     * Geometry and table of one level.
     *
     * @param dimensions number of coordinates, 1 to 4
     * @param features values in a table entry
     * @param entries entries in the table, a power of two
     * @param multipliers factor of the vertex index per axis
     * @param constants {@link #LEVEL_VALUES} values: lower corner and cell size per axis
     * @param constantsOffset where they begin
     * @param table trained entries, {@code [entry][feature]}
     * @param tableOffset where this level's begin
     */
    public record Level(
            int dimensions,
            int features,
            int entries,
            int[] multipliers,
            MemorySegment constants,
            long constantsOffset,
            MemorySegment table,
            long tableOffset) {
        public Level {
            if (dimensions < 1 || dimensions > MAX_DIMENSIONS)
                throw new IllegalArgumentException("dimensions must be 1 to 4, got " + dimensions);
            if (multipliers.length < dimensions)
                throw new IllegalArgumentException(dimensions + " multipliers are needed, got " + multipliers.length);
            if (Integer.bitCount(entries) != 1)
                throw new IllegalArgumentException("table size must be a power of two, got " + entries);
            Memory.address(constants, constantsOffset, LEVEL_VALUES);
            Memory.address(table, tableOffset, (long) entries * features);
        }

        private long constantsAddress() {
            return constants.address() + constantsOffset * Float.BYTES;
        }

        private long tableAddress() {
            return table.address() + tableOffset * Float.BYTES;
        }
    }

    /**
     * encoded[f][p] = interpolated feature f at point p.
     *
     * @param coordinatesOffset where the coordinates of the first axis begin
     * @param axisStride distance between the coordinates of successive axes
     * @param featureStride distance between successive features in {@code encoded}
     */
    public static void encode(
            Level level,
            MemorySegment coordinates,
            long coordinatesOffset,
            long axisStride,
            MemorySegment encoded,
            long encodedOffset,
            long featureStride,
            int points,
            MemorySegment scratch) {
        int dimensions = level.dimensions;
        int features = level.features;
        int corners = 1 << dimensions;
        long x = Memory.address(coordinates, coordinatesOffset, (dimensions - 1) * axisStride + points);
        long out = Memory.address(encoded, encodedOffset, (features - 1) * featureStride + points);
        long weights = Memory.address(scratch, 0, scratchValues(features));
        long indices = weights + MAX_DIMENSIONS * VECTOR;
        long values = indices + CORNERS * VECTOR;
        for (int p = 0; p < points; p += LANES) {
            boolean together = locate(level, x + p * 4L, axisStride * 4, weights, indices);
            gather(
                    level.tableAddress(),
                    features,
                    corners,
                    together,
                    indices,
                    values,
                    values + (long) features * CORNERS * VECTOR);
            for (int f = 0; f < features; f++) {
                long corner = values + f * corners * VECTOR;
                for (int axis = dimensions - 1; axis >= 0; axis--) foldAxis(corner, 1 << axis, weights + axis * VECTOR);
                FloatVector.fromMemorySegment(FLOATS, ALL, corner, ORDER)
                        .intoMemorySegment(ALL, out + (f * featureStride + p) * 4, ORDER);
            }
        }
    }

    /**
     * coordinateGradient[a][p] += sum over f of gradient[f][p] d encoded[f][p] / d x[a][p]; laid out like the
     * coordinates.
     *
     * @param gradientOffset where the gradient of this level's first feature begins
     */
    public static void addCoordinateGradient(
            Level level,
            MemorySegment coordinates,
            long coordinatesOffset,
            long axisStride,
            MemorySegment gradient,
            long gradientOffset,
            long featureStride,
            MemorySegment coordinateGradient,
            int points,
            MemorySegment scratch) {
        int dimensions = level.dimensions;
        int features = level.features;
        int corners = 1 << dimensions;
        long x = Memory.address(coordinates, coordinatesOffset, (dimensions - 1) * axisStride + points);
        long g = Memory.address(gradient, gradientOffset, (features - 1) * featureStride + points);
        long dx = Memory.address(coordinateGradient, coordinatesOffset, (dimensions - 1) * axisStride + points);
        long weights = Memory.address(scratch, 0, scratchValues(features));
        long indices = weights + MAX_DIMENSIONS * VECTOR;
        long values = indices + CORNERS * VECTOR;
        long total = values + (long) features * CORNERS * VECTOR;
        long folded = total + CORNERS * VECTOR;
        long constants = level.constantsAddress();
        for (int p = 0; p < points; p += LANES) {
            boolean together = locate(level, x + p * 4L, axisStride * 4, weights, indices);
            gather(
                    level.tableAddress(),
                    features,
                    corners,
                    together,
                    indices,
                    values,
                    values + (long) features * CORNERS * VECTOR);
            weighByGradient(g + p * 4L, featureStride * 4, features, corners, values, total);
            for (int along = 0; along < dimensions; along++) {
                for (int c = 0; c < corners; c++)
                    FloatVector.fromMemorySegment(FLOATS, ALL, total + c * VECTOR, ORDER)
                            .intoMemorySegment(ALL, folded + c * VECTOR, ORDER);
                for (int axis = dimensions - 1; axis >= 0; axis--) {
                    if (axis == along) differenceAxis(folded, 1 << axis);
                    else foldAxis(folded, 1 << axis, weights + axis * VECTOR);
                }
                long at = dx + (along * axisStride + p) * 4;
                FloatVector cell =
                        FloatVector.broadcast(FLOATS, ALL.get(FLOAT, constants + (MAX_DIMENSIONS + along) * 4L));
                FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER)
                        .add(FloatVector.fromMemorySegment(FLOATS, ALL, folded, ORDER)
                                .div(cell))
                        .intoMemorySegment(ALL, at, ORDER);
            }
        }
    }

    /**
     * tableGradient[entry][f] += weight of that corner times gradient[f][p], over all points in order.
     *
     * @param tableGradient same layout as the level's table
     */
    public static void addTableGradient(
            Level level,
            MemorySegment coordinates,
            long coordinatesOffset,
            long axisStride,
            MemorySegment gradient,
            long gradientOffset,
            long featureStride,
            MemorySegment tableGradient,
            long tableGradientOffset,
            int points,
            MemorySegment scratch) {
        int dimensions = level.dimensions;
        int features = level.features;
        int corners = 1 << dimensions;
        long x = Memory.address(coordinates, coordinatesOffset, (dimensions - 1) * axisStride + points);
        long g = Memory.address(gradient, gradientOffset, (features - 1) * featureStride + points);
        long target = Memory.address(tableGradient, tableGradientOffset, (long) level.entries * features);
        long weights = Memory.address(scratch, 0, scratchValues(features));
        long indices = weights + MAX_DIMENSIONS * VECTOR;
        long shares = indices + CORNERS * VECTOR;
        for (int p = 0; p < points; p += LANES) {
            boolean together = locate(level, x + p * 4L, axisStride * 4, weights, indices);
            cornerShares(dimensions, weights, shares);
            if (together) scatterOne(target, indices, shares, corners, g + p * 4L, featureStride * 4, features);
            else if (features == 2) scatterPairs(target, indices, shares, corners, g + p * 4L, featureStride * 4);
            else scatter(target, indices, shares, corners, g + p * 4L, featureStride * 4, features);
        }
    }

    /** Returns whether all points lie in one cell. */
    private static boolean locate(Level level, long x, long axisStride, long weights, long indices) {
        int dimensions = level.dimensions;
        long constants = level.constantsAddress();
        int mask = level.entries - 1;
        int[] multipliers = level.multipliers;
        boolean together = true;
        for (int axis = 0; axis < dimensions; axis++) {
            FloatVector low = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, constants + axis * 4L));
            FloatVector cell = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, constants + (MAX_DIMENSIONS + axis) * 4L));
            FloatVector position = FloatVector.fromMemorySegment(FLOATS, ALL, x + axis * axisStride, ORDER);
            IntVector cellIndex =
                    (IntVector) position.sub(low).div(cell).max(0f).convertShape(VectorOperators.F2I, INTS, 0);
            together &= cellIndex.compare(VectorOperators.EQ, cellIndex.lane(0)).allTrue();
            FloatVector corner = (FloatVector) cellIndex.convertShape(VectorOperators.I2F, FLOATS, 0);
            position.sub(corner.mul(cell).add(low)).div(cell).intoMemorySegment(ALL, weights + axis * VECTOR, ORDER);
            IntVector lower = cellIndex.mul(multipliers[axis]);
            IntVector upper = lower.add(multipliers[axis]);
            int half = 1 << axis;
            if (axis == 0) {
                lower.intoMemorySegment(ALL, indices, ORDER);
                upper.intoMemorySegment(ALL, indices + VECTOR, ORDER);
            } else {
                for (int c = 0; c < half; c++) {
                    IntVector sofar = IntVector.fromMemorySegment(INTS, ALL, indices + c * VECTOR, ORDER);
                    sofar.lanewise(VectorOperators.XOR, upper)
                            .intoMemorySegment(ALL, indices + (c + half) * VECTOR, ORDER);
                    sofar.lanewise(VectorOperators.XOR, lower).intoMemorySegment(ALL, indices + c * VECTOR, ORDER);
                }
            }
        }
        for (int c = 0; c < 1 << dimensions; c++) {
            IntVector.fromMemorySegment(INTS, ALL, indices + c * VECTOR, ORDER)
                    .lanewise(VectorOperators.AND, mask)
                    .intoMemorySegment(ALL, indices + c * VECTOR, ORDER);
        }
        return together;
    }

    /**
     * values[f][corner][lane] = table[indices[corner][lane]][f].
     *
     * @param together whether the indices of all lanes are the same
     * @param pairs scratch for two vectors a corner
     */
    private static void gather(
            long table, int features, int corners, boolean together, long indices, long values, long pairs) {
        if (together) {
            gatherOne(table, features, corners, indices, values);
            return;
        }
        if (features == 2) {
            gatherPairs(table, corners, indices, values, pairs);
            return;
        }
        for (int i = 0; i < corners * LANES; i++) {
            long entry = table + (long) Memory.getInt(indices + i * 4L) * features * 4;
            for (int f = 0; f < features; f++)
                Memory.set(values + ((long) f * corners * LANES + i) * 4, Memory.get(entry + f * 4L));
        }
    }

    private static void gatherOne(long table, int features, int corners, long indices, long values) {
        for (int c = 0; c < corners; c++) {
            long entry = table + (long) Memory.getInt(indices + c * VECTOR) * features * 4;
            for (int f = 0; f < features; f++)
                FloatVector.broadcast(FLOATS, ALL.get(FLOAT, entry + f * 4L))
                        .intoMemorySegment(ALL, values + ((long) f * corners + c) * VECTOR, ORDER);
        }
    }

    /** Both features of an entry are moved as one number, and told apart a vector at a time. */
    private static void gatherPairs(long table, int corners, long indices, long values, long pairs) {
        for (int i = 0; i < corners * LANES; i++)
            Memory.setLong(pairs + i * 8L, Memory.getLong(table + Memory.getInt(indices + i * 4L) * 8L));
        for (int c = 0; c < corners; c++) {
            FloatVector lower = FloatVector.fromMemorySegment(FLOATS, ALL, pairs + 2 * c * VECTOR, ORDER);
            FloatVector upper = FloatVector.fromMemorySegment(FLOATS, ALL, pairs + (2 * c + 1) * VECTOR, ORDER);
            lower.rearrange(EVEN, upper).intoMemorySegment(ALL, values + c * VECTOR, ORDER);
            lower.rearrange(ODD, upper).intoMemorySegment(ALL, values + (corners + c) * VECTOR, ORDER);
        }
    }

    /** corner[c] += w (corner[c + half] - corner[c]) for c &lt; half. */
    private static void foldAxis(long corner, int half, long weight) {
        FloatVector w = FloatVector.fromMemorySegment(FLOATS, ALL, weight, ORDER);
        for (int c = 0; c < half; c++) {
            FloatVector lower = FloatVector.fromMemorySegment(FLOATS, ALL, corner + c * VECTOR, ORDER);
            FloatVector.fromMemorySegment(FLOATS, ALL, corner + (c + half) * VECTOR, ORDER)
                    .sub(lower)
                    .fma(w, lower)
                    .intoMemorySegment(ALL, corner + c * VECTOR, ORDER);
        }
    }

    private static void differenceAxis(long corner, int half) {
        for (int c = 0; c < half; c++) {
            FloatVector.fromMemorySegment(FLOATS, ALL, corner + (c + half) * VECTOR, ORDER)
                    .sub(FloatVector.fromMemorySegment(FLOATS, ALL, corner + c * VECTOR, ORDER))
                    .intoMemorySegment(ALL, corner + c * VECTOR, ORDER);
        }
    }

    private static void weighByGradient(
            long gradient, long featureStride, int features, int corners, long values, long total) {
        for (int c = 0; c < corners; c++) {
            FloatVector sum = FloatVector.broadcast(FLOATS, 0f);
            for (int f = 0; f < features; f++) {
                sum = FloatVector.fromMemorySegment(FLOATS, ALL, gradient + f * featureStride, ORDER)
                        .fma(
                                FloatVector.fromMemorySegment(
                                        FLOATS, ALL, values + ((long) f * corners + c) * VECTOR, ORDER),
                                sum);
            }
            sum.intoMemorySegment(ALL, total + c * VECTOR, ORDER);
        }
    }

    /** shares[corner] = product over axes of w or 1 - w. */
    private static void cornerShares(int dimensions, long weights, long shares) {
        FloatVector first = FloatVector.fromMemorySegment(FLOATS, ALL, weights, ORDER);
        FloatVector.broadcast(FLOATS, 1f).sub(first).intoMemorySegment(ALL, shares, ORDER);
        first.intoMemorySegment(ALL, shares + VECTOR, ORDER);
        for (int axis = 1; axis < dimensions; axis++) {
            int half = 1 << axis;
            FloatVector upper = FloatVector.fromMemorySegment(FLOATS, ALL, weights + axis * VECTOR, ORDER);
            FloatVector lower = FloatVector.broadcast(FLOATS, 1f).sub(upper);
            for (int c = 0; c < half; c++) {
                FloatVector sofar = FloatVector.fromMemorySegment(FLOATS, ALL, shares + c * VECTOR, ORDER);
                sofar.mul(upper).intoMemorySegment(ALL, shares + (c + half) * VECTOR, ORDER);
                sofar.mul(lower).intoMemorySegment(ALL, shares + c * VECTOR, ORDER);
            }
        }
    }

    /** Adds up the shares of points that lie in one cell before they reach the table. */
    private static void scatterOne(
            long target, long indices, long shares, int corners, long gradient, long featureStride, int features) {
        for (int c = 0; c < corners; c++) {
            long entry = target + (long) Memory.getInt(indices + c * VECTOR) * features * 4;
            FloatVector share = FloatVector.fromMemorySegment(FLOATS, ALL, shares + c * VECTOR, ORDER);
            for (int f = 0; f < features; f++) {
                FloatVector slope = FloatVector.fromMemorySegment(FLOATS, ALL, gradient + f * featureStride, ORDER);
                Memory.set(entry + f * 4L, Memory.get(entry + f * 4L) + LaneSum.of(share.mul(slope)));
            }
        }
    }

    private static void scatterPairs(
            long target, long indices, long shares, int corners, long gradient, long featureStride) {
        for (int lane = 0; lane < LANES; lane++) {
            float first = Memory.get(gradient + lane * 4L);
            float second = Memory.get(gradient + featureStride + lane * 4L);
            if (first == 0f && second == 0f) continue;
            for (int i = lane; i < corners * LANES; i += LANES) {
                long entry = target + Memory.getInt(indices + i * 4L) * 8L;
                float share = Memory.get(shares + i * 4L);
                Memory.set(entry, Memory.get(entry) + share * first);
                Memory.set(entry + 4, Memory.get(entry + 4) + share * second);
            }
        }
    }

    private static void scatter(
            long target, long indices, long shares, int corners, long gradient, long featureStride, int features) {
        for (int lane = 0; lane < LANES; lane++) {
            for (int i = lane; i < corners * LANES; i += LANES) {
                long entry = target + (long) Memory.getInt(indices + i * 4L) * features * 4;
                float share = Memory.get(shares + i * 4L);
                for (int f = 0; f < features; f++) {
                    Memory.set(
                            entry + f * 4L,
                            Memory.get(entry + f * 4L) + share * Memory.get(gradient + f * featureStride + lane * 4L));
                }
            }
        }
    }
}
