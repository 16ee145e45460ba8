package dev.nstm.device.cpu;

import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.PixelGrid;
import dev.nstm.simd.ElementwiseKernel;
import dev.nstm.simd.HashGridKernel;
import dev.nstm.tensor.Tensor;
import dev.nstm.tensor.TensorArena;
import dev.nstm.tensor.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Encodes the coordinates of one tile of points and carries gradients back, in scratch memory. Coordinates lie
 * {@code [axis][point]}, features {@code [feature][point]}, a tile's rows being {@link #POINTS} long.
 */
final class TileEncoder {
    /**
     * Points in a tile. Rows that are 192 values long spread over all lines of a first-level cache, which rows of 128
     * do not; activations and derivatives of two layers of 128 neurons fill most of a typical second-level cache.
     */
    static final int POINTS = 192;

    private final NetworkLayout layout;
    private final int features;
    private final MemorySegment coordinates;
    private final MemorySegment coordinateGradient;
    private final MemorySegment encoded;
    private final MemorySegment featureGradient;
    private final MemorySegment kernelScratch;
    private final MemorySegment levelConstants;
    private final HashGridKernel.Level[][] levels;
    /** Null where the coordinates are given point by point. */
    private final PixelFeatures pixels;

    private final SeparableGrid.RowCorners corners;
    private MemorySegment boundTables = MemorySegment.NULL;
    private int first;
    private int count;
    private int padded;

    /** @param workspace with at least {@link #workspaceValues} left */
    TileEncoder(NetworkLayout layout, Workspace workspace, PixelFeatures pixels) {
        this.layout = layout;
        this.pixels = pixels;
        corners = pixels == null ? null : new SeparableGrid.RowCorners(pixels.grid());
        features = layout.features();
        coordinates = workspace.take((long) layout.axes() * POINTS);
        coordinateGradient = workspace.take((long) layout.axes() * POINTS);
        encoded = workspace.take((long) features * POINTS);
        featureGradient = workspace.take((long) features * POINTS);
        kernelScratch = workspace.take(kernelScratchValues(layout));
        int count = layout.encodings().stream()
                .mapToInt(e -> e instanceof Encoding.HashGrid grid ? grid.levels() : 0)
                .sum();
        // The constants must outlive the step, so they are kept apart from scratch memory that other networks reuse.
        levelConstants = Arena.ofAuto().allocate(4L * HashGridKernel.LEVEL_VALUES * Math.max(1, count), 64);
        levels = new HashGridKernel.Level[layout.encodings().size()][];
        writeConstants();
    }

    /** Values that the constructor takes from its workspace, rounding of the pieces included. */
    static long workspaceValues(NetworkLayout layout) {
        return 2L * POINTS * (layout.axes() + layout.features())
                + kernelScratchValues(layout)
                + 5L * TensorArena.ROW_MULTIPLE;
    }

    private static int kernelScratchValues(NetworkLayout layout) {
        return layout.encodings().stream()
                .mapToInt(e -> e instanceof Encoding.HashGrid grid
                        ? HashGridKernel.scratchValues(grid.features())
                        : TensorArena.ROW_MULTIPLE)
                .max()
                .orElseThrow();
    }

    /** Lower corner and cell size of every level. */
    private void writeConstants() {
        int at = 0;
        for (Encoding encoding : layout.encodings()) {
            if (!(encoding instanceof Encoding.HashGrid grid)) continue;
            for (int level = 0; level < grid.levels(); level++) {
                for (int axis = 0; axis < grid.axes(); axis++) {
                    levelConstants.setAtIndex(ValueLayout.JAVA_FLOAT, at + axis, grid.low(axis));
                    levelConstants.setAtIndex(
                            ValueLayout.JAVA_FLOAT, at + HashGridKernel.MAX_DIMENSIONS + axis, grid.cell(level, axis));
                }
                at += HashGridKernel.LEVEL_VALUES;
            }
        }
    }

    MemorySegment kernelScratch() {
        return kernelScratch;
    }

    /** Geometry and table of one level of an encoding. */
    HashGridKernel.Level level(int encoding, int level) {
        return levels[encoding][level];
    }

    /** Makes the levels use the tables in these parameters; costs nothing where they do so already. */
    void bindTables(Tensor parameters) {
        if (boundTables.address() == parameters.data().address()) return;
        long constants = 0;
        for (int e = 0; e < levels.length; e++) {
            if (!(layout.encodings().get(e) instanceof Encoding.HashGrid grid)) continue;
            levels[e] = new HashGridKernel.Level[grid.levels()];
            for (int level = 0; level < grid.levels(); level++) {
                long table = layout.tableOffset(e, level);
                levels[e][level] = new HashGridKernel.Level(
                        grid.axes(),
                        grid.features(),
                        grid.entries(level),
                        grid.multipliers(level),
                        levelConstants,
                        constants,
                        parameters.data(),
                        table);
                constants += HashGridKernel.LEVEL_VALUES;
            }
        }
        boundTables = parameters.data();
    }

