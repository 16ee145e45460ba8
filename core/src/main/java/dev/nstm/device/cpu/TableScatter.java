package dev.nstm.device.cpu;

import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.simd.HashGridKernel;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Adds the feature gradients of a chunk of points to the hash tables: one task per level, points in order. */
final class TableScatter implements ThreadTeam.Task {
    private record Target(int encoding, int level, int featureStart) {}

    private final NetworkLayout layout;
    private final MemorySegment coordinates;
    private final MemorySegment gradients;
    private final int stride;
    private final TileEvaluator[] tiles;
    private final Target[] targets;
    private Tensor gradient;
    private Tensor window;
    private int points;

    TableScatter(
            NetworkLayout layout,
            MemorySegment coordinates,
            MemorySegment gradients,
            int stride,
            TileEvaluator[] tiles) {
        this.layout = layout;
        this.coordinates = coordinates;
        this.gradients = gradients;
        this.stride = stride;
        this.tiles = tiles;
        List<Target> found = new ArrayList<>();
        int feature = 0;
        for (int e = 0; e < layout.encodings().size(); e++) {
            if (layout.encodings().get(e) instanceof Encoding.HashGrid grid) {
                // The finest level first: it costs most, and the last task decides when all are done.
                for (int level = grid.levels() - 1; level >= 0; level--) found.add(new Target(e, level, feature));
            }
            feature += layout.encodings().get(e).featureCount();
        }
        targets = found.toArray(Target[]::new);
    }

    void run(ThreadTeam team, Tensor parameters, Tensor window, Tensor gradient, int points) {
        this.gradient = gradient;
        this.window = window;
        this.points = (points + TileEvaluator.POINTS - 1) / TileEvaluator.POINTS * TileEvaluator.POINTS;
        for (TileEvaluator tile : tiles) tile.encoder().bindTables(parameters);
        team.run(targets.length, this);
    }

    @Override
    public void run(int index, int worker) {
        Target target = targets[index];
        Encoding.HashGrid grid = (Encoding.HashGrid) layout.encodings().get(target.encoding);
        if (!TileEncoder.open(grid, target.level, target.featureStart, window)) return;
        HashGridKernel.Level level = tiles[worker].encoder().level(target.encoding, target.level);
        long tableOffset = layout.tableOffset(target.encoding, target.level);
        HashGridKernel.addTableGradient(
                level,
                coordinates,
                (long) grid.firstAxis() * stride,
                stride,
                gradients,
                (long) (target.featureStart + target.level) * stride,
                (long) grid.levels() * stride,
                gradient.data(),
                tableOffset,
                points,
                tiles[worker].encoder().kernelScratch());
    }
}
