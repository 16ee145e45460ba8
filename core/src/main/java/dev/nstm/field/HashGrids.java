package dev.nstm.field;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Encoding;

/** Hash grids whose levels grow geometrically from a base to a finest resolution. */
public final class HashGrids {
    private HashGrids() {}

    /**
     * {@link #geometric(int, double[], double[], int, int, int, double[], double[], Encoding.Addressing)} with dense
     * levels where they fit.
     */
    public static Encoding.HashGrid geometric(
            int firstAxis,
            double[] boxMin,
            double[] boxMax,
            int levels,
            int features,
            int log2Entries,
            double[] base,
            double[] finest) {
        return geometric(
                firstAxis, boxMin, boxMax, levels, features, log2Entries, base, finest, Encoding.Addressing.AUTO);
    }

    /**
     * res(l) = max(floor(base b^l), 1) with b = exp((ln finest - ln base) / (L - 1)), per axis, in single precision as
     * the reference computes it.
     *
     * @param base cells per axis of the coarsest level; may be fractional
     * @param finest cells per axis of the finest level; may be fractional
     * @param addressing of the table entries; {@code log2Entries} is the size of a hashed level's table
     */
    public static Encoding.HashGrid geometric(
            int firstAxis,
            double[] boxMin,
            double[] boxMax,
            int levels,
            int features,
            int log2Entries,
            double[] base,
            double[] finest,
            Encoding.Addressing addressing) {
        require(levels >= 1, "a hash grid needs at least one level, got %d", levels);
        require(log2Entries >= 1 && log2Entries <= 24, "log2 of the table size must be 1 to 24, got %d", log2Entries);
        int[][] resolutions = new int[levels][base.length];
        for (int axis = 0; axis < base.length; axis++) {
            require(
                    base[axis] > 0 && finest[axis] > 0,
                    "grid resolutions must be positive, got base %s and finest %s along axis %d",
                    base[axis],
                    finest[axis],
                    axis);
            float growth = levels == 1
                    ? 1
                    : (float) Math.exp(
                            (float) ((float) Math.log((float) finest[axis]) - (float) Math.log((float) base[axis]))
                                    / (levels - 1));
            for (int level = 0; level < levels; level++) {
                resolutions[level][axis] =
                        Math.max(1, (int) Math.floor((float) base[axis] * (float) Math.pow(growth, level)));
            }
        }
        return new Encoding.HashGrid(firstAxis, boxMin, boxMax, resolutions, features, 1 << log2Entries, addressing);
    }
}
