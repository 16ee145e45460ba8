package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Tensor;

/** Product of a complex constant and a complex node, element by element. */
final class ComplexProduct extends Node {
    private final Device device;
    private final Tensor factor;
    private final Node input;

    ComplexProduct(Device device, Tensor factor, Node input) {
        super(device, ElementType.COMPLEX64, input.value().shape().extents(), input);
        require(
                factor.type() == ElementType.COMPLEX64
                        && input.value().type() == ElementType.COMPLEX64
                        && factor.count() == value().count(),
                "a filter of %s (%s) does not fit %s (%s)",
                factor.shape(),
                factor.type(),
                input.value().shape(),
                input.value().type());
        this.device = device;
        this.factor = factor;
        this.input = input;
    }

    @Override
    protected void forward() {
        device.multiplyComplex(factor, 0, input.value(), 0, value(), 0, value().count(), false, false);
    }

    @Override
    protected void backward() {
        if (input.gradient() != null)
            device.multiplyComplex(factor, 0, gradient(), 0, input.gradient(), 0, value().count(), true, true);
    }
}
