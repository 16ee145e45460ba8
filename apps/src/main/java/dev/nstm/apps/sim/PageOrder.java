package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * What the pages of a raw stack count.
 *
 * @param axes names, slowest first
 * @param extents how many of each
 */
record PageOrder(List<String> axes, int[] extents) {
    private static final List<String> KNOWN = List.of("direction", "phase", "z");

    /**
     * @param order as configured, such as {@code direction,z,phase}
     * @param pages found in the stack; what the directions and phases leave are planes
     */
    static PageOrder of(String order, int directions, int phases, int pages, String file) {
        List<String> axes = Arrays.stream(order.toLowerCase(Locale.ROOT).split(",")).map(String::strip).toList();
        for (String axis : axes) require(KNOWN.contains(axis), "data.order names \"%s\"; the axes of a stack are %s", axis, String.join(", ", KNOWN));
        require(new HashSet<>(axes).size() == axes.size() && axes.contains("direction") && axes.contains("phase"),
                "data.order must name direction and phase, and nothing twice, got \"%s\"", order);
        int images = directions * phases;
        require(pages % images == 0 && (axes.contains("z") || pages == images), "%s: %d pages are not %d directions x %d phases%s; check data.directions, data.phases and data.order",
                file, pages, directions, phases, axes.contains("z") ? " x a whole number of planes" : "");
        int[] extents = axes.stream().mapToInt(axis -> switch (axis) {
            case "direction" -> directions;
            case "phase" -> phases;
            default -> pages / images;
        }).toArray();
        return new PageOrder(axes, extents);
    }

    int planes() {
        return axes.contains("z") ? extents[axes.indexOf("z")] : 1;
    }

    int page(int direction, int phase, int z) {
        int page = 0;
        for (int i = 0; i < extents.length; i++) {
            page = page * extents[i] + switch (axes.get(i)) {
                case "direction" -> direction;
                case "phase" -> phase;
                default -> z;
            };
        }
        return page;
    }

    /** Mean page number of an image's planes: when it was taken, if pages are taken at equal intervals. */
    double meanPage(int direction, int phase) {
        double sum = 0;
        for (int z = 0; z < planes(); z++) sum += page(direction, phase, z);
        return sum / planes();
    }
}
