package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Tensor;

/** |x|^2 of complex values: what a detector sees of a field. */
final class SquaredModulus extends Node {
    private final Device device;
    private final Node input;
    private final Tensor parts;
    private final Tensor scratch;

    SquaredModulus(Device device, Node input) {
        super(device, input.value().shape().extents(), input);
        require(
                input.value().type() == ElementType.COMPLEX64,
                "the squared modulus is taken of complex values, got real ones of shape %s",
                input.value().shape());
        this.device = device;
        this.input = input;
        parts = input.value().parts();
        scratch = device.allocate(2 * value().count());
    }

    @Override
    protected void forward() {
        device.multiply(1, parts, 0, parts, 0, scratch, 0, scratch.count(), false);
        device.copyStrided(scratch, 0, 2, value(), 0, 1, value().count(), false);
        device.copyStrided(scratch, 1, 2, value(), 0, 1, value().count(), true);
    }

    /** Both parts of the input's gradient: 2 g x. */
    @Override
    protected void backward() {
        if (input.gradient() == null) return;
        for (int part = 0; part < 2; part++)
            device.copyStrided(gradient(), 0, 1, scratch, part, 2, value().count(), false);
        device.multiply(2, scratch, 0, parts, 0, input.gradient().parts(), 0, scratch.count(), true);
    }
}
