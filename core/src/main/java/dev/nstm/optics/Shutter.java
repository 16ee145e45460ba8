package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.ArrayList;
import java.util.List;

/**
 * Which rows of a sensor are open when. Time is counted in row times: a row opens, stays open for {@code openTimes} of
 * them and is read; the next row follows one row time later.
 *
 * @param kind order of the rows
 * @param rows of the sensor
 * @param openTimes row times for which a row is open: exposure / row time
 */
public record Shutter(Kind kind, int rows, int openTimes) {
    private static final long LONGEST = 100_000;

    /** Order in which rows open. */
    public enum Kind {
        /** From both ends towards the middle, as sensors do that are read by two halves. */
        DUAL,
        /** From the first row to the last. */
        SINGLE,
        /** All rows at once. */
        GLOBAL
    }

    /** Neighbouring rows. */
    public record Run(int first, int count) {}

    public Shutter {
        require(rows >= 2, "a sensor needs at least two rows, got %d", rows);
        require(
                openTimes >= 1,
                "the exposure is shorter than the time of a row: rows are open for %d row times",
                openTimes);
    }

    /**
     * @param exposure of a row
     * @param rowTime time of one row of the sensor, in the same unit
     * @param downsampling sensor rows that make one row of the picture
     */
    public static Shutter of(Kind kind, int rows, double exposure, double rowTime, int downsampling) {
        require(
                exposure > 0 && rowTime > 0,
                "exposure and row time must be positive, got %s and %s",
                exposure,
                rowTime);
        long openTimes = Math.round(exposure / rowTime / downsampling);
        require(
                kind == Kind.GLOBAL || openTimes >= 1,
                "an exposure of %s is shorter than the time of a row of the picture, %s x %d",
                exposure,
                rowTime,
                downsampling);
        require(
                kind == Kind.GLOBAL || openTimes <= LONGEST,
                "an exposure of %s is %d times that of a row of the picture, %s x %d; %d times are possible",
                exposure,
                openTimes,
                rowTime,
                downsampling,
                LONGEST);
        return new Shutter(kind, rows, kind == Kind.GLOBAL ? 1 : (int) openTimes);
    }

    /** Number of distinct moments: even, as published, except for the global shutter, which has one. */
    public int moments() {
        return switch (kind) {
            case GLOBAL -> 1;
            case SINGLE -> (rows + openTimes - 1) / 2 * 2;
            case DUAL -> (rows - rows / 2 + openTimes - 1) / 2 * 2;
        };
    }

    /** Time of a moment in [-1, 1): 2 k / n - 1; 0 for a global shutter. */
    public double time(int moment) {
        return kind == Kind.GLOBAL ? 0 : 2.0 * moment / moments() - 1;
    }

    /** Rows that are open at a moment. */
    public List<Run> open(int moment) {
        require(moment >= 0 && moment < moments(), "there are %d moments, got index %d", moments(), moment);
        List<Run> runs = new ArrayList<>();
        int opened = moment + 1;
        switch (kind) {
            case GLOBAL -> runs.add(new Run(0, rows));
            case SINGLE -> add(runs, Math.max(0, opened - openTimes), Math.min(opened, rows));
            case DUAL -> {
                int middle = rows / 2;
                add(runs, Math.max(0, opened - openTimes), Math.min(opened, middle));
                add(runs, Math.max(rows - opened, middle), Math.min(rows, rows - opened + openTimes));
            }
        }
        return runs;
    }

    private static void add(List<Run> runs, int from, int to) {
        if (to > from) runs.add(new Run(from, to - from));
    }

    /** Moments at which each row is open. */
    public int[] openMoments() {
        int[] counts = new int[rows];
        for (int moment = 0; moment < moments(); moment++) {
            for (Run run : open(moment)) for (int row = run.first; row < run.first + run.count; row++) counts[row]++;
        }
        return counts;
    }
}
