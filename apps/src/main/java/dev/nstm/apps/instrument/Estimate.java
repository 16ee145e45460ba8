package dev.nstm.apps.instrument;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What the shots alone say of the instrument.
 *
 * @param right whether it is as configured, or could be found
 * @param text for people, whole lines
 * @param marks where that is seen in the spectrum of a shot
 */
public record Estimate(boolean right, String text, List<Mark> marks) {
    /**
     * A circle in the spectrum.
     *
     * @param x of its middle, in cycles per micrometre
     * @param y likewise
     * @param radius likewise
     * @param label for people
     */
    public record Mark(double x, double y, double radius, String label) {}

    /** For programs: {@code right}, {@code text}, {@code marks}. */
    public String json() {
        ObjectNode root =
                new ObjectMapper().createObjectNode().put("right", right).put("text", text);
        ArrayNode all = root.putArray("marks");
        for (Mark mark : marks)
            all.addObject()
                    .put("x", mark.x)
                    .put("y", mark.y)
                    .put("radius", mark.radius)
                    .put("label", mark.label);
        return root + "\n";
    }
}
