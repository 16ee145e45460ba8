package dev.nstm.device.cpu;

import dev.nstm.simd.FftPlan;
import dev.nstm.simd.FftRows;
import dev.nstm.tensor.Workspace;
import java.lang.foreign.MemorySegment;

/**
 * Transforms along one axis of an interleaved complex array seen as {@code [outer][length][inner]}: as many rows at a
 * time as a vector has lanes, groups of rows shared out among the threads.
 */
final class CpuFftAxis implements ThreadTeam.Task {
    private final FftPlan plan;
    private final int outer;
    private final int inner;
    private final MemorySegment[] buffers;
    private final MemorySegment[] scratch;
    private MemorySegment array;
    private boolean inverse;

    CpuFftAxis(CpuDevice device, int outer, int length, int inner) {
        this.plan = new FftPlan(length, (bytes, alignment) -> device.arena().allocateBytes(bytes));
        this.outer = outer;
        this.inner = inner;
        int threads = device.team().size();
        buffers = new MemorySegment[threads];
        scratch = new MemorySegment[threads];
        for (int i = 0; i < threads; i++) {
            Workspace workspace = device.scratch(i);
            workspace.reserve(4L * (plan.bufferValues() + plan.scratchValues()) + 128);
            buffers[i] = workspace.take(plan.bufferValues());
            scratch[i] = workspace.take(plan.scratchValues());
            workspace.release(0);
        }
    }

    FftPlan plan() {
        return plan;
    }

    MemorySegment buffer(int worker) {
        return buffers[worker];
    }

    MemorySegment scratch(int worker) {
        return scratch[worker];
    }

    /** In place; the inverse is divided by the length. */
    void run(ThreadTeam team, MemorySegment array, boolean inverse) {
        this.array = array;
        this.inverse = inverse;
        int rows = FftPlan.rows();
        team.run(inner == 1 ? (outer + rows - 1) / rows : outer * ((inner + rows - 1) / rows), this);
    }

    @Override
    public void run(int index, int worker) {
        int lanes = FftPlan.rows();
        long first;
        int rows;
        long rowStep;
        if (inner == 1) {
            first = (long) index * lanes * plan.length();
            rows = Math.min(lanes, outer - index * lanes);
            rowStep = plan.length();
        } else {
            int groups = (inner + lanes - 1) / lanes;
            int column = index % groups * lanes;
            first = (long) (index / groups) * plan.length() * inner + column;
            rows = Math.min(lanes, inner - column);
            rowStep = 1;
        }
        FftRows.load(array, first, inner, rowStep, rows, plan.length(), inverse, buffers[worker], scratch[worker]);
        plan.transform(buffers[worker], scratch[worker]);
        FftRows.save(
                buffers[worker],
                array,
                first,
                inner,
                rowStep,
                rows,
                plan.length(),
                inverse,
                inverse ? 1f / plan.length() : 1f,
                scratch[worker]);
    }
}
