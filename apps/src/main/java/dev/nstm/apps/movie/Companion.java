package dev.nstm.apps.movie;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What is shown beside a movie, at its times and of its size, such as the conventional reconstruction.
 *
 * @param name for people
 * @param unit of its values; empty for pure numbers
 * @param planes its values
 */
public record Companion(String name, String unit, Planes planes) {
    /** Values of a plane at a time. */
    public interface Planes {
        float[] at(int time, int z);
    }

    /**
     * The channels of another movie of the same size and times.
     *
     * @param prefix of their names
     */
    public static List<Companion> of(String prefix, Movie other) {
        return IntStream.range(0, other.channels().size())
                .mapToObj(channel -> new Companion(
                        prefix + other.channels().get(channel).name(),
                        other.channels().get(channel).unit(),
                        (time, z) -> other.plane(time, channel, z)))
                .toList();
    }
}
