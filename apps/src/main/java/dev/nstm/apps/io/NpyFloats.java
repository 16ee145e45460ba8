package dev.nstm.apps.io;

/**
 * Numbers with a shape in single precision: scenes and recordings, which would take twice the memory as
 * {@link NpyArray}.
 *
 * @param shape extents, outermost first
 * @param values row-major
 */
public record NpyFloats(int[] shape, float[] values) implements NpyContent {
    public NpyFloats {
        NpyContent.check(shape, values.length);
    }
}
