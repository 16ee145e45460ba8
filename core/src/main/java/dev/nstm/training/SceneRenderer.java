package dev.nstm.training;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.autodiff.Graph;
import dev.nstm.autodiff.Leaf;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.field.FieldSpec;
import dev.nstm.field.SpaceTimeField;
import dev.nstm.tensor.Tensor;

/** Scene and motion of a trained field at any time. */
public final class SceneRenderer {
    private final Device device;
    private final FieldSpec spec;
    private final PixelGrid grid;
    private final double[] channelUnits;
    private final boolean moving;
    private final SpaceTimeField field;
    private final Graph graph;

    /**
     * Values at one time: {@code scene} is {@code [channel][pixel]} in physical units, {@code motion} is
     * {@code [axis][pixel]} in pixels.
     */
    public record Moment(float[] scene, float[] motion) {}

    /**
     * @param grid where scene and motion are shown
     * @param channelUnits physical value of 1 in each channel (see ForwardModel.channelUnit)
     * @param moving false where the motion was frozen: every time shows the same scene
     */
    public SceneRenderer(
            Device device,
            FieldSpec spec,
            PixelGrid grid,
            double[] channelUnits,
            boolean moving,
            float[] objectParameters,
            float[] motionParameters) {
        require(
                objectParameters.length == spec.object().parameterCount()
                        && motionParameters.length == spec.motion().parameterCount(),
                "the networks have %d and %d parameters, but those of this configuration %d and %d",
                objectParameters.length,
                motionParameters.length,
                spec.object().parameterCount(),
                spec.motion().parameterCount());
        this.device = device;
        this.spec = spec;
        this.grid = grid;
        this.channelUnits = channelUnits.clone();
        this.moving = moving;
        Tensor object = device.allocate(objectParameters.length);
        Tensor motion = device.allocate(motionParameters.length);
        device.write(object, objectParameters);
        device.write(motion, motionParameters);
        field = new SpaceTimeField(device, spec, Leaf.constant(object), Leaf.constant(motion), 1, grid, 0);
        graph = Graph.evaluating(device, field.scene());
    }

    /** @param time in [-1, 1] */
    public Moment at(double time) {
        field.setTime(0, moving ? time : 0);
        graph.forward();
        float[] motion = device.read(field.motion().value());
        int pixels = grid.count();
        for (int i = 0; i < motion.length; i++) motion[i] *= (float) spec.motionScale()[i / pixels];
        float[] scene = device.read(field.scene().value());
        for (int i = 0; i < scene.length; i++) scene[i] *= (float) channelUnits[i / pixels];
        return new Moment(scene, motion);
    }
}
