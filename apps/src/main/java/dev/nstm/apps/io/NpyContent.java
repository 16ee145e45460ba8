package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.Sizes;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What can be written as an array of an NPZ file. */
public sealed interface NpyContent permits NpyArray, NpyFloats, NpyParts {
    /** Extents, outermost first; empty for a scalar. */
    int[] shape();

    /** @throws dev.nstm.tensor.InvalidInputException if a shape does not hold so many values */
    static void check(int[] shape, int count) {
        require(
                Sizes.product("an array", shape) == count,
                "shape %s does not hold %d values",
                Arrays.toString(shape),
                count);
    }

    /** For example {@code 4x320x1000}. */
    default String size() {
        return shape().length == 0
                ? "a scalar"
                : Arrays.stream(shape()).mapToObj(Integer::toString).collect(Collectors.joining("x"));
    }
}