    int padded() {
        return padded;
    }

    int count() {
        return count;
    }

    /** Encoded features. */
    MemorySegment encoded() {
        return encoded;
    }

    /** Where the gradient with respect to the encoded features belongs; {@link #closeGradient} completes it. */
    MemorySegment featureGradient() {
        return featureGradient;
    }

    /** Takes the coordinates of {@code count} points; the rest of the tile repeats zero coordinates. */
    void load(Tensor source, int first, int count, int stride) {
        this.count = count;
        this.padded = TensorArena.paddedRow(count);
        for (int axis = 0; axis < layout.axes(); axis++) {
            MemorySegment.copy(
                    source.data(), 4L * ((long) axis * stride + first), coordinates, 4L * axis * POINTS, 4L * count);
            if (count < POINTS) ElementwiseKernel.fill(coordinates, (long) axis * POINTS + count, 0, POINTS - count);
        }
    }

    /** Takes the samples of the pixel grid from {@code first} on, counted through all pictures. */
    void loadPixels(int first, int count) {
        this.first = first;
        this.count = count;
        this.padded = TensorArena.paddedRow(count);
        if (!pixels.wantsCoordinates()) return;
        PixelGrid grid = pixels.grid();
        int spatial = grid.axes();
        for (int axis = 0, inner = grid.count(); axis < spatial; axis++) {
            int extent = grid.extents().extent(axis);
            inner /= extent;
            for (int i = 0; i < POINTS; i++) {
                float position = i < count ? grid.position(axis, (first + i) / inner % extent) : 0;
                coordinates.setAtIndex(ValueLayout.JAVA_FLOAT, (long) axis * POINTS + i, position);
            }
        }
        for (int i = 0; i < POINTS; i++) {
            coordinates.setAtIndex(
                    ValueLayout.JAVA_FLOAT,
                    (long) spatial * POINTS + i,
                    i < count ? pixels.time((first + i) / grid.count()) : 0);
        }
    }

    /** Encodes the tile's points, each feature multiplied by its window; needs {@link #bindTables}. */
    void encode(Tensor window) {
        int feature = 0;
        for (int e = 0; e < levels.length; e++) {
            switch (layout.encodings().get(e)) {
                case Encoding.HashGrid grid -> {
                    if (pixels == null) encodeGrid(e, grid, feature, window);
                    else encodePixels(pixels.separable(e), grid, feature, window);
                }
                case Encoding.Positional positional -> encodePositional(positional, feature);
                case Encoding.Identity identity -> copyRows(identity.firstAxis(), identity.axes(), feature);
            }
            feature += layout.encodings().get(e).featureCount();
        }
        for (int k = 0; k < features; k++) ElementwiseKernel.scale(window.get(k), encoded, (long) k * POINTS, padded);
    }

    private void encodePixels(SeparableGrid separable, Encoding.HashGrid grid, int feature, Tensor window) {
        ElementwiseKernel.fill(encoded, (long) feature * POINTS, 0, grid.featureCount() * POINTS);
        separable.addFeatures(first, count, encoded, feature, window, corners);
    }

    /** Adds the gradient with respect to the vertices of the hash grids, from {@code offset} on. */
    void addVertexGradient(Tensor window, MemorySegment target, long offset) {
        int feature = 0;
        for (int e = 0; e < levels.length; e++) {
            SeparableGrid separable = pixels.separable(e);
            if (separable != null)
                separable.addGradient(
                        first,
                        count,
                        featureGradient,
                        feature,
                        window,
                        corners,
                        target,
                        offset + pixels.gradientStart(e));
            feature += layout.encodings().get(e).featureCount();
        }
    }

    /** Whether any feature of a level is open. */
    static boolean open(Encoding.HashGrid grid, int level, int feature, Tensor window) {
        for (int f = 0; f < grid.features(); f++) {
            if (window.get(feature + f * grid.levels() + level) != 0f) return true;
        }
        return false;
    }

    private void encodeGrid(int encoding, Encoding.HashGrid grid, int feature, Tensor window) {
        for (int level = 0; level < grid.levels(); level++) {
            if (!open(grid, level, feature, window)) {
                for (int f = 0; f < grid.features(); f++)
                    ElementwiseKernel.fill(encoded, (long) (feature + f * grid.levels() + level) * POINTS, 0, padded);
                continue;
            }
            HashGridKernel.encode(
                    levels[encoding][level],
                    coordinates,
                    (long) grid.firstAxis() * POINTS,
                    POINTS,
                    encoded,
                    (long) (feature + level) * POINTS,
                    (long) grid.levels() * POINTS,
                    padded,
                    kernelScratch);
        }
    }

