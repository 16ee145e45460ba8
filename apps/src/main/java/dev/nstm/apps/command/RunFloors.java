package dev.nstm.apps.command;

import dev.nstm.apps.instrument.Run;
import dev.nstm.device.NetworkLayout;
import dev.nstm.field.FieldSpec;
import dev.nstm.imaging.ForwardModel;
import dev.nstm.training.TrainingPlan;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The least that a machine needs for parts of a run: multiply-adds of the layers, bytes that Adam moves.
 *
 * @param run that is measured
 * @param machine that it runs on
 */
record RunFloors(Run run, Machine machine) {
    /** Adam reads parameter, gradient and two moments, and writes all but the gradient. */
    private static final int ADAM_BYTES = 7 * Float.BYTES;

    /** Seconds; empty where no floor is known. */
    OptionalDouble seconds(String phase, String work) {
        TrainingPlan plan = run.plan();
        int[] reductions = IntStream.range(0, plan.epochs())
                .map(plan::reduction)
                .filter(reduction -> Session.title(reduction).equals(phase))
                .toArray();
        int epochs = reductions.length;
        if (epochs == 0) return OptionalDouble.empty();
        return switch (work) {
            case "layers" ->
                OptionalDouble.of(epochs
                        * operations(run.system(), run.field())
                        / Math.pow(4, reductions[0])
                        / machine.operations());
            case "Adam" ->
                OptionalDouble.of((double) epochs
                        * Math.ceilDiv(run.system().shots(), plan.batchSize())
                        * ADAM_BYTES
                        * (run.field().object().parameterCount()
                                + run.field().motion().parameterCount())
                        / machine.bytes());
            default -> OptionalDouble.empty();
        };
    }

    /** Of the layers in one pass over all shots in full: forward, and the gradients of inputs and weights. */
    static double operations(ForwardModel shots, FieldSpec field) {
        return 3
                * 2.0
                * shots.shots()
                * shots.moments(0).length
                * shots.grid().count()
                * (weights(field.object()) + weights(field.motion()));
    }

    /** Multiply-adds of a point in the layers. */
    private static double weights(NetworkLayout layout) {
        double weights = 0;
        for (int layer = 0; layer < layout.depth(); layer++) weights += (double) layout.inputs(layer) * layout.width();
        return weights + (double) layout.outputs() * layout.width();
    }
}
