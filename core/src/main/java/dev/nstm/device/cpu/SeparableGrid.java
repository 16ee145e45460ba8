package dev.nstm.device.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.nstm.device.Encoding;
import dev.nstm.device.PixelGrid;
import dev.nstm.simd.ElementwiseKernel;
import dev.nstm.simd.ReductionKernel;
import dev.nstm.tensor.Sizes;
import dev.nstm.tensor.Tensor;
import dev.nstm.tensor.TensorArena;
import java.lang.foreign.MemorySegment;

/**
 * A hash grid seen from the samples of a pixel grid at one time per picture. The interpolation is a tensor product: the
 * table entries are first folded in time onto the grid's vertices, then, for a piece of a pixel row, over all other
 * axes; along the row each vertex contributes a hat function, whose samples never change. Same values as the hash
 * encoding of every point, up to the order of additions.
 *
 * <p>One object serves all threads; what a thread writes goes where the caller says.
 */
final class SeparableGrid {
    /**
     * Vertices that the samples touch along one axis, for each sample its lower vertex and interpolation weight, and
     * for each vertex (and one more) the first sample whose lower vertex is this one or a later one.
     */
    private record Axis(int firstVertex, int vertices, int[] lower, float[] weight, int[] start) {
        static Axis of(int firstVertex, int vertices, int[] lower, float[] weight) {
            int[] start = new int[vertices + 1];
            int sample = 0;
            for (int vertex = 0; vertex <= vertices; vertex++) {
                while (sample < lower.length && lower[sample] < vertex) sample++;
                start[vertex] = sample;
            }
            return new Axis(firstVertex, vertices, lower, weight, start);
        }
    }

    private final Encoding.HashGrid grid;
    private final PixelGrid pixels;
    private final int features;
    private final int timeAxis;
    private final int width;
    /** {@code [level][grid axis]}, see {@link Encoding.HashGrid#multipliers}. */
    private final int[][] multipliers;
    /** Reduces a level's joined products to its entries. */
    private final int[] masks;
    /** {@code [level][pixel axis]}. */
    private final Axis[][] axes;
    /**
     * First value of each level within the vertex values of a picture; a level is laid out {@code [feature][vertex]}.
     * The last element is the number of all values.
     */
    private final int[] levelStart;

    private final int[] levelVertices;
    /**
     * Hat functions of a level's vertices along the row, {@code [vertex][sample]}, with a tile of zeros on either side.
     */
    private final MemorySegment[] hats;

    private final int hatRow;
    /** {@code [picture][level][feature][vertex]}. */
    private final MemorySegment vertexValues;

    SeparableGrid(Encoding.HashGrid grid, PixelGrid pixels, int pictures, TensorArena arena) {
        this.grid = grid;
        this.pixels = pixels;
        features = grid.features();
        timeAxis = pixels.axes() - grid.firstAxis();
        width = pixels.extents().extent(-1);
        int levels = grid.levels();
        axes = new Axis[levels][pixels.axes()];
        levelStart = new int[levels + 1];
        levelVertices = new int[levels];
        hats = new MemorySegment[levels];
        hatRow = TensorArena.paddedRow(width + 2 * TileEncoder.POINTS);
        multipliers = new int[levels][];
        masks = new int[levels];
        for (int level = 0; level < levels; level++) {
            multipliers[level] = grid.multipliers(level);
            masks[level] = grid.entries(level) - 1;
            int vertices = 1;
            for (int axis = 0; axis < pixels.axes(); axis++) {
                axes[level][axis] = locate(level, axis);
                vertices = Sizes.product("vertices of a level", vertices, axes[level][axis].vertices);
            }
            levelVertices[level] = vertices;
            levelStart[level + 1] =
                    Math.addExact(levelStart[level], Sizes.product("features of a level", vertices, features));
            hats[level] = hats(axes[level][pixels.axes() - 1], arena);
        }
        vertexValues = arena.allocateBytes(4L * Sizes.product("vertices of all pictures", pictures, values()));
    }

    /** Vertex values of one picture: what {@link #addGradient} accumulates into. */
    int values() {
        return levelStart[levelStart.length - 1];
    }

    private Axis locate(int level, int axis) {
        int samples = pixels.extents().extent(axis);
        int gridAxis = axis - grid.firstAxis();
        if (gridAxis < 0 || gridAxis >= grid.axes()) return Axis.of(0, 1, new int[samples], new float[samples]);
        float low = grid.low(gridAxis);
        float cell = grid.cell(level, gridAxis);
        int[] lower = new int[samples];
        float[] weight = new float[samples];
        for (int i = 0; i < samples; i++) {
            float position = pixels.position(axis, i);
            lower[i] = (int) Math.max((position - low) / cell, 0f);
            weight[i] = (position - (lower[i] * cell + low)) / cell;
        }
        int first = lower[0];
        int vertices = lower[samples - 1] + 2 - first;
        for (int i = 0; i < samples; i++) lower[i] -= first;
        return Axis.of(first, vertices, lower, weight);
    }

