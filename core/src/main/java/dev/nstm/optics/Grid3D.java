package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.Sizes;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Real values on a three-dimensional grid: planes of rows.
 *
 * @param depth planes
 * @param height rows of a plane
 * @param width columns of a plane
 * @param values {@code [z][y][x]}
 */
public record Grid3D(int depth, int height, int width, double[] values) {
    public Grid3D {
        require(
                depth > 0 && height > 0 && width > 0 && values.length == (long) depth * height * width,
                "a %dx%dx%d volume needs %d values, got %d",
                depth,
                height,
                width,
                (long) depth * height * width,
                values.length);
    }

    public Grid3D(int depth, int height, int width) {
        this(depth, height, width, new double[Sizes.product("a volume", depth, height, width)]);
    }

    /** A picture as a volume of one plane, with the same values. */
    public static Grid3D of(Grid2D picture) {
        return new Grid3D(1, picture.height(), picture.width(), picture.values());
    }

    /** @throws dev.nstm.tensor.InvalidInputException if there are not as many values as voxels */
    public static Grid3D of(int depth, int height, int width, float[] values) {
        return new Grid3D(
                depth,
                height,
                width,
                Grid2D.of(Sizes.product("a volume", depth, height), width, values)
                        .values());
    }

    /** Mean of volumes of one size. */
    public static Grid3D mean(List<Grid3D> volumes) {
        Grid3D first = volumes.getFirst();
        Grid3D mean = new Grid3D(first.depth, first.height, first.width);
        for (Grid3D volume : volumes) {
            require(
                    volume.values.length == mean.values.length,
                    "a volume of %s is to be averaged with one of %s",
                    volume.size(),
                    first.size());
            for (int i = 0; i < mean.values.length; i++) mean.values[i] += volume.values[i] / volumes.size();
        }
        return mean;
    }

    /** For example {@code 9x64x64}. */
    public String size() {
        return depth + "x" + height + "x" + width;
    }

    public double get(int z, int y, int x) {
        return values[(z * height + y) * width + x];
    }

    /** The values in single precision. */
    public float[] floats() {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return floats;
    }

    /** One plane, copied. */
    public Grid2D plane(int z) {
        Grid2D plane = new Grid2D(height, width);
        System.arraycopy(values, z * height * width, plane.values(), 0, height * width);
        return plane;
    }

    /** The volume with every plane changed, and its size where all change it alike. */
    public Grid3D eachPlane(UnaryOperator<Grid2D> change) {
        List<Grid2D> planes =
                IntStream.range(0, depth).mapToObj(z -> change.apply(plane(z))).toList();
        Grid2D first = planes.getFirst();
        Grid3D changed = new Grid3D(depth, first.height(), first.width());
        int size = first.height() * first.width();
        for (int z = 0; z < depth; z++) System.arraycopy(planes.get(z).values(), 0, changed.values, z * size, size);
        return changed;
    }
}
