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

    /**
     * Multiresolution hash grid. Output feature {@code f * levels + l} is feature f of level l.
     *
     * @param boxMin lower corner per axis
     * @param boxMax upper corner per axis
     * @param resolutions cells per axis of every level, {@code [level][axis]}
     * @param features values per table entry
     * @param entries table entries per level, a power of two
     */
    record HashGrid(int firstAxis, double[] boxMin, double[] boxMax, int[][] resolutions, int features, int entries) implements Encoding {
        public HashGrid {
            require(boxMin.length >= 1 && boxMin.length <= 4 && boxMax.length == boxMin.length,
                    "a hash grid has 1 to 4 axes, got corners %s and %s", Arrays.toString(boxMin), Arrays.toString(boxMax));
            for (int axis = 0; axis < boxMin.length; axis++) {
                require(boxMax[axis] > boxMin[axis], "the hash grid's box is empty along axis %d: %s to %s", axis, boxMin[axis], boxMax[axis]);
            }
            require(features >= 1, "a table entry needs at least one feature, got %d", features);
            require(Integer.bitCount(entries) == 1, "the table size must be a power of two, got %d", entries);
            for (int[] level : resolutions) {
                require(level.length == boxMin.length, "every level needs %d resolutions, got %s", boxMin.length, Arrays.toString(level));
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
            return levels() * entries * features;
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