    private MemorySegment hats(Axis axis, TensorArena arena) {
        MemorySegment hats = arena.allocateBytes(4L * axis.vertices * hatRow);
        for (int x = 0; x < width; x++) {
            long at = TileEncoder.POINTS + x;
            float weight = axis.weight[x];
            hats.setAtIndex(JAVA_FLOAT, (long) axis.lower[x] * hatRow + at, 1 - weight);
            if (axis.vertices > 1) hats.setAtIndex(JAVA_FLOAT, (axis.lower[x] + 1L) * hatRow + at, weight);
        }
        return hats;
    }

    /** Folds the tables of one level in time for all pictures. */
    void fold(int level, Tensor parameters, int tableOffset, Tensor times, int pictures) {
        for (int picture = 0; picture < pictures; picture++) {
            long start = (long) picture * values() + levelStart[level];
            int vertices = levelVertices[level];
            int lower = timed() ? lowerTime(level, times.get(picture)) : 0;
            float weight = timed() ? timeWeight(level, times.get(picture), lower) : 0;
            for (int vertex = 0; vertex < vertices; vertex++) {
                int hash = spatialHash(level, vertex);
                for (int f = 0; f < features; f++) {
                    float value;
                    if (timed()) {
                        float before = parameters.get(tableOffset + entry(level, hash, lower) * features + f);
                        float after = parameters.get(tableOffset + entry(level, hash, lower + 1) * features + f);
                        value = Math.fma(weight, after - before, before);
                    } else {
                        value = parameters.get(tableOffset + entry(level, hash) * features + f);
                    }
                    vertexValues.setAtIndex(JAVA_FLOAT, start + (long) f * vertices + vertex, value);
                }
            }
        }
    }

    /**
     * The adjoint of {@link #fold}: adds the gradients of one level's vertices, summed over strips in order, to the
     * table's.
     */
    void unfold(
            int level,
            MemorySegment gradients,
            long first,
            int strips,
            long stripStride,
            Tensor tableGradient,
            int tableOffset,
            Tensor times,
            int pictures) {
        int vertices = levelVertices[level];
        for (int picture = 0; picture < pictures; picture++) {
            long start = first + (long) picture * values() + levelStart[level];
            for (int strip = 1; strip < strips; strip++) {
                ElementwiseKernel.axpy(
                        1, gradients, strip * stripStride + start, gradients, start, vertices * features);
            }
            int lower = timed() ? lowerTime(level, times.get(picture)) : 0;
            float weight = timed() ? timeWeight(level, times.get(picture), lower) : 0;
            for (int vertex = 0; vertex < vertices; vertex++) {
                int hash = spatialHash(level, vertex);
                for (int f = 0; f < features; f++) {
                    float gradient = gradients.getAtIndex(JAVA_FLOAT, start + (long) f * vertices + vertex);
                    if (gradient == 0f) continue;
                    if (timed()) {
                        add(
                                tableGradient,
                                tableOffset + entry(level, hash, lower) * features + f,
                                (1 - weight) * gradient);
                        add(
                                tableGradient,
                                tableOffset + entry(level, hash, lower + 1) * features + f,
                                weight * gradient);
                    } else {
                        add(tableGradient, tableOffset + entry(level, hash) * features + f, gradient);
                    }
                }
            }
        }
    }

    private static void add(Tensor tensor, int index, float value) {
        tensor.set(index, tensor.get(index) + value);
    }

    private boolean timed() {
        return timeAxis >= 0 && timeAxis < grid.axes();
    }

    private int lowerTime(int level, float time) {
        return (int) Math.max((time - grid.low(timeAxis)) / grid.cell(level, timeAxis), 0f);
    }

    private float timeWeight(int level, float time, int lower) {
        float cell = grid.cell(level, timeAxis);
        return (time - (lower * cell + grid.low(timeAxis))) / cell;
    }

    private int spatialHash(int level, int vertex) {
        int hash = 0;
        for (int axis = pixels.axes() - 1; axis >= 0; axis--) {
            Axis along = axes[level][axis];
            int index = along.firstVertex + vertex % along.vertices;
            vertex /= along.vertices;
            int gridAxis = axis - grid.firstAxis();
            if (gridAxis >= 0 && gridAxis < grid.axes()) hash ^= index * multipliers[level][gridAxis];
        }
        return hash;
    }

    private int entry(int level, int hash) {
        return hash & masks[level];
    }

    private int entry(int level, int spatialHash, int time) {
        return entry(level, spatialHash ^ time * multipliers[level][timeAxis]);
    }

    /**
     * Where a piece of a pixel row stands between the vertices of the other axes; one per thread, used again and again.
     */
    static final class RowCorners {
        private final int[] offset;
        private final float[] weight;
        private int count;

        RowCorners(PixelGrid pixels) {
            offset = new int[1 << (pixels.axes() - 1)];
            weight = new float[offset.length];
        }

