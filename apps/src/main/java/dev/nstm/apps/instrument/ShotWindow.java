package dev.nstm.apps.instrument;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Shots that are used of a longer recording ({@code data.shots}).
 *
 * @param first of them, from 0
 * @param count of them
 */
public record ShotWindow(int first, int count) {
    /** The one that a configuration asks for. */
    public static Optional<ShotWindow> of(Configuration c) {
        return c.find(Keys.DATA_SHOTS).map(ShotWindow::of);
    }

    private static ShotWindow of(double[] shots) {
        require(
                shots.length == 2 && shots[0] == Math.rint(shots[0]) && shots[1] == Math.rint(shots[1]),
                "data.shots needs two whole numbers (first shot, from 1, and number of shots), got %s",
                Arrays.toString(shots));
        return new ShotWindow((int) shots[0] - 1, (int) shots[1]);
    }

    /** As a configuration has it. */
    public double[] setting() {
        return new double[] {first + 1, count};
    }

    /**
     * The window.
     *
     * @param shots of the recording
     * @throws dev.nstm.tensor.InvalidInputException where it reaches beyond them
     */
    public ShotWindow in(int shots, String name) {
        require(
                first + count <= shots,
                "data.shots: [%d, %d] reaches beyond the %d shots of %s",
                first + 1,
                count,
                shots,
                name);
        return this;
    }

    /** The window's part of what there is of every shot. */
    public <T> List<T> of(List<T> shots) {
        return shots.subList(first, first + count);
    }

    /** The window's times out of those of the recording, brought to [-1, 1]. */
    public double[] times(double[] recording) {
        double[] times = Arrays.copyOfRange(recording, first, first + count);
        double begin = Arrays.stream(times).min().orElseThrow();
        double end = Arrays.stream(times).max().orElseThrow();
        return Arrays.stream(times)
                .map(time -> end == begin ? 0 : 2 * (time - begin) / (end - begin) - 1)
                .toArray();
    }
}
