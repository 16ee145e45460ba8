package dev.nstm.autodiff;

import dev.nstm.tensor.Tensor;
import java.util.List;

/** A tensor that is computed from others, and the rule that carries its gradient back to them. */
public abstract class Node {
    private final List<Node> inputs;
    private final Tensor value;
    private final Tensor gradient;

    /**
     * @param value where {@link #forward} puts its result
     * @param gradient of the loss with respect to the value, same shape; null where no gradient is wanted
     */
    protected Node(Tensor value, Tensor gradient, Node... inputs) {
        this.inputs = List.of(inputs);
        this.value = value;
        this.gradient = gradient;
    }

    public final List<Node> inputs() {
        return inputs;
    }

    public final Tensor value() {
        return value;
    }

    /** Null for constants. */
    public final Tensor gradient() {
        return gradient;
    }

    /** Computes the value from the inputs' values. */
    protected abstract void forward();

    /** Adds this node's share to the gradients of those inputs that have one. */
    protected abstract void backward();
}
