package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Tensor;

/** A linear operator in ordinary arrays; values travel there and back, whatever the device. */
final class LinearNode extends Node {
    private final Device device;
    private final String name;
    private final LinearMap map;
    private final Node input;
    private final Tensor inputGradient;

    LinearNode(Device device, String name, LinearMap map, Node input, int... extents) {
        super(device, extents, input);
        require(
                input.value().count() == map.inputs(),
                "%s takes %d values but its input is %s",
                name,
                map.inputs(),
                input.value().shape());
        require(
                value().count() == map.outputs(),
                "%s gives %d values, which are no array of %s",
                name,
                map.outputs(),
                value().shape());
        AdjointCheck.demand(name, map);
        this.device = device;
        this.name = name;
        this.map = map;
        this.input = input;
        inputGradient = input.gradient() == null ? null : device.allocate(map.inputs());
    }

    /** The operator is somebody else's code: an exception that it throws is reported with the operator's name. */
    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException failure) {
            throw new InvalidInputException(name + " failed: " + failure, failure);
        }
    }

    @Override
    protected void forward() {
        float[] y = new float[map.outputs()];
        guarded(() -> map.apply(device.read(input.value()), y));
        device.write(value(), y);
    }

    @Override
    protected void backward() {
        if (input.gradient() == null) return;
        float[] x = new float[map.inputs()];
        guarded(() -> map.adjoint(device.read(gradient()), x));
        device.write(inputGradient, x);
        device.axpy(1, inputGradient, 0, input.gradient(), 0, x.length);
    }
}
