package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What the pages of a raw stack count.
 *
 * @param axes names, slowest first
 * @param extents how many of each
 */
record PageOrder(List<String> axes, int[] extents) {
    private static final List<String> KNOWN = List.of("time", "direction", "phase", "z");

    /**
     * @param order as configured, such as {@code direction,z,phase}; time points that it does not name come slowest
     * @param pages found in the stack; what time points, directions and phases leave are planes
     */
    static PageOrder of(String order, int timePoints, int directions, int phases, int pages, String file) {
        List<String> axes =
                new ArrayList<>(Arrays.stream(order.toLowerCase(Locale.ROOT).split(","))
                        .map(String::strip)
                        .toList());
        if (!axes.contains("time")) axes.addFirst("time");
        for (String axis : axes)
            require(
                    KNOWN.contains(axis),
                    "data.order names \"%s\"; the axes of a stack are %s",
                    axis,
                    String.join(", ", KNOWN));
        require(
                new HashSet<>(axes).size() == axes.size() && axes.contains("direction") && axes.contains("phase"),
                "data.order must name direction and phase, and nothing twice, got \"%s\"",
                order);
        int images = timePoints * directions * phases;
        require(
                pages % images == 0 && (axes.contains("z") || pages == images),
                "%s: %d pages are not %d time points x %d directions x %d phases%s; check data.timePoints, data.directions, data.phases and data.order",
                file,
                pages,
                timePoints,
                directions,
                phases,
                axes.contains("z") ? " x a whole number of planes" : "");
        int[] extents = axes.stream()
                .mapToInt(axis -> switch (axis) {
                    case "time" -> timePoints;
                    case "direction" -> directions;
                    case "phase" -> phases;
                    default -> pages / images;
                })
                .toArray();
        return new PageOrder(List.copyOf(axes), extents);
    }

    /** Of pages that follow each other image by image, plane by plane. */
    static PageOrder ofImages(ShotOrder shots, int planes) {
        return new PageOrder(KNOWN, new int[] {shots.timePoints(), shots.directions(), shots.phases(), planes});
    }

    /** Pages of some images, image by image. */
    IntStream pages(int firstImage, int images) {
        return IntStream.range(firstImage * planes(), (firstImage + images) * planes())
                .map(i -> page(i / planes(), i % planes()));
    }

    int planes() {
        return extent("z");
    }

    /** Whether the planes of an image follow each other. */
    boolean planesFirst() {
        return axes.getLast().equals("z");
    }

    /** Order of the images that the pages make. */
    ShotOrder shots() {
        return new ShotOrder(extent("time"), extent("direction"), extent("phase"));
    }

    private int extent(String axis) {
        return axes.contains(axis) ? extents[axes.indexOf(axis)] : 1;
    }

    /** Page of an image's plane. */
    int page(int image, int z) {
        ShotOrder shots = shots();
        int page = 0;
        for (int i = 0; i < extents.length; i++) {
            page = page * extents[i]
                    + switch (axes.get(i)) {
                        case "time" -> shots.timePoint(image);
                        case "direction" -> shots.direction(image);
                        case "phase" -> shots.phase(image);
                        default -> z;
                    };
        }
        return page;
    }

    /** Numbers of all pages, image by image: their times, if they are taken at equal intervals. */
    double[] pageNumbers() {
        return pages(0, shots().count()).asDoubleStream().toArray();
    }
}
