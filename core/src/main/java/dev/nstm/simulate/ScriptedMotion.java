package dev.nstm.simulate;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A motion given at some times and interpolated between them: the specimen is bent and swirled, sheared, scaled and
 * turned about the middle of the field, then shifted.
 */
public final class ScriptedMotion implements Motion {
    private final double height;
    private final double width;
    private final Keyframes keyframes;
    private final double[][] wander;

    /**
     * Values at each time; an empty list stands for no such motion.
     *
     * @param times from -1 to 1, ascending
     * @param rows shift in pixels
     * @param columns shift in pixels
     * @param rotation degrees, counter-clockwise as pictures are shown
     * @param scaling factor
     * @param shear columns that a row moves for each row of distance
     * @param swirl degrees in the middle, falling off to nothing towards the border
     * @param bending largest local displacement, in pixels
     * @param brownian standard deviation of a random step between two of the times, in pixels
     * @param seed of those steps
     */
    public record Keyframes(
            double[] times,
            double[] rows,
            double[] columns,
            double[] rotation,
            double[] scaling,
            double[] shear,
            double[] swirl,
            double[] bending,
            double brownian,
            long seed) {
        public Keyframes {
            require(times.length >= 1, "keyframes need at least one time");
            for (int i = 0; i < times.length; i++)
                require(
                        times[i] >= -1 && times[i] <= 1 && (i == 0 || times[i] > times[i - 1]),
                        "the times of keyframes must rise from -1 to 1, got %s",
                        Arrays.toString(times));
            for (double[] values : new double[][] {rows, columns, rotation, scaling, shear, swirl, bending}) {
                require(
                        values.length == 0 || values.length == times.length,
                        "there are %d keyframes but %d values: %s",
                        times.length,
                        values.length,
                        Arrays.toString(values));
            }
            for (double factor : scaling) require(factor > 0, "a scaling must be positive, got %s", factor);
            require(brownian >= 0, "the size of random steps cannot be negative, got %s", brownian);
        }
    }

    public ScriptedMotion(int height, int width, Keyframes keyframes) {
        this.height = height;
        this.width = width;
        this.keyframes = keyframes;
        wander = new double[2][keyframes.times.length];
        SplittableRandom random = new SplittableRandom(keyframes.seed);
        for (int i = 1; i < keyframes.times.length; i++) {
            for (double[] axis : wander) axis[i] = axis[i - 1] + keyframes.brownian * random.nextGaussian();
        }
    }

    @Override
    public double[] at(double y, double x, double time) {
        double middleY = 0.5 * (height - 1);
        double middleX = 0.5 * (width - 1);
        double dy = y - middleY - value(keyframes.rows, time, 0) - value(wander[0], time, 0);
        double dx = x - middleX - value(keyframes.columns, time, 0) - value(wander[1], time, 0);
        double size = Math.min(height, width);
        double falloff = Math.exp(-(dy * dy + dx * dx) / (2 * Math.pow(size / 5, 2)));
        double angle = Math.toRadians(value(keyframes.rotation, time, 0) + falloff * value(keyframes.swirl, time, 0));
        // Rows count downwards: a turn that looks counter-clockwise moves what is right of the middle to smaller rows.
        // Looking up the place in the specimen at rest undoes the turn.
        double turnedY = Math.cos(angle) * dy + Math.sin(angle) * dx;
        double turnedX = Math.cos(angle) * dx - Math.sin(angle) * dy;
        double scale = value(keyframes.scaling, time, 1);
        double restY = turnedY / scale;
        double restX = turnedX / scale - value(keyframes.shear, time, 0) * restY;
        double bend = value(keyframes.bending, time, 0);
        restY -= bend * Math.sin(2 * Math.PI * restX / width) * Math.cos(Math.PI * restY / height);
        restX -= bend * Math.cos(2 * Math.PI * restY / height) * Math.sin(Math.PI * restX / width);
        return new double[] {restY + middleY - y, restX + middleX - x};
    }

    /** Linear between two keyframes; the first and last hold beyond them. */
    private double value(double[] values, double time, double fallback) {
        if (values.length == 0) return fallback;
        int last = values.length - 1;
        if (time <= keyframes.times[0]) return values[0];
        if (time >= keyframes.times[last]) return values[last];
        int next = 1;
        while (keyframes.times[next] < time) next++;
        double share = (time - keyframes.times[next - 1]) / (keyframes.times[next] - keyframes.times[next - 1]);
        return values[next - 1] + (values[next] - values[next - 1]) * share;
    }
}
