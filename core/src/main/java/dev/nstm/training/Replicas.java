package dev.nstm.training;

import dev.nstm.device.Device;
import dev.nstm.field.FieldSpec;
import dev.nstm.imaging.ForwardModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Short trainings of one measurement, each from networks of its own and on pixels of its own, that see reduced pictures
 * only. What they agree on the shots determine; where they differ nobody knows (deep ensembles, Lakshminarayanan et
 * al., NIPS 2017).
 */
public final class Replicas {
    private Replicas() {}

    /**
     * Trains replicas.
     *
     * @param plan of the training that they repeat; of its epochs they have those that see reduced pictures
     * @param count how many
     * @param stop asked between epochs; once true it stays so
     * @return none where the plan has no epochs of reduced pictures, the model cannot hold pixels out, or {@code stop}
     *     said so
     * @throws DivergedException if a replica does
     */
    public static List<TrainingState> train(
            Device device, ForwardModel model, FieldSpec spec, TrainingPlan plan, int count, BooleanSupplier stop) {
        int epochs = ReducedTraining.epochs(plan);
        List<TrainingState> states = new ArrayList<>();
        for (int replica = 1; replica <= count && epochs > 0 && !stop.getAsBoolean(); replica++) {
            TrainingPlan own = plan.shortened(epochs).withSeed(plan.seed() + replica);
            ReducedTraining training = new ReducedTraining(device, model, spec, own);
            if (!training.possible()) return List.of();
            states.add(training.trained(plan.motionRoughness(), training.untrained(), epochs, stop));
        }
        return stop.getAsBoolean() ? List.of() : List.copyOf(states);
    }
}
