package dev.nstm.cuda;

import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.PixelGrid;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** What a network sees of its coordinates, on the GPU, and the way of the gradient back to tables and coordinates. */
final class CudaEncoding {
    private static final int LARGEST_BLOCKS = 512;

    private final CudaContext context;
    private final Kernels kernels;
    private final NetworkLayout layout;
    private final int points;
    private final PixelGrid grid;
    private final LevelTable levels;
    private final List<Waves> waves = new ArrayList<>();
    private final boolean deterministic;
    /** Fixed-point sums of the tables' gradients, then the largest gradient; taken at the first backward pass. */
    private MemorySegment sums;
    /** Coordinates {@code [axis][point]} of the points that are worked on. */
    private Rows positions;

    /** Coordinates and sines of them: an encoding that is no hash grid. */
    private record Waves(MemorySegment frequencies, int count, int firstAxis, int axes, int firstFeature) {}

    /** @param grid with all it may be moved over; null where coordinates are given point by point */
    CudaEncoding(CudaDevice device, NetworkLayout layout, int points, PixelGrid grid) {
        context = device.context();
        kernels = device.kernels();
        deterministic = device.deterministic();
        this.layout = layout;
        this.points = points;
        this.grid = grid;
        levels = new LevelTable(context, layout);
        int feature = 0;
        for (Encoding encoding : layout.encodings()) {
            switch (encoding) {
                case Encoding.HashGrid known -> {}
                case Encoding.Positional sines ->
                    waves.add(new Waves(
                            frequencies(sines.frequencies()),
                            sines.frequencies().length,
                            sines.firstAxis(),
                            sines.axes(),
                            feature));
                case Encoding.Identity same ->
                    waves.add(new Waves(frequencies(new float[1]), 0, same.firstAxis(), same.axes(), feature));
            }
            feature += encoding.featureCount();
        }
    }

    private MemorySegment frequencies(float[] values) {
        MemorySegment memory = context.allocate(4L * Math.max(1, values.length));
        context.write(MemorySegment.ofArray(values), memory);
        return memory;
    }

    boolean atPoints() {
        return grid == null;
    }

    /** Rows of memory that coordinates take: none where they are given. */
    int coordinateRows() {
        return grid == null ? 0 : layout.axes();
    }

    /** With all it may be moved over; null where coordinates are given. */
    PixelGrid grid() {
        return grid;
    }

    /**
     * Brings the coordinates of {@code count} points to where {@link #encode} reads them.
     *
     * @param given coordinates {@code [axis][point]} or, on a grid, the times of the pictures
     * @param movedBy samples of the grid before the first
     * @param to receives {@link #coordinateRows} rows
     */
    void place(Tensor given, int movedBy, int first, int count, Rows to) {
        if (grid == null) {
            readAt(given, first);
            return;
        }
        positions = to;
        int inner = grid.count();
        for (int axis = 0; axis < layout.axes(); axis++) {
            if (axis == grid.axes()) {
                kernels.of(Kernel.PIXEL_TIMES)
                        .pointer(given.data(), 0)
                        .integer(grid.count())
                        .integer(movedBy + first)
                        .rows(to.from(axis))
                        .integer(count)
                        .run(count);
                continue;
            }
            inner /= grid.extents().extent(axis);
            kernels.of(Kernel.PIXEL_POSITIONS)
                    .real(grid.origin()[axis])
                    .real(grid.spacing()[axis])
                    .integer(grid.extents().extent(axis))
                    .integer(inner)
                    .integer(movedBy + first)
                    .rows(to.from(axis))
                    .integer(count)
                    .run(count);
        }
    }

    /** Makes {@link #encode} read coordinates point by point from {@code given}, from point {@code first} on. */
    void readAt(Tensor given, int first) {
        positions = new Rows(given.data(), first, points);
    }

