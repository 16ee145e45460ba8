package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

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
        require(depth > 0 && height > 0 && width > 0 && values.length == (long) depth * height * width,
                "a %dx%dx%d volume needs %d values, got %d", depth, height, width, (long) depth * height * width, values.length);
    }

    public Grid3D(int depth, int height, int width) {
        this(depth, height, width, new double[Math.multiplyExact(Math.multiplyExact(depth, height), width)]);
    }

    /** For example {@code 9x64x64}. */
    public String size() {
        return depth + "x" + height + "x" + width;
    }

    public double get(int z, int y, int x) {
        return values[(z * height + y) * width + x];
    }

    /** One plane, copied. */
    public Grid2D plane(int z) {
        Grid2D plane = new Grid2D(height, width);
        System.arraycopy(values, z * height * width, plane.values(), 0, height * width);
        return plane;
    }
}
