package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Tensor;

/** Discrete Fourier transform of complex values, or its inverse. The adjoint of one is the other up to a factor n. */
final class FourierTransform extends Node {
    private final Device device;
    private final Node input;
    private final boolean inverse;
    private final Device.ComplexTransform transform;
    private final Tensor scratch;
    private final int samples;

    FourierTransform(Device device, Node input, int axes, boolean inverse) {
        super(device, ElementType.COMPLEX64, input.value().shape().extents(), input);
        require(
                input.value().type() == ElementType.COMPLEX64,
                "the Fourier transform takes complex values, got real ones of shape %s",
                input.value().shape());
        this.device = device;
        this.input = input;
        this.inverse = inverse;
        transform = device.complexTransform(axes, input.value().shape().extents());
        scratch = device.allocate(ElementType.COMPLEX64, input.value().shape().extents());
        int product = 1;
        for (int axis = 1; axis <= axes; axis++)
            product *= input.value().shape().extent(-axis);
        samples = product;
    }

    @Override
    protected void forward() {
        device.copy(input.value(), 0, value(), 0, value().count());
        if (inverse) transform.inverse(value());
        else transform.forward(value());
    }

    @Override
    protected void backward() {
        if (input.gradient() == null) return;
        device.copy(gradient(), 0, scratch, 0, scratch.count());
        if (inverse) transform.forward(scratch);
        else transform.inverse(scratch);
        device.axpy(inverse ? 1f / samples : samples, scratch, 0, input.gradient(), 0, scratch.count());
    }
}
