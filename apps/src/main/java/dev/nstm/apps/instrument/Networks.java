package dev.nstm.apps.instrument;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.device.Activation;
import dev.nstm.device.ElementFunction;
import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.field.Annealing;
import dev.nstm.field.FieldSpec;
import dev.nstm.field.HashGrids;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Networks of scene and motion as configured. */
public final class Networks {
    private static final int TIME_FEATURES = 6;
    private static final int LOG2_TIME_ENTRIES = 10;

    private Networks() {}

    /**
     * Cells of a grid along one axis of its box.
     *
     * @param low where the box begins, in pixels
     * @param high where it ends
     * @param coarsest cells of the coarsest level; may be fractional
     * @param finest cells of the finest level
     */
    public record Axis(double low, double high, double coarsest, double finest) {}

    /**
     * @param object axes of the scene's grid
     * @param channels of the scene
     * @param motion axes of the motion's grid in space
     * @param motionScale displacement in pixels along each axis for an output of 1
     * @param output function that turns the network's outputs into the scene; empty where the outputs are the scene
     */
    public static FieldSpec field(
            Configuration c,
            List<Axis> object,
            int channels,
            List<Axis> motion,
            double[] motionScale,
            Optional<ElementFunction> output) {
        Encoding.HashGrid grid = grid(
                c,
                0,
                object,
                c.get(Keys.OBJECT_LEVELS),
                c.get(Keys.OBJECT_FEATURES),
                c.get(Keys.OBJECT_LOG2_TABLE_SIZE));
        return new FieldSpec(
                new NetworkLayout(
                        List.of(grid),
                        c.get(Keys.OBJECT_WIDTH),
                        c.get(Keys.OBJECT_DEPTH),
                        c.get(Keys.OBJECT_SKIP_LAYER),
                        activation(c.get(Keys.OBJECT_ACTIVATION)),
                        channels),
                new NetworkLayout(
                        motionEncodings(c, motion),
                        c.get(Keys.MOTION_WIDTH),
                        c.get(Keys.MOTION_DEPTH),
                        c.get(Keys.MOTION_SKIP_LAYER),
                        activation(c.get(Keys.MOTION_ACTIVATION)),
                        motion.size()),
                motionScale,
                c.get(Keys.TRAINING_ANNEALING).equals("published") ? Annealing.PUBLISHED : Annealing.BY_LEVEL,
                output);
    }

    /**
     * For pictures: the scene in a box twice as high and wide, for what moves in from beyond the borders.
     *
     * @param c with cells and pixel size filled in
     * @param output as for {@link #field}
     */
    public static FieldSpec ofPictures(
            Configuration c, int height, int width, int channels, Optional<ElementFunction> output) {
        double pixel = c.get(Keys.OPTICS_PIXEL_SIZE);
        List<Axis> object = new ArrayList<>();
        List<Axis> motion = new ArrayList<>();
        for (int extent : new int[] {height, width}) {
            object.add(new Axis(
                    -0.5 * extent,
                    1.5 * extent,
                    2 * extent * pixel / c.get(Keys.OBJECT_COARSEST_CELL),
                    2 * extent * pixel / c.get(Keys.OBJECT_FINEST_CELL)));
            motion.add(new Axis(
                    0, extent, 1, Math.max(1, Math.round(extent * pixel / c.get(Keys.MOTION_FINEST_CELL)))));
        }
        String scale = c.get(Keys.MOTION_SCALE);
        double[] motionScale = scale.equals("field")
                ? new double[] {height, width}
                : new double[] {Double.parseDouble(scale), Double.parseDouble(scale)};
        return field(c, object, channels, motion, motionScale, output);
    }

    private static List<Encoding> motionEncodings(Configuration c, List<Axis> space) {
        int axes = space.size();
        int levels = c.get(Keys.MOTION_LEVELS);
        Axis time = new Axis(-1, 1, 1, c.get(Keys.MOTION_TIME_CELLS));
        return switch (c.get(Keys.MOTION_EMBEDDING)) {
            case "combined" ->
                List.of(grid(
                        c,
                        0,
                        Stream.concat(space.stream(), Stream.of(time)).toList(),
                        levels,
                        c.get(Keys.MOTION_FEATURES),
                        c.get(Keys.MOTION_LOG2_TABLE_SIZE)));
            case "separate" ->
                List.of(
                        grid(c, 0, space, levels, c.get(Keys.MOTION_FEATURES), c.get(Keys.MOTION_LOG2_TABLE_SIZE)),
                        grid(c, axes, List.of(time), levels, TIME_FEATURES, LOG2_TIME_ENTRIES));
            case "posenc" -> {
                float[] frequencies = new float[c.get(Keys.MOTION_TIME_WAVES)];
                for (int i = 0; i < frequencies.length; i++) frequencies[i] = (float) Math.pow(2, i);
                yield List.of(new Encoding.Identity(0, axes), new Encoding.Positional(axes, 1, frequencies));
            }
            default -> List.of(new Encoding.Identity(0, axes + 1));
        };
    }

    private static Encoding.HashGrid grid(
            Configuration c, int firstAxis, List<Axis> axes, int levels, int features, int log2Entries) {
        return HashGrids.geometric(
                firstAxis,
                values(axes, Axis::low),
                values(axes, Axis::high),
                levels,
                features,
                log2Entries,
                values(axes, Axis::coarsest),
                values(axes, Axis::finest),
                Encoding.Addressing.valueOf(c.get(Keys.GRID).toUpperCase(Locale.ROOT)));
    }

    private static double[] values(List<Axis> axes, ToDoubleFunction<Axis> value) {
        return axes.stream().mapToDouble(value).toArray();
    }

    private static Activation activation(String name) {
        return Activation.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
