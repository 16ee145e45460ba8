package dev.nstm.training;

import dev.nstm.device.Device;
import dev.nstm.field.FieldSpec;
import dev.nstm.imaging.ForwardModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Further trainings of one measurement, each from networks of its own. What they agree on the shots determine; where
 * they differ nobody knows (deep ensembles, Lakshminarayanan et al., NIPS 2017).
 */
public final class Replicas {
    private Replicas() {}

    /**
     * Short replicas on pixels of their own that see reduced pictures only.
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

    /**
     * Whole replicas, for systems whose reduced pictures show less than they reconstruct.
     *
     * @param plan of the training that they repeat
     * @param count how many
     * @param stop asked between epochs; once true it stays so
     * @return none where {@code stop} said so
     * @throws DivergedException if a replica does
     */
    public static List<TrainingState> trainWhole(
            Device device, ForwardModel model, FieldSpec spec, TrainingPlan plan, int count, BooleanSupplier stop) {
        List<TrainingState> states = new ArrayList<>();
        for (int replica = 1; replica <= count; replica++) {
            try (Device.Scope scope = device.scope()) {
                Reconstruction training = new Reconstruction(device, model, spec, plan.withSeed(plan.seed() + replica));
                while (training.epoch() < plan.epochs()) {
                    if (stop.getAsBoolean()) return List.of();
                    training.runEpoch((epoch, loss, terms) -> {});
                }
                states.add(training.state(""));
            }
        }
        return List.copyOf(states);
    }
}
