package dev.nstm.apps.io;

import dev.nstm.tensor.Sizes;

/**
 * Numbers with a shape, as stored in an NPY file; kept in double precision, which holds every supported type exactly
 * (64-bit integers up to 2^53).
 *
 * @param shape extents, outermost first; empty for a scalar
 * @param values row-major
 */
public record NpyArray(int[] shape, double[] values) implements NpyContent {
    public NpyArray {
        NpyContent.check(shape, values.length);
    }

    /**
     * An array whose last axis counts the parts.
     *
     * @param values {@code [first axis][part][element]}
     */
    public static NpyArray ofParts(float[][][] values, int... shape) {
        int parts = values[0].length;
        int elements = values[0][0].length;
        double[] joined = new double[Sizes.product("an array", values.length, parts, elements)];
        for (int i = 0; i < joined.length; i++)
            joined[i] = values[i / parts / elements][i % parts][i / parts % elements];
        return new NpyArray(shape, joined);
    }

    /** The same in single precision. */
    public NpyFloats floats() {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return new NpyFloats(shape, floats);
    }

    public static NpyArray of(double[] values) {
        return new NpyArray(new int[] {values.length}, values);
    }

    public static NpyArray scalar(double value) {
        return new NpyArray(new int[0], new double[] {value});
    }
}
