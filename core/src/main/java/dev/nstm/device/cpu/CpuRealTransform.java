package dev.nstm.device.cpu;

import dev.nstm.device.Device;
import dev.nstm.device.OperationChecks;
import dev.nstm.simd.FftPlan;
import dev.nstm.simd.FftRows;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Real transforms: rows of the last axis in pairs through one complex transform, then the other axes on half spectra.
 */
final class CpuRealTransform implements Device.RealTransform {
    private final ThreadTeam team;
    private final Shape shape;
    private final int length;
    private final int half;
    private final int rows;
    private final CpuFftAxis last;
    private final CpuFftAxis[] others;
    private final ThreadTeam.Task forwardRows = this::forwardRows;
    private final ThreadTeam.Task inverseRows = this::inverseRows;
    private MemorySegment real;
    private MemorySegment spectrum;

    CpuRealTransform(CpuDevice device, int axes, int... extents) {
        OperationChecks.transformAxes(axes, extents);
        team = device.team();
        shape = Shape.of(extents);
        length = shape.extent(-1);
        half = length / 2 + 1;
        rows = shape.count() / length;
        last = new CpuFftAxis(device, rows, length, 1);
        others = new CpuFftAxis[axes - 1];
        int inner = half;
        int outer = rows;
        for (int i = 0; i < others.length; i++) {
            int extent = shape.extent(-2 - i);
            outer /= extent;
            others[i] = new CpuFftAxis(device, outer, extent, inner);
            inner *= extent;
        }
    }

    @Override
    public void forward(Tensor real, Tensor spectrum) {
        bind(real, spectrum);
        team.run(groups(), forwardRows);
        for (CpuFftAxis pass : others) pass.run(team, this.spectrum, false);
    }

    @Override
    public void inverse(Tensor spectrum, Tensor real) {
        bind(real, spectrum);
        for (int i = others.length - 1; i >= 0; i--) others[i].run(team, this.spectrum, true);
        team.run(groups(), inverseRows);
    }

    private int groups() {
        return (rows + 2 * FftPlan.rows() - 1) / (2 * FftPlan.rows());
    }

    private void bind(Tensor real, Tensor spectrum) {
        OperationChecks.realTransform(shape, real, spectrum);
        this.real = real.data();
        this.spectrum = spectrum.data();
    }

    private void forwardRows(int index, int worker) {
        int first = index * 2 * FftPlan.rows();
        int count = Math.min(2 * FftPlan.rows(), rows - first);
        FftRows.loadReal(real, (long) first * length, count, length, last.buffer(worker), last.scratch(worker));
        last.plan().transform(last.buffer(worker), last.scratch(worker));
        FftRows.saveHalf(last.buffer(worker), spectrum, (long) first * half, count, length, last.scratch(worker));
    }

    private void inverseRows(int index, int worker) {
        int first = index * 2 * FftPlan.rows();
        int count = Math.min(2 * FftPlan.rows(), rows - first);
        FftRows.loadHalf(spectrum, (long) first * half, count, length, last.buffer(worker), last.scratch(worker));
        last.plan().transform(last.buffer(worker), last.scratch(worker));
        FftRows.saveReal(
                last.buffer(worker), real, (long) first * length, count, length, 1f / length, last.scratch(worker));
    }
}
