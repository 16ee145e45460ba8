package dev.nstm.apps.monitor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How far a run is.
 *
 * @param phase what it does
 * @param epoch epochs done
 * @param epochs epochs planned
 * @param loss of the last epoch; not a number before the first
 * @param annealing share of the networks' details that are open, 0 to 1
 * @param reduction pictures are reduced 2^reduction times
 * @param secondsPerEpoch of the last epoch
 * @param secondsLeft until the training ends, where it can be told
 * @param text what there is to tell at the end; empty before
 */
public record RunStatus(
        Phase phase,
        int epoch,
        int epochs,
        double loss,
        double annealing,
        int reduction,
        double secondsPerEpoch,
        OptionalDouble secondsLeft,
        String text) {
    /** What a run does. */
    public enum Phase {
        PREPARING,
        TRAINING,
        PAUSED,
        CONCLUDING,
        DONE,
        INTERRUPTED,
        FAILED
    }

    /** Before the first epoch. */
    public static RunStatus preparing(int epochs) {
        return new RunStatus(Phase.PREPARING, 0, epochs, Double.NaN, 0, 0, 0, OptionalDouble.empty(), "");
    }

    /** The same in another phase. */
    public RunStatus in(Phase other, String told) {
        return new RunStatus(
                other, epoch, epochs, loss, annealing, reduction, secondsPerEpoch, OptionalDouble.empty(), told);
    }

    /** One line, without its end; documented in docs/app.md. */
    public String json() {
        return fields().toString();
    }

    ObjectNode fields() {
        ObjectNode node = new ObjectMapper().createObjectNode();
        node.put("phase", phase.name().toLowerCase(Locale.ROOT));
        node.put("epoch", epoch).put("epochs", epochs);
        // JSON has no "not a number".
        if (Double.isFinite(loss)) node.put("loss", loss);
        node.put("annealing", annealing).put("reduction", reduction).put("secondsPerEpoch", secondsPerEpoch);
        secondsLeft.ifPresent(seconds -> node.put("secondsLeft", seconds));
        if (!text.isEmpty()) node.put("text", text);
        return node;
    }
}
