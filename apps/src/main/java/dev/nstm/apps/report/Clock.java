package dev.nstm.apps.report;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What the times of a reconstruction, -1 to 1, are in the data.
 *
 * @param first time that is -1
 * @param last time that is 1
 * @param unit such as ms; empty where the data do not say
 */
public record Clock(double first, double last, String unit) {
    /** Name of the array that keeps first and last time. */
    public static final String ARRAY = "clock";

    /** Adds the clock to the arrays of a result. */
    public void keep(Map<String, ? super NpyArray> arrays) {
        arrays.put(ARRAY, NpyArray.of(new double[] {first, last}));
    }

    /**
     * The clock that a result was written with; empty where it had none.
     *
     * @param unit of the system's clocks
     */
    public static Optional<Clock> kept(Npz result, String unit) throws IOException {
        if (!result.has(ARRAY)) return Optional.empty();
        double[] ends = result.get(ARRAY).values();
        return Optional.of(new Clock(ends[0], ends[1], unit));
    }

    /** A time of a reconstruction in the unit of the data. */
    public double read(double time) {
        return first + (last - first) * (time + 1) / 2;
    }
}
