package dev.nstm.tensor;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Sizes of arrays in ordinary memory, which hold 2^31 values at most. */
public final class Sizes {
    private static final int MOST = Integer.MAX_VALUE - 64;

    private Sizes() {}

    /**
     * Values of an array of these extents.
     *
     * @param what it holds, for the message
     * @throws InvalidInputException where they are more than an array holds
     */
    public static int product(String what, int... extents) {
        long values = 1;
        for (int extent : extents) {
            require(extent >= 0, "%s cannot have an extent of %d", what, extent);
            // Within 2^31 before the product, within 2^62 after it.
            values = Math.min(values, MOST + 1L) * extent;
        }
        require(values <= MOST, "%s of %s are more values than fit into memory at once", what, size(extents));
        return (int) values;
    }

    private static String size(int[] extents) {
        return Arrays.stream(extents).mapToObj(Integer::toString).collect(Collectors.joining("x"));
    }
}
