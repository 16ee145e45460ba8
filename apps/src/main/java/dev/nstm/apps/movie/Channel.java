package dev.nstm.apps.movie;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A channel of a movie.
 *
 * @param name for people
 * @param unit of its values; empty for pure numbers
 * @param label in the names of files
 */
public record Channel(String name, String unit, String label) {
    /** The only one of volumes. */
    public static final Channel DENSITY = new Channel("density", "", "density");

    /** The name with the unit, for people. */
    public String labelled() {
        return labelled(name, unit);
    }

    static String labelled(String name, String unit) {
        return unit.isEmpty() ? name : name + " (" + unit + ")";
    }

    /** Names of channels that have none of their own: channel 1, channel 2. */
    public static List<String> namesOf(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(channel -> "channel " + channel)
                .toList();
    }

    /** Channels that files tell apart by their numbers. */
    public static List<Channel> numbered(List<String> names) {
        return IntStream.range(0, names.size())
                .mapToObj(i -> new Channel(names.get(i), "", Integer.toString(i + 1)))
                .toList();
    }
}
