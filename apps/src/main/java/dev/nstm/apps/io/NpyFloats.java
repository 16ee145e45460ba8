package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.Sizes;
import java.util.Arrays;

/**
 * Numbers with a shape in single precision: scenes and recordings, which would take twice the memory as
 * {@link NpyArray}.
 *
 * @param shape extents, outermost first
 * @param values row-major
 */
public record NpyFloats(int[] shape, float[] values) implements NpyContent {
    public NpyFloats {
        int count = Sizes.product("an array", shape);
        require(count == values.length, "shape %s does not hold %d values", Arrays.toString(shape), values.length);
    }
}