    /** Writes the features, multiplied by their windows. */
    void encode(Tensor parameters, Tensor window, Rows features, int count) {
        if (levels.count() > 0) {
            located(kernels.of(Kernel.ENCODE_LEVELS).pointer(levels.memory(), 0))
                    .pointer(parameters.data(), 0)
                    .pointer(window.data(), 0)
                    .rows(features)
                    .integer(features.step())
                    .integer(count)
                    .run(count, levels.count());
        }
        for (Waves part : waves) {
            located(kernels.of(Kernel.ENCODE_WAVES)
                            .pointer(part.frequencies, 0)
                            .integer(part.firstAxis)
                            .integer(part.axes)
                            .integer(part.firstFeature))
                    .pointer(window.data(), 0)
                    .rows(features)
                    .integer(features.step())
                    .integer(count)
                    .run(count, part.axes * (1 + 2 * part.count));
        }
    }

    private Kernels located(Kernels begun) {
        return begun.rows(positions).integer(positions.step());
    }

    /**
     * Sends the gradient with respect to the features to tables and coordinates.
     *
     * @param coordinateGradient null where it is not wanted
     */
    void backward(
            Tensor parameters,
            Tensor window,
            Rows featureGradient,
            Tensor parameterGradient,
            Tensor coordinateGradient,
            int first,
            int count) {
        if (levels.count() > 0) {
            if (deterministic) scatterInOrder(window, featureGradient, parameterGradient, count);
            else
                located(kernels.of(Kernel.SCATTER_LEVELS).pointer(levels.memory(), 0))
                        .pointer(window.data(), 0)
                        .rows(featureGradient)
                        .integer(featureGradient.step())
                        .pointer(parameterGradient.data(), 0)
                        .integer(count)
                        .run(Math.ceilDiv(count, Definitions.RUN), levels.count());
        }
        if (coordinateGradient == null) return;
        if (levels.count() > 0) {
            located(kernels.of(Kernel.ADD_LEVEL_SLOPES)
                            .pointer(levels.memory(), 0)
                            .integer(levels.count()))
                    .pointer(parameters.data(), 0)
                    .pointer(window.data(), 0)
                    .rows(featureGradient)
                    .integer(featureGradient.step())
                    .pointer(coordinateGradient.data(), 4L * first)
                    .integer(count)
                    .run(count);
        }
        for (Waves part : waves) {
            located(kernels.of(Kernel.ADD_WAVE_SLOPES)
                            .pointer(part.frequencies, 0)
                            .integer(part.count)
                            .integer(part.firstAxis)
                            .integer(part.axes)
                            .integer(part.firstFeature))
                    .pointer(window.data(), 0)
                    .rows(featureGradient)
                    .integer(featureGradient.step())
                    .pointer(coordinateGradient.data(), 4L * first)
                    .integer(count)
                    .run(count, part.axes);
        }
    }

    /** Sums in fixed-point numbers, which come out the same in whatever order they are formed. */
    private void scatterInOrder(Tensor window, Rows featureGradient, Tensor parameterGradient, int count) {
        int values = layout.layersOffset();
        if (sums == null) sums = context.allocateForAll(8L * values + 4);
        context.fill(sums, 0, 2L * values + 1, 0);
        for (int feature = 0; feature < layout.features(); feature++) {
            kernels.of(Kernel.LARGEST_MAGNITUDE)
                    .rows(featureGradient.from(feature))
                    .integer(count)
                    .pointer(sums, 8L * values)
                    .runBlocks(Kernels.sumBlocks(count, LARGEST_BLOCKS), 1);
        }
        located(kernels.of(Kernel.SCATTER_LEVELS_FIXED).pointer(levels.memory(), 0))
                .pointer(window.data(), 0)
                .rows(featureGradient)
                .integer(featureGradient.step())
                .pointer(sums, 8L * values)
                .pointer(sums, 0)
                .integer(count)
                .run(Math.ceilDiv(count, Definitions.RUN), levels.count());
        kernels.of(Kernel.ADD_FIXED)
                .pointer(sums, 0)
                .pointer(sums, 8L * values)
                .pointer(parameterGradient.data(), 0)
                .integer(values)
                .run(values);
    }
}
