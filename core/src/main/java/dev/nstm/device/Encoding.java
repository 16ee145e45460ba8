package dev.nstm.device;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.Arrays;

/** One part of what a network sees of its coordinates: the features of all parts are concatenated. */
public sealed interface Encoding {
    /** First coordinate axis this part looks at. */
    int firstAxis();

    /** Number of coordinate axes, from {@link #firstAxis()} on. */
    int axes();

    /** Number of features produced. */
    int featureCount();

    /** Number of trained values. */
    int parameterCount();

    /** How a level's vertices find their table entries. */
    enum Addressing {
        /** Hashed on every level, as published. */
        HASH,
        /** An entry of its own for every vertex where they fit, hashed where not. */
        AUTO,
        /** An entry of its own for every vertex, on every level. */
        DENSE
    }

    /**
     * Multiresolution grid of trained vertices. Output feature {@code f * levels + l} is feature f of level l.
     *
     * @param boxMin lower corner per axis
     * @param boxMax upper corner per axis
     * @param resolutions cells per axis of every level, {@code [level][axis]}
     * @param features values per table entry
     * @param hashEntries table entries of a hashed level, a power of two
     */
    record HashGrid(
            int firstAxis,
            double[] boxMin,
            double[] boxMax,
            int[][] resolutions,
            int features,
            int hashEntries,
            Addressing addressing)
            implements Encoding {
        /** Of the hash, one per axis, as published. */
        private static final int[] PRIMES = {1, 1431655781, 622729787, 338294347};

        private static final int LARGEST_LOG2 = 24;

        public HashGrid {
            require(
                    boxMin.length >= 1 && boxMin.length <= 4 && boxMax.length == boxMin.length,
                    "a hash grid has 1 to 4 axes, got corners %s and %s",
                    Arrays.toString(boxMin),
                    Arrays.toString(boxMax));
            for (int axis = 0; axis < boxMin.length; axis++) {
                require(
                        boxMax[axis] > boxMin[axis],
                        "the hash grid's box is empty along axis %d: %s to %s",
                        axis,
                        boxMin[axis],
                        boxMax[axis]);
            }
            require(features >= 1, "a table entry needs at least one feature, got %d", features);
            require(Integer.bitCount(hashEntries) == 1, "the table size must be a power of two, got %d", hashEntries);
            for (int[] level : resolutions) {
                require(
                        level.length == boxMin.length,
                        "every level needs %d resolutions, got %s",
                        boxMin.length,
                        Arrays.toString(level));
                require(
                        addressing != Addressing.DENSE || log2Dense(level) <= LARGEST_LOG2,
                        "a dense level of %s cells needs 2^%d table entries, more than 2^%d; use grid: auto or hash, or larger cells",
                        Arrays.toString(level),
                        log2Dense(level),
                        LARGEST_LOG2);
            }
        }

        @Override
        public int axes() {
            return boxMin.length;
        }

        public int levels() {
            return resolutions.length;
        }

        @Override
        public int featureCount() {
            return features * levels();
        }

        @Override
        public int parameterCount() {
            // Asked for at every step: nothing may be allocated here, not even extents for a message.
            return Math.multiplyExact(firstEntry(levels()), features);
        }

        /** Lower corner along an axis in single precision, as the reference computes it. */
        public float low(int axis) {
            return (float) boxMin[axis];
        }

        /** Size of a level's cells along an axis in single precision, as the reference computes it. */
        public float cell(int level, int axis) {
            return ((float) boxMax[axis] - low(axis)) / resolutions[level][axis];
        }

        /** Table entries of a level, a power of two. */
        public int entries(int level) {
            return dense(level) ? 1 << log2Dense(resolutions[level]) : hashEntries;
        }

        /** Table entries of all levels before this one. */
        public int firstEntry(int level) {
            int entries = 0;
            for (int i = 0; i < level; i++) entries = Math.addExact(entries, entries(i));
            return entries;
        }

        /**
         * Factor per axis on the index of a vertex; the products, joined by exclusive or and reduced to the level's
         * entries, are the vertex's place in the table. Neighbours along the last axis of a dense level lie side by
         * side.
         */
        public int[] multipliers(int level) {
            int[] multipliers = new int[axes()];
            int bits = 0;
            for (int axis = axes() - 1; axis >= 0; axis--) {
                multipliers[axis] = dense(level) ? 1 << bits : PRIMES[axis];
                bits += log2Vertices(resolutions[level][axis]);
            }
            return multipliers;
        }

        private boolean dense(int level) {
            return addressing == Addressing.DENSE
                    || addressing == Addressing.AUTO && 1L << log2Dense(resolutions[level]) <= hashEntries;
        }

        private static int log2Dense(int[] resolution) {
            int bits = 0;
            for (int cells : resolution) bits += log2Vertices(cells);
            return Math.min(bits, Long.SIZE - 2);
        }

        /** Bits that number the vertices of so many cells. */
        private static int log2Vertices(int cells) {
            return Integer.SIZE - Integer.numberOfLeadingZeros(cells);
        }
    }

    /**
     * Sines of the coordinates at several frequencies, after the coordinates themselves: for every frequency f first
     * sin(pi f x) of all axes x, then sin(pi f x + pi/2) of all axes.
     *
     * @param frequencies in half cycles per unit of the coordinate
     */
    record Positional(int firstAxis, int axes, float[] frequencies) implements Encoding {
        /** Feature of an axis at a frequency; {@code shifted} is 1 for the sine shifted by a quarter period, else 0. */
        public int column(int axis, int frequency, int shifted) {
            return axes * (1 + 2 * frequency + shifted) + axis;
        }

        @Override
        public int featureCount() {
            return axes * (1 + 2 * frequencies.length);
        }

        @Override
        public int parameterCount() {
            return 0;
        }
    }

    /** The coordinates as they are. */
    record Identity(int firstAxis, int axes) implements Encoding {
        @Override
        public int featureCount() {
            return axes;
        }

        @Override
        public int parameterCount() {
            return 0;
        }
    }
}
