package dev.nstm.apps.zarr;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is written as OME-Zarr.
 *
 * @param name of the picture
 * @param axes t, c, z, y and x
 * @param channels as many as axis c has
 * @param times of the frames, for the record
 */
public record OmeZarrImage(String name, List<Axis> axes, List<Channel> channels, double[] times) {
    private static final String ORDER = "tczyx";

    /**
     * @param name t, c, z, y or x
     * @param size samples
     * @param spacing of the samples; 1 of channels, and where lengths or times have no unit
     * @param unit as NGFF spells it, such as {@code micrometer}; empty where there is none
     */
    public record Axis(char name, int size, double spacing, String unit) {
        String type() {
            return switch (name) {
                case 't' -> "time";
                case 'c' -> "channel";
                default -> "space";
            };
        }
    }

    /**
     * @param label for people, with its unit
     * @param colour six hexadecimal digits
     * @param shown whether a viewer shows it at first
     */
    public record Channel(String label, String colour, boolean shown) {}

    /** Values of the planes, which are asked for one after the other: of every time, of every channel, in z. */
    public interface Planes {
        /** @return row after row */
        float[] at(int time, int channel, int z);
    }

    public OmeZarrImage {
        require(
                axes.stream()
                        .map(axis -> String.valueOf(axis.name))
                        .collect(Collectors.joining())
                        .equals(ORDER),
                "the axes %s of an OME-Zarr picture are expected, got %s",
                ORDER,
                axes);
        require(
                channels.size() == axes.get(1).size,
                "%d channels are named but there are %d",
                channels.size(),
                axes.get(1).size);
    }

    int size(int axis) {
        return axes.get(axis).size;
    }

    int height() {
        return size(3);
    }

    int width() {
        return size(4);
    }
}
