package dev.nstm.device;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.simd.ElementwiseKernel;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Encoded networks on the processor. Points are worked through in tiles whose activations stay in the cache; nothing of
 * size points times width exists. The backward pass computes a tile's activations again instead of storing them.
 *
 * <p>Reproducibility: a strip is a fixed run of tiles with its own sum of layer gradients, and strips are added in
 * order; table gradients are scattered by level, each level in the order of the points.
 */
final class CpuNetwork implements Device.NetworkEvaluator {
    /** Points whose features wait for the scatter into the tables at a time; bounds memory, not results' meaning. */
    private static final int CHUNK = 1 << 17;
    private static final int MAX_STRIPS = 64;

    private final CpuDevice device;
    private final ThreadTeam team;
    private final NetworkLayout layout;
    private final int points;
    private final int strips;
    private final int tilesPerChunk;
    private final TileEvaluator[] tiles;
    private LayerTransposes transposes;
    /** Layer gradients of every strip, one after another. */
    private MemorySegment stripGradients;
    private final int layerParameters;
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
    private int chunkPoints;

    CpuNetwork(CpuDevice device, NetworkLayout layout, int points) {
        require(points > 0, "a network needs points to be evaluated at, got %d", points);
        this.device = device;
        this.team = device.team();
        this.layout = layout;
        this.points = points;
        int tile = TileEvaluator.POINTS;
        int chunkTiles = (Math.min(points, CHUNK) + tile - 1) / tile;
        strips = Math.min(MAX_STRIPS, chunkTiles);
        tilesPerChunk = chunkTiles;
        chunkStride = chunkTiles * tile;
        layerParameters = layout.parameterCount() - layout.layersOffset();
        tiles = new TileEvaluator[team.size()];
        for (int i = 0; i < tiles.length; i++) tiles[i] = new TileEvaluator(layout, device.scratch(i));
    }

    @Override
    public void forward(Tensor coordinates, Tensor parameters, Tensor window, Tensor output) {
        bind(coordinates, parameters, window, output);
        team.run((points + TileEvaluator.POINTS - 1) / TileEvaluator.POINTS, forwardTask);
    }

    @Override
    public void backward(Tensor coordinates, Tensor parameters, Tensor window, Tensor outputGradient,
            Tensor parameterGradient, Tensor coordinateGradient) {
        bind(coordinates, parameters, window, outputGradient);
        if (!(parameterGradient.count() == layout.parameterCount())) throw InvalidInputException.of("the gradient needs %d values, got %s", layout.parameterCount(), parameterGradient.shape());
        if (!(coordinateGradient == null || coordinateGradient.count() == layout.axes() * points)) throw InvalidInputException.of("the coordinate gradient needs %d values", layout.axes() * points);
        this.parameterGradient = parameterGradient;
        this.coordinateGradient = coordinateGradient;
        if (transposes == null) allocateForBackward();
        transposes.update(parameters);
        ElementwiseKernel.fill(stripGradients, 0, 0, strips * layerParameters);
        for (chunkFirst = 0; chunkFirst < points; chunkFirst += chunkStride) {
            chunkPoints = Math.min(chunkStride, points - chunkFirst);
            team.run(strips, backwardTask);
            scatter.run(team, parameters, parameterGradient, chunkPoints);
        }
        team.run(layerParameters / 256 + 1, reduceTask);
    }

    /** Taken at the first backward pass: a network that is only evaluated does without. */
    private void allocateForBackward() {
        transposes = new LayerTransposes(layout, device.arena());
        stripGradients = device.arena().allocateBytes(4L * strips * layerParameters);
        chunkCoordinates = device.arena().allocateBytes(4L * layout.axes() * chunkStride);
        chunkGradients = device.arena().allocateBytes(4L * layout.features() * chunkStride);
        scatter = new TableScatter(layout, chunkCoordinates, chunkGradients, chunkStride, tiles);
    }

    private void bind(Tensor coordinates, Tensor parameters, Tensor window, Tensor output) {
        if (!(coordinates.count() == layout.axes() * points)) throw InvalidInputException.of("%d coordinates at %d points are needed, got %s", layout.axes(), points, coordinates.shape());
        if (!(parameters.count() == layout.parameterCount())) throw InvalidInputException.of("the network has %d parameters, got %s", layout.parameterCount(), parameters.shape());
        if (!(window.count() == layout.features())) throw InvalidInputException.of("the encoding has %d features, got a window of %s", layout.features(), window.shape());
        if (!(output.count() == layout.outputs() * points)) throw InvalidInputException.of("%d channels at %d points are produced, got %s", layout.outputs(), points, output.shape());
        this.coordinates = coordinates;
        this.parameters = parameters;
        this.window = window;
        this.output = output;
    }

    private void forwardTile(int index, int worker) {
        int first = index * TileEvaluator.POINTS;
        int count = Math.min(TileEvaluator.POINTS, points - first);
        TileEvaluator tile = tiles[worker];
        tile.load(coordinates, first, count, points);
        tile.forward(parameters, window);
        tile.saveOutput(output, first, points);
    }

    private void backwardStrip(int strip, int worker) {
        TileEvaluator tile = tiles[worker];
        int from = (int) ((long) tilesPerChunk * strip / strips);
        int to = (int) ((long) tilesPerChunk * (strip + 1) / strips);
        for (int index = from; index < to; index++) {
            int inChunk = index * TileEvaluator.POINTS;
            int count = Math.min(TileEvaluator.POINTS, chunkPoints - inChunk);
            if (count <= 0) return;
            tile.load(coordinates, chunkFirst + inChunk, count, points);
            tile.loadOutputGradient(output, chunkFirst + inChunk, points);
            tile.backward(parameters, window, transposes, stripGradients, (long) strip * layerParameters);
            tile.encoder().saveFeatureGradient(chunkCoordinates, chunkGradients, inChunk, chunkStride);
            if (coordinateGradient != null) {
                tile.encoder().addCoordinateGradient(coordinateGradient, chunkFirst + inChunk, points);
            }
        }
    }

    private void reduceStrips(int index, int worker) {
        int first = index * 256;
        int count = Math.min(256, layerParameters - first);
        if (count <= 0) return;
        for (int strip = 0; strip < strips; strip++) {
            ElementwiseKernel.axpy(1, stripGradients, (long) strip * layerParameters + first, parameterGradient.data(), layout.layersOffset() + first, count);
        }
    }
}
