package dev.nstm.field;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.autodiff.DisplacedCoordinates;
import dev.nstm.autodiff.Leaf;
import dev.nstm.autodiff.NetworkNode;
import dev.nstm.autodiff.Node;
import dev.nstm.device.Device;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;

/**
 * Scene and motion on a pixel grid at a few times (Cao et al., Nature Methods 2024):
 * <pre>
 * motion(p, t) = scale * network_m(p, t)        scene(p, t) = network_o(p + motion(p, t))
 * </pre>
 * The scene network never sees the time: what changes can only move.
 */
public final class SpaceTimeField {
    private final Device device;
    private final FieldSpec spec;
    private final Shape grid;
    private final int times;
    private final Tensor motionCoordinates;
    private final Tensor objectWindow;
    private final Tensor motionWindow;
    private final float[] objectWindowValues;
    private final float[] motionWindowValues;
    private final NetworkNode motion;
    private final NetworkNode scene;

    /**
     * @param object parameters of the scene network
     * @param motionParameters parameters of the motion network
     * @param times how many times are evaluated together
     * @param grid pixels along each spatial axis
     */
    public SpaceTimeField(Device device, FieldSpec spec, Node object, Node motionParameters, int times, Shape grid) {
        require(grid.rank() == spec.axes(), "the field has %d axes, got a grid of %s", spec.axes(), grid);
        require(times >= 1, "at least one time is needed, got %d", times);
        this.device = device;
        this.spec = spec;
        this.grid = grid;
        this.times = times;
        int points = Math.multiplyExact(times, grid.count());
        int axes = spec.axes();
        motionCoordinates = device.allocate(axes + 1, points);
        Tensor positions = device.allocate(axes, points);
        motionWindow = device.allocate(spec.motion().features());
        objectWindow = device.allocate(spec.object().features());
        float[] coordinates = pixelCoordinates();
        device.write(positions, coordinates);
        device.copy(positions, 0, motionCoordinates, 0, positions.count());
        objectWindowValues = new float[spec.object().features()];
        motionWindowValues = new float[spec.motion().features()];
        anneal(1);
        motion = new NetworkNode(device, spec.motion(), Leaf.constant(motionCoordinates), motionParameters, motionWindow, points);
        scene = new NetworkNode(device, spec.object(),
                new DisplacedCoordinates(device, Leaf.constant(positions), motion, spec.motionScale(), points), object, objectWindow, points);
    }

    private float[] pixelCoordinates() {
        int axes = spec.axes();
        int pixels = grid.count();
        float[] coordinates = new float[axes * times * pixels];
        for (int axis = 0, inner = pixels; axis < axes; axis++) {
            inner /= grid.extent(axis);
            for (int point = 0; point < times * pixels; point++) {
                coordinates[axis * times * pixels + point] = point / inner % grid.extent(axis);
            }
        }
        return coordinates;
    }

    /** Sets the time of picture b, in [-1, 1]. */
    public void setTime(int picture, double time) {
        int points = times * grid.count();
        if (!(picture >= 0 && picture < times)) throw InvalidInputException.of("there are %d pictures, got index %d", times, picture);
        device.fillRange(motionCoordinates, spec.axes() * points + picture * grid.count(), grid.count(), (float) time);
    }

    /** Opens the features of both networks as far as a training progress alpha (0 to 1) wants. */
    public void anneal(double alpha) {
        spec.annealing().window(spec.object(), alpha, objectWindowValues);
        spec.annealing().window(spec.motion(), alpha, motionWindowValues);
        device.write(objectWindow, objectWindowValues);
        device.write(motionWindow, motionWindowValues);
    }

    /** Scene, {@code [channel][picture, pixel]}. */
    public NetworkNode scene() {
        return scene;
    }

    /** Motion network's output, {@code [axis][picture, pixel]}; times {@link FieldSpec#motionScale} it is in pixels. */
    public NetworkNode motion() {
        return motion;
    }
}
