package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;

/** Neighbouring elements of an array as an array of their own. */
final class Slice extends Node {
    private final Device device;
    private final Node input;
    private final int first;

    Slice(Device device, Node input, int first, int... extents) {
        super(device, input.value().type(), extents, input);
        require(
                first >= 0 && first <= input.value().count() - value().count(),
                "elements %d to %d do not lie in %s",
                first,
                first + value().count(),
                input.value().shape());
        this.device = device;
        this.input = input;
        this.first = first;
    }

    @Override
    protected void forward() {
        device.copy(input.value(), first, value(), 0, value().count());
    }

    @Override
    protected void backward() {
        if (input.gradient() != null) device.axpy(1, gradient(), 0, input.gradient(), first, value().count());
    }
}
