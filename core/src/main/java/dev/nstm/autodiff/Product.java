package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;

/** Product of two real nodes, element by element. */
final class Product extends Node {
    private final Device device;
    private final Node a;
    private final Node b;

    Product(Device device, Node a, Node b) {
        super(device, a.value().shape().extents(), a, b);
        require(
                a.value().count() == b.value().count(),
                "%s and %s cannot be multiplied element by element",
                a.value().shape(),
                b.value().shape());
        this.device = device;
        this.a = a;
        this.b = b;
    }

    @Override
    protected void forward() {
        device.multiply(1, a.value(), 0, b.value(), 0, value(), 0, value().count(), false);
    }

    @Override
    protected void backward() {
        if (a.gradient() != null)
            device.multiply(1, gradient(), 0, b.value(), 0, a.gradient(), 0, value().count(), true);
        if (b.gradient() != null)
            device.multiply(1, gradient(), 0, a.value(), 0, b.gradient(), 0, value().count(), true);
    }
}
