package dev.nstm.device.cpu;

import dev.nstm.simd.ElementwiseKernel;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** z = x - y in the interior of the last two axes, zero within a margin of their borders. */
final class InteriorJob extends PieceJob {
    private MemorySegment x;
    private MemorySegment y;
    private MemorySegment z;
    private int width;
    private int height;
    private int margin;

    InteriorJob(ThreadTeam team) {
        super(team);
    }

    /** See {@link dev.nstm.device.Device#interiorDifference}. */
    void subtract(Tensor minuend, Tensor subtrahend, int border, Tensor difference) {
        x = minuend.data();
        y = subtrahend.data();
        z = difference.data();
        width = minuend.shape().extent(-1);
        height = minuend.shape().rank() > 1 ? minuend.shape().extent(-2) : 1;
        margin = border;
        share(minuend.count() / width, width);
    }

    @Override
    void work(int index, int firstRow, int rowCount) {
        for (int row = firstRow; row < firstRow + rowCount; row++) {
            long start = (long) row * width;
            int inImage = row % height;
            if (inImage < margin || inImage >= height - margin) {
                ElementwiseKernel.fill(z, start, 0, width);
                continue;
            }
            ElementwiseKernel.fill(z, start, 0, margin);
            ElementwiseKernel.subtract(x, start + margin, y, start + margin, z, start + margin, width - 2 * margin);
            ElementwiseKernel.fill(z, start + width - margin, 0, margin);
        }
    }
}