    private void encodePositional(Encoding.Positional positional, int feature) {
        copyRows(positional.firstAxis(), positional.axes(), feature);
        int waves = positional.frequencies().length;
        for (int shifted = 0; shifted < 2; shifted++) {
            for (int axis = 0; axis < positional.axes(); axis++) {
                for (int wave = 0; wave < waves; wave++) {
                    int target = feature + positional.column(axis, wave, shifted);
                    ElementwiseKernel.sine(
                            (float) Math.PI * positional.frequencies()[wave],
                            shifted * (float) (Math.PI / 2),
                            coordinates,
                            (long) (positional.firstAxis() + axis) * POINTS,
                            encoded,
                            (long) target * POINTS,
                            padded);
                }
            }
        }
    }

    private void copyRows(int firstAxis, int axes, int feature) {
        MemorySegment.copy(coordinates, 4L * firstAxis * POINTS, encoded, 4L * feature * POINTS, 4L * axes * POINTS);
    }

    /** Applies the window to the gradient of the features and clears it beyond the tile's points. */
    void closeGradient(Tensor window) {
        for (int k = 0; k < features; k++) {
            ElementwiseKernel.scale(window.get(k), featureGradient, (long) k * POINTS, padded);
            if (padded < POINTS)
                ElementwiseKernel.fill(featureGradient, (long) k * POINTS + padded, 0, POINTS - padded);
        }
    }

    /** Copies coordinates and feature gradients into the chunk that waits for the scatter into the tables. */
    void saveFeatureGradient(MemorySegment chunkCoordinates, MemorySegment chunkGradients, int at, int stride) {
        for (int axis = 0; axis < layout.axes(); axis++) {
            MemorySegment.copy(
                    coordinates, 4L * axis * POINTS, chunkCoordinates, 4L * ((long) axis * stride + at), 4L * POINTS);
        }
        for (int k = 0; k < features; k++) {
            MemorySegment.copy(
                    featureGradient, 4L * k * POINTS, chunkGradients, 4L * ((long) k * stride + at), 4L * POINTS);
        }
    }

    /** Adds the gradient with respect to the coordinates of the tile's points to {@code [axis][point]}. */
    void addCoordinateGradient(Tensor target, int first, int stride, Tensor window) {
        ElementwiseKernel.fill(coordinateGradient, 0, 0, layout.axes() * POINTS);
        int feature = 0;
        for (int e = 0; e < levels.length; e++) {
            switch (layout.encodings().get(e)) {
                case Encoding.HashGrid grid -> {
                    for (int level = 0; level < grid.levels(); level++) {
                        if (!open(grid, level, feature, window)) continue;
                        HashGridKernel.addCoordinateGradient(
                                levels[e][level],
                                coordinates,
                                (long) grid.firstAxis() * POINTS,
                                POINTS,
                                featureGradient,
                                (long) (feature + level) * POINTS,
                                (long) grid.levels() * POINTS,
                                coordinateGradient,
                                padded,
                                kernelScratch);
                    }
                }
                case Encoding.Positional positional -> positionalGradient(positional, feature);
                case Encoding.Identity identity -> addRows(identity.firstAxis(), identity.axes(), feature);
            }
            feature += layout.encodings().get(e).featureCount();
        }
        for (int axis = 0; axis < layout.axes(); axis++) {
            ElementwiseKernel.axpy(
                    1, coordinateGradient, (long) axis * POINTS, target.data(), (long) axis * stride + first, count);
        }
    }

    /**
     * d sin(a x + b) / dx = a sin(a x + b + pi/2). The encoded rows serve as scratch: the encoding is no longer needed.
     */
    private void positionalGradient(Encoding.Positional positional, int feature) {
        addRows(positional.firstAxis(), positional.axes(), feature);
        int waves = positional.frequencies().length;
        for (int shifted = 0; shifted < 2; shifted++) {
            for (int axis = 0; axis < positional.axes(); axis++) {
                long at = (long) (positional.firstAxis() + axis) * POINTS;
                for (int wave = 0; wave < waves; wave++) {
                    int source = feature + positional.column(axis, wave, shifted);
                    float rate = (float) Math.PI * positional.frequencies()[wave];
                    ElementwiseKernel.sine(
                            rate, (shifted + 1) * (float) (Math.PI / 2), coordinates, at, encoded, 0, padded);
                    ElementwiseKernel.multiply(featureGradient, (long) source * POINTS, encoded, 0, padded);
                    ElementwiseKernel.axpy(rate, encoded, 0, coordinateGradient, at, padded);
                }
            }
        }
    }

    private void addRows(int firstAxis, int axes, int feature) {
        ElementwiseKernel.axpy(
                1,
                featureGradient,
                (long) feature * POINTS,
                coordinateGradient,
                (long) firstAxis * POINTS,
                axes * POINTS);
    }
}
