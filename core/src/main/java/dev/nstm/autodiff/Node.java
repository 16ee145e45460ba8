package dev.nstm.autodiff;

import dev.nstm.device.Device;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Tensor;
import java.util.List;

/** A tensor that is computed from others, and the rule that carries its gradient back to them. */
public abstract class Node {
    private final List<Node> inputs;
    private final Tensor value;
    private final Tensor gradient;

    /** A node with room for its value and, where any input has a gradient, for its own. */
    protected Node(Device device, ElementType type, int[] extents, Node... inputs) {
        this.inputs = List.of(inputs);
        value = device.allocate(type, extents);
        gradient =
                this.inputs.stream().anyMatch(input -> input.gradient != null) ? device.allocate(type, extents) : null;
    }

    /** A real one. */
    protected Node(Device device, int[] extents, Node... inputs) {
        this(device, ElementType.FLOAT32, extents, inputs);
    }

    /** One without inputs. */
    Node(Tensor value, Tensor gradient) {
        inputs = List.of();
        this.value = value;
        this.gradient = gradient;
    }

    public final List<Node> inputs() {
        return inputs;
    }

    public final Tensor value() {
        return value;
    }

    /**
     * Gradient of the loss with respect to the value; null for constants and for nodes computed from constants only.
     */
    public final Tensor gradient() {
        return gradient;
    }

    /** Computes the value from the inputs' values. */
    protected abstract void forward();

    /** Adds this node's share to the gradients of those inputs that have one; not called where none has. */
    protected abstract void backward();
}