        /** Interpolates the values at the corners. */
        private float fold(MemorySegment values, long first) {
            float value = 0;
            for (int c = 0; c < count; c++)
                value = Math.fma(weight[c], values.getAtIndex(JAVA_FLOAT, first + offset[c]), value);
            return value;
        }

        /** Adjoint of {@link #fold}. */
        private void spread(float gradient, MemorySegment target, long first) {
            for (int c = 0; c < count; c++) {
                long index = first + offset[c];
                target.setAtIndex(
                        JAVA_FLOAT, index, Math.fma(weight[c], gradient, target.getAtIndex(JAVA_FLOAT, index)));
            }
        }
    }

    private void locateRow(int level, int row, RowCorners corners) {
        int last = pixels.axes() - 1;
        int stride = axes[level][last].vertices;
        corners.count = 1;
        corners.offset[0] = 0;
        corners.weight[0] = 1;
        for (int axis = last - 1; axis >= 0; axis--) {
            int samples = pixels.extents().extent(axis);
            Axis along = axes[level][axis];
            int sample = row % samples;
            row /= samples;
            float upper = along.weight[sample];
            int base = along.lower[sample] * stride;
            int known = corners.count;
            for (int c = 0; c < known; c++) {
                if (along.vertices > 1) {
                    corners.offset[corners.count] = corners.offset[c] + base + stride;
                    corners.weight[corners.count++] = corners.weight[c] * upper;
                }
                corners.offset[c] += base;
                corners.weight[c] *= 1 - upper;
            }
            stride *= along.vertices;
        }
    }

    /**
     * Adds the features of samples to {@code encoded[feature][point]} of a tile.
     *
     * @param first first sample, counted through all pictures
     * @param count samples of the tile
     * @param window factor of each feature of this encoding, from {@code firstFeature} on; closed features are left
     *     alone
     */
    void addFeatures(int first, int count, MemorySegment encoded, int firstFeature, Tensor window, RowCorners corners) {
        visit(first, count, encoded, firstFeature, window, corners, null, 0);
    }

    /**
     * Adjoint of {@link #addFeatures}: adds to the gradients of one strip's vertices, laid out like the vertex values.
     */
    void addGradient(
            int first,
            int count,
            MemorySegment gradient,
            int firstFeature,
            Tensor window,
            RowCorners corners,
            MemorySegment target,
            long targetOffset) {
        visit(first, count, gradient, firstFeature, window, corners, target, targetOffset);
    }

    /** @param target null to add features, else where gradients of the vertices are added */
    private void visit(
            int first,
            int count,
            MemorySegment tile,
            int firstFeature,
            Tensor window,
            RowCorners corners,
            MemorySegment target,
            long targetOffset) {
        int rows = pixels.count() / width;
        for (int at = 0; at < count; ) {
            int x = (first + at) % width;
            int row = (first + at) / width;
            int length = Math.min(count - at, width - x);
            visitRow(row / rows, row % rows, x, length, tile, firstFeature, at, window, corners, target, targetOffset);
            at += length;
        }
    }

    private void visitRow(
            int picture,
            int row,
            int x,
            int count,
            MemorySegment tile,
            int firstFeature,
            int at,
            Tensor window,
            RowCorners corners,
            MemorySegment target,
            long targetOffset) {
        for (int level = 0; level < grid.levels(); level++) {
            locateRow(level, row, corners);
            Axis along = axes[level][pixels.axes() - 1];
            int last = along.lower[x + count - 1] + (along.vertices > 1 ? 1 : 0);
            for (int f = 0; f < features; f++) {
                int feature = firstFeature + f * grid.levels() + level;
                if (window.get(feature) == 0f) continue;
                long values = (long) picture * values() + levelStart[level] + (long) f * levelVertices[level];
                for (int vertex = along.lower[x]; vertex <= last; vertex++) {
                    int from = from(along, vertex, x, at);
                    int points = to(along, vertex, x, at, count) - from;
                    long hat = (long) vertex * hatRow + TileEncoder.POINTS + x + from - at;
                    long inTile = (long) feature * TileEncoder.POINTS + from;
                    if (target == null) {
                        ElementwiseKernel.axpy(
                                corners.fold(vertexValues, values + vertex), hats[level], hat, tile, inTile, points);
                    } else {
                        corners.spread(
                                (float) ReductionKernel.dot(hats[level], hat, tile, inTile, points),
                                target,
                                targetOffset + values + vertex);
                    }
                }
            }
        }
    }

    /**
     * First point of the tile, rounded down to whole vectors, where a vertex's hat is not zero: hats are zero beyond
     * the row.
     */
    private int from(Axis along, int vertex, int x, int at) {
        return Math.max(0, at + Math.max(0, along.start[Math.max(0, vertex - 1)] - x))
                / TensorArena.ROW_MULTIPLE
                * TensorArena.ROW_MULTIPLE;
    }

    private int to(Axis along, int vertex, int x, int at, int count) {
        int end = Math.min(count, along.start[vertex + 1] - x);
        return Math.min(TileEncoder.POINTS, TensorArena.paddedRow(at + end));
    }
}
