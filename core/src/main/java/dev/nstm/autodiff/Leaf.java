package dev.nstm.autodiff;

import dev.nstm.tensor.Tensor;

/** A value given from outside: a constant, or a parameter where it has a gradient. */
public final class Leaf extends Node {
    private Leaf(Tensor value, Tensor gradient) {
        super(value, gradient);
    }

    public static Leaf constant(Tensor value) {
        return new Leaf(value, null);
    }

    /** The gradient is added to until the owner of the parameter clears it. */
    public static Leaf parameter(Tensor value, Tensor gradient) {
        return new Leaf(value, gradient);
    }

    @Override
    protected void forward() {}

    @Override
    protected void backward() {}
}
