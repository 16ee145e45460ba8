package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import java.util.List;

/** Linear combination of nodes of one shape. */
final class WeightedSum extends Node {
    private final Device device;
    private final List<Node> inputs;
    private final double[] weights;

    WeightedSum(Device device, List<Node> inputs, double[] weights) {
        super(
                device,
                inputs.getFirst().value().type(),
                inputs.getFirst().value().shape().extents(),
                inputs.toArray(Node[]::new));
        require(weights.length == inputs.size(), "there are %d inputs but %d weights", inputs.size(), weights.length);
        for (Node input : inputs) {
            require(
                    input.value().type() == value().type() && input.value().count() == value().count(),
                    "%s and %s cannot be added",
                    input.value().shape(),
                    value().shape());
        }
        this.device = device;
        this.inputs = List.copyOf(inputs);
        this.weights = weights;
    }

    @Override
    protected void forward() {
        device.fill(value(), 0);
        for (int i = 0; i < weights.length; i++)
            device.axpy((float) weights[i], inputs.get(i).value(), 0, value(), 0, value().count());
    }

    @Override
    protected void backward() {
        for (int i = 0; i < weights.length; i++) {
            if (inputs.get(i).gradient() != null)
                device.axpy((float) weights[i], gradient(), 0, inputs.get(i).gradient(), 0, value().count());
        }
    }
}
