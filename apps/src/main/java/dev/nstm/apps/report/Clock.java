package dev.nstm.apps.report;

/**
 * What the times of a reconstruction, -1 to 1, are in the data.
 *
 * @param first time that is -1
 * @param last time that is 1
 * @param unit such as ms; empty where the data do not say
 */
public record Clock(double first, double last, String unit) {
    /** A time of a reconstruction in the unit of the data. */
    public double read(double time) {
        return first + (last - first) * (time + 1) / 2;
    }
}
