package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.Tensor;

/**
 * One picture that is the sum over several moments of a scene. Each moment is seen through a filter, and only by the
 * rows that are open at that moment:
 *
 * <pre>y[c][row] = sum over moments m at which the row is open of ( h[c] * x[c][m] )[row]   (* is convolution).</pre>
 *
 * Channels are computed one after another, so that memory is needed for the transforms of one channel only. The
 * backward pass correlates the gradients of the open rows with the filters.
 */
public final class ShutteredFilterBank extends Node {
    private final Device device;
    private final Node scene;
    private final Tensor scenes;
    private final Tensor sceneGradients;
    private final Tensor filters;
    private final Geometry geometry;
    private final int channels;
    private final int moments;
    private final int bins;
    private final int[][] open;
    private final int[] sceneOrigin;
    private final int[] sceneSize;
    private final Device.RealTransform transform;
    private final Tensor view;
    private final Tensor filtered;
    private final Tensor spectrum;

    /**
     * Rows and columns of everything.
     *
     * @param scene size of a moment
     * @param sceneOrigin its first sample within the transform
     * @param sensor size of the picture
     * @param sensorOrigin its first sample within the transform
     * @param transform size of the transforms
     */
    public record Geometry(int[] scene, int[] sceneOrigin, int[] sensor, int[] sensorOrigin, int[] transform) {
        public Geometry {
            for (int axis = 0; axis < 2; axis++) {
                require(
                        scene[axis] + sceneOrigin[axis] <= transform[axis]
                                && sensor[axis] + sensorOrigin[axis] <= transform[axis],
                        "scene and sensor do not fit into transforms of %dx%d",
                        transform[0],
                        transform[1]);
            }
        }
    }

    /**
     * @param scene {@code [channel, moment, y, x]}
     * @param filters complex, {@code [channel, y, x/2+1]}
     */
    public ShutteredFilterBank(
            Device device, Node scene, Tensor filters, int channels, int moments, Geometry geometry) {
        super(device, new int[] {channels, geometry.sensor[0], geometry.sensor[1]}, scene);
        int height = geometry.transform[0];
        int width = geometry.transform[1];
        bins = height * (width / 2 + 1);
        require(
                filters.type() == ElementType.COMPLEX64 && filters.count() == channels * bins,
                "transfer functions of %s do not fit %d channels of %dx%d",
                filters.shape(),
                channels,
                height,
                width);
        this.device = device;
        this.scene = scene;
        this.filters = filters;
        this.geometry = geometry;
        this.channels = channels;
        this.moments = moments;
        scenes = scene.value().reshape(channels * moments, geometry.scene[0], geometry.scene[1]);
        sceneGradients = scene.gradient() == null
                ? null
                : scene.gradient().reshape(channels * moments, geometry.scene[0], geometry.scene[1]);
        open = new int[moments][0];
        sceneOrigin = new int[] {0, geometry.sceneOrigin[0], geometry.sceneOrigin[1]};
        sceneSize = new int[] {moments, geometry.scene[0], geometry.scene[1]};
        transform = device.realTransform(2, moments, height, width);
        view = device.allocate(moments, height, width);
        filtered = device.allocate(moments, height, width);
        spectrum = device.allocate(ElementType.COMPLEX64, moments, bins);
    }

    /** @param runs of rows that are open at this moment of the scene: first row and number, one after another */
    public void open(int moment, int[] runs) {
        open[moment] = runs;
    }

    @Override
    protected void forward() {
        device.fill(value(), 0);
        device.fill(view, 0);
        for (int channel = 0; channel < channels; channel++) {
            device.copyBlock(scenes, new int[] {channel * moments, 0, 0}, view, sceneOrigin, sceneSize, false);
            filter(channel, false);
            for (int moment = 0; moment < moments; moment++)
                copyRows(filtered, geometry.sensorOrigin, moment, value(), new int[2], channel, open[moment], true);
        }
    }

    @Override
    protected void backward() {
        if (sceneGradients == null) return;
        for (int channel = 0; channel < channels; channel++) {
            device.fill(view, 0);
            for (int moment = 0; moment < moments; moment++)
                copyRows(gradient(), new int[2], channel, view, geometry.sensorOrigin, moment, open[moment], false);
            filter(channel, true);
            device.copyBlock(
                    filtered, sceneOrigin, sceneGradients, new int[] {channel * moments, 0, 0}, sceneSize, true);
        }
    }

    private void filter(int channel, boolean conjugate) {
        transform.forward(view, spectrum);
        for (int moment = 0; moment < moments; moment++)
            device.multiplyComplex(
                    filters, channel * bins, spectrum, moment * bins, spectrum, moment * bins, bins, conjugate, false);
        transform.inverse(spectrum, filtered);
    }

    private void copyRows(
            Tensor from,
            int[] fromOrigin,
            int fromPlane,
            Tensor to,
            int[] toOrigin,
            int toPlane,
            int[] runs,
            boolean add) {
        for (int run = 0; run < runs.length; run += 2) {
            device.copyBlock(
                    from,
                    new int[] {fromPlane, fromOrigin[0] + runs[run], fromOrigin[1]},
                    to,
                    new int[] {toPlane, toOrigin[0] + runs[run], toOrigin[1]},
                    new int[] {1, runs[run + 1], geometry.sensor[1]},
                    add);
        }
    }
}
