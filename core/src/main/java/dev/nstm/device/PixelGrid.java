package dev.nstm.device;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.Shape;
import java.util.Arrays;

/**
 * Samples on a regular grid: along axis a, sample i lies at {@code origin[a] + i spacing[a]}.
 *
 * @param extents samples along each spatial axis
 * @param origin position of the first sample, in pixels
 * @param spacing distance of neighbouring samples, in pixels
 */
public record PixelGrid(Shape extents, double[] origin, double[] spacing) {
    public PixelGrid {
        require(
                origin.length == extents.rank() && spacing.length == extents.rank(),
                "a grid of %s needs an origin and a spacing for each axis",
                extents);
        origin = origin.clone();
        spacing = spacing.clone();
        for (int axis = 0; axis < spacing.length; axis++)
            require(
                    spacing[axis] > 0,
                    "the spacing of samples must be positive, got %s along axis %d",
                    spacing[axis],
                    axis);
    }

    /** Every pixel of a picture or volume. */
    public static PixelGrid of(Shape extents) {
        double[] spacing = new double[extents.rank()];
        Arrays.fill(spacing, 1);
        return new PixelGrid(extents, new double[extents.rank()], spacing);
    }

    /** The grid with more samples at the end of its first axis. */
    public PixelGrid extended(int samples) {
        require(samples >= 0, "a grid is extended by a number of samples, got %d", samples);
        int[] longer = extents.extents();
        longer[0] = Math.addExact(longer[0], samples);
        return new PixelGrid(Shape.of(longer), origin, spacing);
    }

    public int axes() {
        return extents.rank();
    }

    public int count() {
        return extents.count();
    }

    /** Position of a sample along an axis. */
    public float position(int axis, int index) {
        return (float) (origin[axis] + index * spacing[axis]);
    }
}
