package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Arrays by name, as an NPZ file holds them: what an instrument recorded. */
public record Recording(Map<String, Array> arrays) {
    /**
     * Values of an array, row-major.
     *
     * @param shape extents, outermost first; empty for a single number
     */
    public record Array(int[] shape, float[] values) {
        public Array {
            int count = 1;
            for (int extent : shape) count = Math.multiplyExact(count, extent);
            require(
                    values.length == count,
                    "an array of %s needs %d values, got %d",
                    shape.length == 0 ? "one number" : Shape.of(shape),
                    count,
                    values.length);
        }

        /** The {@code index}th part along the first axis. */
        public float[] part(int index) {
            int length = values.length / shape[0];
            return Arrays.copyOfRange(values, index * length, (index + 1) * length);
        }
    }

    public Recording {
        arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    }

    /**
     * An array that must be there.
     *
     * @param axes number of its axes
     */
    public Array array(String name, int axes) {
        require(arrays.containsKey(name), "there is no array \"%s\"; there are %s", name, arrays.keySet());
        Array array = arrays.get(name);
        require(
                array.shape.length == axes,
                "array \"%s\" has %d axes; %d are expected",
                name,
                array.shape.length,
                axes);
        return array;
    }
}
