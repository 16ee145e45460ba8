package dev.nstm.apps.io;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What can be written as an array of an NPZ file. */
public sealed interface NpyContent permits NpyArray, NpyFloats, NpyParts {
    /** Extents, outermost first; empty for a scalar. */
    int[] shape();

    /** For example {@code 4x320x1000}. */
    default String size() {
        return shape().length == 0
                ? "a scalar"
                : Arrays.stream(shape()).mapToObj(Integer::toString).collect(Collectors.joining("x"));
    }
}
