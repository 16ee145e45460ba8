package dev.nstm.autodiff;

import dev.nstm.device.Device;
import dev.nstm.device.ElementFunction;

/** A function of every element. */
public final class Elementwise extends Node {
    private final Device device;
    private final ElementFunction function;
    private final Node input;

    /** @param input real values of any shape */
    public Elementwise(Device device, ElementFunction function, Node input) {
        super(device, input.value().shape().extents(), input);
        this.device = device;
        this.function = function;
        this.input = input;
    }

    @Override
    protected void forward() {
        device.apply(function, input.value(), 0, value(), 0, value().count());
    }

    @Override
    protected void backward() {
        if (input.gradient() != null)
            device.addSlopeProduct(function, input.value(), 0, gradient(), 0, input.gradient(), 0, value().count());
    }
}
