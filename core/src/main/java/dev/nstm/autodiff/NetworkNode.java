package dev.nstm.autodiff;

import dev.nstm.device.Device;
import dev.nstm.device.NetworkLayout;
import dev.nstm.tensor.Tensor;

/** An encoded network evaluated at many points: {@code [axis][point]} to {@code [channel][point]}. */
public final class NetworkNode extends Node {
    private final Device.NetworkEvaluator evaluator;
    private final Node coordinates;
    private final Node parameters;
    private final Tensor window;

    /** @param window factor of every encoded feature; may change between runs */
    public NetworkNode(Device device, NetworkLayout layout, Node coordinates, Node parameters, Tensor window, int points) {
        super(device.allocate(layout.outputs(), points), device.allocate(layout.outputs(), points), coordinates, parameters);
        this.evaluator = device.network(layout, points);
        this.coordinates = coordinates;
        this.parameters = parameters;
        this.window = window;
    }

    @Override
    protected void forward() {
        evaluator.forward(coordinates.value(), parameters.value(), window, value());
    }

    @Override
    protected void backward() {
        if (parameters.gradient() == null) return;
        evaluator.backward(coordinates.value(), parameters.value(), window, gradient(), parameters.gradient(), coordinates.gradient());
    }
}
