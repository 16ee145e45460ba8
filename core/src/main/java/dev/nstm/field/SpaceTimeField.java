package dev.nstm.field;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.autodiff.DisplacedCoordinates;
import dev.nstm.autodiff.Elementwise;
import dev.nstm.autodiff.Leaf;
import dev.nstm.autodiff.NetworkNode;
import dev.nstm.autodiff.Node;
import dev.nstm.device.Device;
import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.PixelGrid;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Sizes;
import dev.nstm.tensor.Tensor;
import java.util.Arrays;

/**
 * Scene and motion on a pixel grid at a few times (Cao et al., Nature Methods 2024):
 *
 * <pre>
 * motion(p, t) = scale * network_m(p, t)        scene(p, t) = network_o(p + motion(p, t))
 * </pre>
 *
 * The scene network never sees the time: what changes can only move.
 */
public final class SpaceTimeField {
    private final Device device;
    private final FieldSpec spec;
    private final int pictures;
    private final Tensor times;
    private final Tensor positions;
    /** Null where the grid stays. */
    private final Tensor ones;

    private final double sampleSpacing;
    private final Device.PixelEvaluator onPixels;
    private int moved;
    private final Tensor objectWindow;
    private final Tensor motionWindow;
    private final float[] objectWindowValues;
    /** 1 for the scene features that the samples can show, 0 for those of levels finer than the samples. */
    private final float[] resolved;

    private final float[] motionWindowValues;
    private final NetworkNode motion;
    private final Node scene;

    /**
     * @param object parameters of the scene network
     * @param motionParameters parameters of the motion network
     * @param pictures how many times are evaluated together
     * @param grid where the field is sampled
     * @param reach samples by which the grid may be moved along its first axis; 0 for one that stays
     */
    public SpaceTimeField(
            Device device,
            FieldSpec spec,
            Node object,
            Node motionParameters,
            int pictures,
            PixelGrid grid,
            int reach) {
        require(grid.axes() == spec.axes(), "the field has %d axes, got a grid of %s", spec.axes(), grid.extents());
        require(pictures >= 1, "at least one time is needed, got %d", pictures);
        this.device = device;
        this.spec = spec;
        this.pictures = pictures;
        int points = Sizes.product("points of all pictures", pictures, grid.count());
        times = device.allocate(pictures);
        positions = device.allocate(spec.axes(), points);
        device.write(positions, positions(grid, pictures));
        motionWindow = device.allocate(spec.motion().features());
        objectWindow = device.allocate(spec.object().features());
        objectWindowValues = new float[spec.object().features()];
        motionWindowValues = new float[spec.motion().features()];
        resolved = resolved(spec.object(), grid);
        anneal(1);
        sampleSpacing = grid.spacing()[0];
        if (reach > 0) {
            ones = device.allocate(points);
            device.fill(ones, 1);
        } else {
            ones = null;
        }
        onPixels = device.pixelNetwork(spec.motion(), grid, reach, pictures, motionParameters.gradient() != null);
        motion = NetworkNode.onPixels(
                device, onPixels, spec.motion(), Leaf.constant(times), motionParameters, motionWindow, points);
        NetworkNode output = NetworkNode.atPoints(
                device,
                spec.object(),
                new DisplacedCoordinates(device, Leaf.constant(positions), motion, spec.motionScale(), points),
                object,
                objectWindow,
                points);
        scene = spec.output().isPresent()
                ? new Elementwise(device, spec.output().get(), output)
                : output;
    }

    /**
     * Where samples are wider than a pixel, the levels are left out whose cell size in samples is smaller than the
     * finest cell size in pixels. The coarsest level always stays.
     */
    private static float[] resolved(NetworkLayout layout, PixelGrid grid) {
        float[] resolved = new float[layout.features()];
        Arrays.fill(resolved, 1);
        int first = 0;
        for (Encoding encoding : layout.encodings()) {
            if (encoding instanceof Encoding.HashGrid hashGrid) {
                for (int level = 1; level < hashGrid.levels(); level++) {
                    if (isResolved(hashGrid, level, grid)) continue;
                    for (int f = 0; f < hashGrid.features(); f++) resolved[first + f * hashGrid.levels() + level] = 0;
                }
            }
            first += encoding.featureCount();
        }
        return resolved;
    }

    private static boolean isResolved(Encoding.HashGrid hashGrid, int level, PixelGrid grid) {
        int[] finest = hashGrid.resolutions()[hashGrid.levels() - 1];
        for (int axis = 0; axis < hashGrid.axes(); axis++) {
            double cellsAtOnePixel = hashGrid.resolutions()[level][axis] * grid.spacing()[hashGrid.firstAxis() + axis];
            if (cellsAtOnePixel > finest[axis] * (1 + 1e-6)) return false;
        }
        return true;
    }

    private static float[] positions(PixelGrid grid, int pictures) {
        int pixels = grid.count();
        float[] positions = new float[Sizes.product("positions", grid.axes(), pictures, pixels)];
        for (int axis = 0, inner = pixels; axis < grid.axes(); axis++) {
            int extent = grid.extents().extent(axis);
            inner /= extent;
            for (int point = 0; point < pictures * pixels; point++) {
                positions[axis * pictures * pixels + point] = grid.position(axis, point / inner % extent);
            }
        }
        return positions;
    }

    /** Sets the time of picture b, in [-1, 1]. */
    public void setTime(int picture, double time) {
        if (!(picture >= 0 && picture < pictures))
            throw InvalidInputException.of("there are %d pictures, got index %d", pictures, picture);
        device.fillRange(times, picture, 1, (float) time);
    }

    /** Moves the grid so many samples along its first axis from where it was made. */
    public void moveTo(int samples) {
        if (samples == moved) return;
        onPixels.moveTo(samples);
        // Whole samples: positions stay exact however often the grid moves.
        device.axpy((float) ((samples - moved) * sampleSpacing), ones, 0, positions, 0, ones.count());
        moved = samples;
    }

    /** Opens the features of both networks as far as a training progress alpha (0 to 1) wants. */
    public void anneal(double alpha) {
        spec.annealing().window(spec.object(), alpha, objectWindowValues);
        for (int i = 0; i < resolved.length; i++) objectWindowValues[i] *= resolved[i];
        spec.annealing().window(spec.motion(), alpha, motionWindowValues);
        device.write(objectWindow, objectWindowValues);
        device.write(motionWindow, motionWindowValues);
    }

    /** Scene, {@code [channel][picture, pixel]}. */
    public Node scene() {
        return scene;
    }

    /** Motion network's output, {@code [axis][picture, pixel]}; times {@link FieldSpec#motionScale} it is in pixels. */
    public NetworkNode motion() {
        return motion;
    }
}
