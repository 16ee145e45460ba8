package dev.nstm.device.cpu;

import dev.nstm.device.Device;
import dev.nstm.device.OperationChecks;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;

/** Complex transforms over the last axes of an array, axis after axis. */
final class CpuComplexTransform implements Device.ComplexTransform {
    private final ThreadTeam team;
    private final Shape shape;
    private final CpuFftAxis[] passes;

    CpuComplexTransform(CpuDevice device, int axes, int... extents) {
        OperationChecks.transformAxes(axes, extents);
        team = device.team();
        shape = Shape.of(extents);
        passes = passes(device, axes, shape);
    }

    /** One pass per transformed axis, innermost first. */
    private static CpuFftAxis[] passes(CpuDevice device, int axes, Shape shape) {
        CpuFftAxis[] passes = new CpuFftAxis[axes];
        int inner = 1;
        for (int i = 0; i < axes; i++) {
            int length = shape.extent(-1 - i);
            passes[i] = new CpuFftAxis(device, shape.count() / (length * inner), length, inner);
            inner *= length;
        }
        return passes;
    }

    @Override
    public void forward(Tensor array) {
        run(array, false);
    }

    @Override
    public void inverse(Tensor array) {
        run(array, true);
    }

    private void run(Tensor array, boolean inverse) {
        OperationChecks.complexTransform(shape, array);
        for (CpuFftAxis pass : passes) pass.run(team, array.data(), inverse);
    }
}
