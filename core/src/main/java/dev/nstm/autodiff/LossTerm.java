package dev.nstm.autodiff;

import dev.nstm.device.Device;

/** A scalar computed from a node; the loss is the weighted sum of such terms. */
public abstract class LossTerm {
    private final String name;
    private final Node input;
    private final double weight;

    /** @param weight factor of this term in the loss */
    protected LossTerm(String name, Node input, double weight) {
        this.name = name;
        this.input = input;
        this.weight = weight;
    }

    public final String name() {
        return name;
    }

    public final Node input() {
        return input;
    }

    public final double weight() {
        return weight;
    }

    /** Adds {@code share} times the term, before it is weighted, to a sum. */
    protected abstract void forward(Device.Sums sums, int index, double share);

    /**
     * Adds {@code share * weight()} times the term's gradient to the gradient of the input; not called where the input
     * has none.
     */
    protected abstract void backward(double share);
}
