package dev.nstm.tensor;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.Arrays;

/** Extent of every axis of a row-major array, outermost first. */
public final class Shape {
    private final int[] extents;

    private Shape(int[] extents) {
        this.extents = extents;
    }

    /** @throws InvalidInputException if an extent is not positive or the element count exceeds 2^31 - 1 */
    public static Shape of(int... extents) {
        long count = 1;
        for (int extent : extents) {
            require(extent > 0, "every axis needs at least one sample, got shape %s", Arrays.toString(extents));
            count = Math.multiplyExact(count, extent);
        }
        require(count <= Integer.MAX_VALUE, "shape %s has more than 2^31-1 elements", Arrays.toString(extents));
        return new Shape(extents.clone());
    }

    public int rank() {
        return extents.length;
    }

    /** Extent of an axis; negative axes count from the innermost (-1). */
    public int extent(int axis) {
        return extents[axis < 0 ? axis + extents.length : axis];
    }

    public int[] extents() {
        return extents.clone();
    }

    /** Number of elements. */
    public int count() {
        int count = 1;
        for (int extent : extents) count *= extent;
        return count;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(extents);
    }

    /** For example {@code 4x320x1000}. */
    @Override
    public String toString() {
        return String.join(
                "x", Arrays.stream(extents).mapToObj(Integer::toString).toList());
    }
}
