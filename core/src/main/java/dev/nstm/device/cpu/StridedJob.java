package dev.nstm.device.cpu;

import dev.nstm.simd.FunctionKernel;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Copies values that lie some steps apart, or adds them. */
final class StridedJob extends PieceJob {
    private MemorySegment x;
    private long xFirst;
    private int xStep;
    private MemorySegment y;
    private long yFirst;
    private int yStep;
    private boolean add;

    StridedJob(ThreadTeam team) {
        super(team);
    }

    /** See {@link dev.nstm.device.Device#copyStrided}. */
    void copy(
            Tensor source,
            int sourceFirst,
            int sourceStep,
            Tensor target,
            int targetFirst,
            int targetStep,
            int count,
            boolean adding) {
        x = source.data();
        xFirst = sourceFirst;
        xStep = sourceStep;
        y = target.data();
        yFirst = targetFirst;
        yStep = targetStep;
        add = adding;
        share(count, 1);
    }

    @Override
    void work(int index, int first, int n) {
        FunctionKernel.copyStrided(
                x, xFirst + (long) first * xStep, xStep, y, yFirst + (long) first * yStep, yStep, n, add);
    }
}
