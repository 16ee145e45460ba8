package dev.nstm.autodiff;

import dev.nstm.device.Device;
import dev.nstm.device.NetworkLayout;
import dev.nstm.tensor.Tensor;

/** An encoded network evaluated at many points; value {@code [channel][point]}. */
public final class NetworkNode extends Node {
    private final Device.NetworkEvaluator evaluator;
    private final Node coordinates;
    private final Node parameters;
    private final Tensor window;

    private NetworkNode(
            Device device,
            Device.NetworkEvaluator evaluator,
            NetworkLayout layout,
            Node coordinates,
            Node parameters,
            Tensor window,
            int points) {
        super(device, new int[] {layout.outputs(), points}, coordinates, parameters);
        this.evaluator = evaluator;
        this.coordinates = coordinates;
        this.parameters = parameters;
        this.window = window;
    }

    /**
     * At points anywhere.
     *
     * @param coordinates {@code [axis][point]}
     * @param window factor of every encoded feature; may change between runs
     */
    public static NetworkNode atPoints(
            Device device, NetworkLayout layout, Node coordinates, Node parameters, Tensor window, int points) {
        return new NetworkNode(
                device,
                device.network(layout, points, parameters.gradient() != null),
                layout,
                coordinates,
                parameters,
                window,
                points);
    }

    /**
     * At the samples of a pixel grid.
     *
     * @param evaluator of the grid
     * @param times constant; the time of each picture
     * @param window as for {@link #atPoints}
     * @param points samples of all pictures
     */
    public static NetworkNode onPixels(
            Device device,
            Device.PixelEvaluator evaluator,
            NetworkLayout layout,
            Node times,
            Node parameters,
            Tensor window,
            int points) {
        return new NetworkNode(device, evaluator, layout, times, parameters, window, points);
    }

    @Override
    protected void forward() {
        evaluator.forward(coordinates.value(), parameters.value(), window, value());
    }

    @Override
    protected void backward() {
        if (parameters.gradient() == null) return;
        evaluator.backward(
                coordinates.value(),
                parameters.value(),
                window,
                gradient(),
                parameters.gradient(),
                coordinates.gradient());
    }
}
