package dev.nstm.device.cpu;

import dev.nstm.simd.ElementwiseKernel;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Copies a block of the last three axes, or adds it, row by row. */
final class BlockJob extends PieceJob {
    private Tensor x;
    private int[] from;
    private Tensor y;
    private int[] to;
    private int[] size;
    private boolean add;
    /** Rows of a plane that lie one after another in both tensors, and are done as one. */
    private int joined;

    BlockJob(ThreadTeam team) {
        super(team);
    }

    /** See {@link dev.nstm.device.Device#copyBlock}. */
    void copy(Tensor source, int[] sourceCorner, Tensor target, int[] targetCorner, int[] extents, boolean adding) {
        x = source;
        from = sourceCorner;
        y = target;
        to = targetCorner;
        size = extents;
        add = adding;
        joined = size[2] == x.shape().extent(-1) && size[2] == y.shape().extent(-1) ? size[1] : 1;
        share(size[0] * size[1] / joined, joined * size[2]);
    }

    @Override
    void work(int index, int firstRow, int rowCount) {
        for (int row = firstRow; row < firstRow + rowCount; row++) {
            long source = rowStart(x, from, row * joined);
            long target = rowStart(y, to, row * joined);
            int count = joined * size[2];
            if (add) ElementwiseKernel.axpy(1, x.data(), source, y.data(), target, count);
            else MemorySegment.copy(x.data(), source * 4, y.data(), target * 4, count * 4L);
        }
    }

    private long rowStart(Tensor tensor, int[] corner, int row) {
        long plane = corner[0] + row / size[1];
        return (plane * tensor.shape().extent(-2) + corner[1] + row % size[1])
                        * tensor.shape().extent(-1)
                + corner[2];
    }
}
