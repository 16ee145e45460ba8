package dev.nstm.device.cpu;

import dev.nstm.device.Device;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.OperationChecks;
import dev.nstm.simd.ElementwiseKernel;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Encoded networks on the processor. Points are worked through in tiles whose activations stay in the cache. Of as many
 * tiles as fit into {@link #KEPT_BYTES}, {@link TileEvaluator#keptValues} are kept for the backward pass; everything
 * else is computed again there, which gives the same bits.
 *
 * <p>Reproducibility: a strip is a fixed run of tiles with its own sum of layer gradients, and strips are added in
 * order; table gradients are scattered by level, each level in the order of the points, or, for a pixel grid, summed by
 * strips as well.
 */
final class CpuNetwork implements Device.PixelEvaluator {
    /**
     * Largest number of points whose feature gradients are collected before they are scattered into the tables; limits
     * the memory and does not change what is computed.
     */
    private static final int CHUNK = 1 << 17;

    private static final int MAX_STRIPS = 64;
    /** Memory for what is kept; the pre-activations of a layer of 128 neurons at 320x1000 points takes 164 MB. */
    private static final long KEPT_BYTES = 3L << 26;
    /** Bound on the gradients of a pixel grid's vertices, all strips together. */
    private static final int VERTEX_GRADIENTS = 1 << 23;

    private final CpuDevice device;
    private final ThreadTeam team;
    private final NetworkLayout layout;
    private final int points;
    private final int strips;
    private final int tilesPerChunk;
    private final TileEvaluator[] tiles;
    private final LayerTransposes transposes;
    /** Layer gradients of every strip, one after another. */
    private MemorySegment stripGradients;

    private final int layerParameters;
    /** Null for a network that is evaluated at given coordinates. */
    private final PixelFeatures pixels;
    /** Gradients of the pixel grid's vertices of every strip. */
    private MemorySegment vertexGradients;
    /** What is kept of the first {@link #keptTiles} tiles for the backward pass. */
    private final MemorySegment kept;

    private final int keptTiles;
    /** Coordinates and feature gradients of a chunk, {@code [axis or feature][point]}. */
    private MemorySegment chunkCoordinates;

    private MemorySegment chunkGradients;
    private final int chunkStride;
    private TableScatter scatter;

    private final ThreadTeam.Task forwardTask = this::forwardTile;
    private final ThreadTeam.Task backwardTask = this::backwardStrip;
    private final ThreadTeam.Task reduceTask = this::reduceStrips;

    private Tensor coordinates;
    private Tensor parameters;
    private Tensor window;
    private Tensor output;
    private Tensor parameterGradient;
    private Tensor coordinateGradient;
    private int chunkFirst;
    /**
     * Samples of the pixel grid that lie before the evaluated ones; the grid includes all samples that it may be moved
     * over.
     */
    private int movedBy;

    private int chunkPoints;

    CpuNetwork(CpuDevice device, NetworkLayout layout, int points, PixelFeatures pixels, boolean trained) {
        OperationChecks.points(points);
        this.device = device;
        this.team = device.team();
        this.layout = layout;
        this.points = points;
        this.pixels = pixels;
        int tile = TileEvaluator.POINTS;
        int chunkTiles = tiles(pixels == null ? Math.min(points, CHUNK) : points);
        strips = Math.min(
                chunkTiles,
                pixels == null
                        ? MAX_STRIPS
                        : Math.clamp(VERTEX_GRADIENTS / Math.max(1, pixels.gradientValues()), 4, MAX_STRIPS));
        tilesPerChunk = chunkTiles;
        chunkStride = chunkTiles * tile;
        layerParameters = layout.parameterCount() - layout.layersOffset();
        long tileValues = TileEvaluator.keptValues(layout);
        keptTiles = trained ? (int) Math.min(tiles(points), KEPT_BYTES / (4 * tileValues)) : 0;
        kept = keptTiles == 0 ? null : device.arena().allocateBytes(4 * keptTiles * tileValues);
        transposes = new LayerTransposes(layout, device.arena());
        tiles = new TileEvaluator[team.size()];
        for (int i = 0; i < tiles.length; i++)
            tiles[i] = new TileEvaluator(layout, transposes, device.scratch(i), pixels);
    }

    private static int tiles(int points) {
        return (points + TileEvaluator.POINTS - 1) / TileEvaluator.POINTS;
    }

    @Override
    public void moveTo(int samples) {
        movedBy = OperationChecks.movedBy(pixels.grid(), samples, points);
    }

    @Override
    public void forward(Tensor coordinates, Tensor parameters, Tensor window, Tensor output) {
        bind(coordinates, parameters, window, output);
        transposes.update(parameters);
        if (pixels != null) pixels.fold(parameters, coordinates);
        team.run(tiles(points), forwardTask);
    }

    @Override
    public void backward(
            Tensor coordinates,
            Tensor parameters,
            Tensor window,
            Tensor outputGradient,
            Tensor parameterGradient,
            Tensor coordinateGradient) {
        bind(coordinates, parameters, window, outputGradient);
        OperationChecks.networkGradients(layout, points, pixels == null, parameterGradient, coordinateGradient);
        this.parameterGradient = parameterGradient;
        this.coordinateGradient = coordinateGradient;
        if (stripGradients == null) allocateForBackward();
        ElementwiseKernel.fill(stripGradients, 0, 0, strips * layerParameters);
        if (pixels != null) ElementwiseKernel.fill(vertexGradients, 0, 0, strips * pixels.gradientValues());
        for (chunkFirst = 0; chunkFirst < points; chunkFirst += chunkStride) {
            chunkPoints = Math.min(chunkStride, points - chunkFirst);
            team.run(strips, backwardTask);
            if (pixels == null) scatter.run(team, parameters, window, parameterGradient, chunkPoints);
            else pixels.unfold(vertexGradients, strips, parameterGradient);
        }
        team.run(layerParameters / 256 + 1, reduceTask);
    }

    /** Taken at the first backward pass: a network that is only evaluated does without. */
    private void allocateForBackward() {
        stripGradients = device.arena().allocateBytes(4L * strips * layerParameters);
        if (pixels != null) {
            vertexGradients = device.arena().allocateBytes(4L * strips * Math.max(1, pixels.gradientValues()));
            return;
        }
        chunkCoordinates = device.arena().allocateBytes(4L * layout.axes() * chunkStride);
        chunkGradients = device.arena().allocateBytes(4L * layout.features() * chunkStride);
        scatter = new TableScatter(layout, chunkCoordinates, chunkGradients, chunkStride, tiles);
    }

    private void bind(Tensor coordinates, Tensor parameters, Tensor window, Tensor output) {
        OperationChecks.network(layout, points, pixels == null, coordinates, parameters, window, output);
        this.coordinates = coordinates;
        this.parameters = parameters;
        this.window = window;
        this.output = output;
    }

    private void load(TileEncoder encoder, int first, int count) {
        if (pixels == null) encoder.load(coordinates, first, count, points);
        else encoder.loadPixels(movedBy + first, count);
    }

    private MemorySegment kept(int tile) {
        return tile < keptTiles ? kept : null;
    }

    private void forwardTile(int index, int worker) {
        int first = index * TileEvaluator.POINTS;
        TileEvaluator tile = tiles[worker];
        load(tile.encoder(), first, Math.min(TileEvaluator.POINTS, points - first));
        tile.forward(parameters, window, kept(index), index * TileEvaluator.keptValues(layout));
        tile.saveOutput(output, first, points);
    }

    private void backwardStrip(int strip, int worker) {
        TileEvaluator tile = tiles[worker];
        TileEncoder encoder = tile.encoder();
        int from = (int) ((long) tilesPerChunk * strip / strips);
        int to = (int) ((long) tilesPerChunk * (strip + 1) / strips);
        for (int index = from; index < to; index++) {
            int inChunk = index * TileEvaluator.POINTS;
            int count = Math.min(TileEvaluator.POINTS, chunkPoints - inChunk);
            if (count <= 0) return;
            int first = chunkFirst + inChunk;
            int number = first / TileEvaluator.POINTS;
            load(encoder, first, count);
            tile.loadOutputGradient(output, first, points);
            tile.backward(
                    parameters,
                    window,
                    kept(number),
                    number * TileEvaluator.keptValues(layout),
                    stripGradients,
                    (long) strip * layerParameters);
            if (pixels != null) {
                encoder.addVertexGradient(window, vertexGradients, (long) strip * pixels.gradientValues());
                continue;
            }
            encoder.saveFeatureGradient(chunkCoordinates, chunkGradients, inChunk, chunkStride);
            if (coordinateGradient != null) encoder.addCoordinateGradient(coordinateGradient, first, points, window);
        }
    }

    private void reduceStrips(int index, int worker) {
        int first = index * 256;
        int count = Math.min(256, layerParameters - first);
        if (count <= 0) return;
        for (int strip = 0; strip < strips; strip++) {
            ElementwiseKernel.axpy(
                    1,
                    stripGradients,
                    (long) strip * layerParameters + first,
                    parameterGradient.data(),
                    layout.layersOffset() + first,
                    count);
        }
    }
}
