package dev.nstm.apps.movie;

import java.util.List;

/**
 * An axis of a movie in space.
 *
 * @param name z, y or x
 * @param size samples
 * @param spacing of the samples
 * @param unit of the spacing: {@link #MICROMETRES} or {@link #PIXELS}
 */
public record Axis(String name, int size, double spacing, String unit) {
    public static final String MICROMETRES = "\u00b5m";
    public static final String PIXELS = "px";

    /** Of pictures whose pixels have a size in the specimen. */
    public static List<Axis> ofPictures(int height, int width, double pixelSize) {
        return List.of(new Axis("y", height, pixelSize, MICROMETRES), new Axis("x", width, pixelSize, MICROMETRES));
    }

    /** Of pictures whose lengths are counted in pixels. */
    public static List<Axis> ofPictures(int height, int width) {
        return List.of(new Axis("y", height, 1, PIXELS), new Axis("x", width, 1, PIXELS));
    }

    /** Of volumes, which may be a single plane. */
    public static List<Axis> ofVolumes(int depth, int height, int width, double zStep, double pixelSize) {
        return List.of(
                new Axis("z", depth, zStep, MICROMETRES),
                new Axis("y", height, pixelSize, MICROMETRES),
                new Axis("x", width, pixelSize, MICROMETRES));
    }
}
