package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.Sizes;
import java.util.List;

/**
 * Real values on a two-dimensional grid.
 *
 * @param height rows
 * @param width columns
 * @param values row after row
 */
public record Grid2D(int height, int width, double[] values) {
    public Grid2D {
        require(
                height > 0 && width > 0 && values.length == height * width,
                "a %dx%d grid needs %d values, got %d",
                height,
                width,
                height * width,
                values.length);
    }

    public Grid2D(int height, int width) {
        this(height, width, new double[Sizes.product("a picture", height, width)]);
    }

    /** Of single-precision values. */
    public static Grid2D of(int height, int width, float[] values) {
        Grid2D grid = new Grid2D(height, width);
        require(
                values.length == grid.values.length,
                "a %dx%d grid needs %d values, got %d",
                height,
                width,
                grid.values.length,
                values.length);
        for (int i = 0; i < values.length; i++) grid.values[i] = values[i];
        return grid;
    }

    /** Mean of pictures of one size. */
    public static Grid2D mean(List<Grid2D> pictures) {
        if (pictures.size() == 1) return pictures.getFirst();
        Grid2D mean = new Grid2D(pictures.getFirst().height, pictures.getFirst().width);
        for (Grid2D picture : pictures) {
            require(
                    picture.values.length == mean.values.length,
                    "a picture of %s is to be averaged with one of %s",
                    picture.size(),
                    mean.size());
            for (int i = 0; i < mean.values.length; i++) mean.values[i] += picture.values[i] / pictures.size();
        }
        return mean;
    }

    /** Means of blocks of {@code factor} rows and columns; what is left over at the far ends is dropped. */
    public Grid2D downsampled(int factor) {
        require(
                factor >= 1 && factor <= Math.min(height, width),
                "a %s picture cannot be averaged over blocks of %d rows and columns",
                size(),
                factor);
        if (factor == 1) return this;
        Grid2D small = new Grid2D(height / factor, width / factor);
        for (int y = 0; y < small.height * factor; y++) {
            for (int x = 0; x < small.width * factor; x++)
                small.values[y / factor * small.width + x / factor] += get(y, x) / (factor * factor);
        }
        return small;
    }

    /** Some rows and columns. */
    public Grid2D part(int firstRow, int firstColumn, int rows, int columns) {
        Grid2D part = new Grid2D(rows, columns);
        for (int y = 0; y < rows; y++)
            System.arraycopy(values, (firstRow + y) * width + firstColumn, part.values, y * columns, columns);
        return part;
    }

    public double get(int y, int x) {
        return values[y * width + x];
    }

    /** For example {@code 320x1000}. */
    public String size() {
        return height + "x" + width;
    }

    /** The values in single precision. */
    public float[] floats() {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return floats;
    }

    public double sum() {
        double sum = 0;
        for (double value : values) sum += value;
        return sum;
    }

    /** Spatial frequency of sample i of n, zero first: i / (n step) for the first half, negative ones after. */
    public static double frequency(int index, int samples, double step) {
        return wrapped(index, samples) / (samples * step);
    }

    /**
     * Signed distance of sample i of n from sample 0 on a grid that repeats itself: i in the first half, i - n after.
     */
    public static int wrapped(int index, int samples) {
        return index < (samples + 1) / 2 ? index : index - samples;
    }
}
