package dev.nstm.training;

import dev.nstm.device.Device;
import dev.nstm.field.FieldSpec;
import dev.nstm.imaging.ForwardModel;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Finds settings from the shots alone: candidates are trained on reduced pictures of which some pixels are held out,
 * and judged by how well they foretell those: the model of the instrument first, then how rough the motion may be. The
 * simpler model and the smoother motion stay unless another foretells noticeably better: what differs less says
 * nothing.
 */
public final class SettingSearch {
    /** Weights of the motion's roughness that are tried, from the freest motion to the one that moves as a whole. */
    private static final List<Double> ROUGHNESS = List.of(0.003, 0.03, 0.3, 3.0);
    /** A rougher motion must foretell the held-out pixels better than a smoother one by this factor of the error. */
    private static final double WORTH_ROUGHNESS = 1.003;
    /** A less simple model must foretell them with less than this share of the error. */
    private static final double WORTH_MODEL = 0.85;
    /** Another model is tried only if it finds less than this share of the error in what the simplest one learned. */
    private static final double SUSPICIOUS = 0.95;
    /** Weight of the motion's roughness while models are compared: the whole moves first. */
    private static final double WHOLE = 0.3;

    private final List<ReducedTraining> trainings;
    private final boolean moving;
    /** Epochs [0, start) see the coarser pictures, [start, end) those that are reduced least. */
    private final int start;

    private final int end;

    /**
     * A candidate and what came out.
     *
     * @param model index of the model
     * @param motionRoughness weight of the motion's roughness
     * @param error root mean square by which the held-out pixels were missed, in the pictures' unit
     */
    public record Trial(int model, double motionRoughness, double error) {}

    /**
     * What was found.
     *
     * @param model index of the model
     * @param motionRoughness weight of the motion's roughness
     */
    public record Outcome(int model, double motionRoughness) {}

    /** A trial with the states that it came from and led to. */
    private record Branch(Trial trial, TrainingState coarse, TrainingState fine) {}

    /**
     * @param models of one measurement that come into question, the simplest first
     * @param plan of the training that the settings are for; its early epochs, which see reduced pictures, are tried
     */
    public SettingSearch(Device device, List<? extends ForwardModel> models, FieldSpec spec, TrainingPlan plan) {
        trainings = models.stream()
                .map(model -> new ReducedTraining(device, model, spec, plan))
                .toList();
        moving = !plan.motion().frozen();
        start = ReducedTraining.coarseEpochs(plan);
        end = ReducedTraining.epochs(plan);
    }

    /** Whether there is something to search with: a motion, reduced pictures, and pixels that can be held out. */
    public boolean possible() {
        return moving && trainings.getFirst().possible();
    }

    /**
     * Tries and decides. What is taken on the device is given back.
     *
     * @param motionRoughness the weight of the motion's roughness where it is known
     * @param told of every trial
     * @param stop asked between epochs; once true it stays so
     * @return empty where {@code stop} said so
     * @throws DivergedException if a trial does
     */
    public Optional<Outcome> run(Optional<Double> motionRoughness, Consumer<Trial> told, BooleanSupplier stop) {
        List<Double> candidates = motionRoughness.map(List::of).orElse(ROUGHNESS);
        double chosen = candidates.getFirst();
        Optional<Branch> simplest = branch(0, chosen, coarse(0, stop), told, stop);
        if (simplest.isEmpty()) return Optional.empty();
        Branch best = simplest.get();
        for (int model = 1; model < trainings.size(); model++) {
            if (trainings.get(model).missed(simplest.get().fine) >= SUSPICIOUS * simplest.get().trial.error) continue;
            Optional<Branch> other = branch(model, chosen, coarse(model, stop), told, stop);
            if (other.isEmpty()) return Optional.empty();
            if (other.get().trial.error < WORTH_MODEL * best.trial.error) best = other.get();
        }
        double least = best.trial.error;
        for (double roughness : candidates.subList(1, candidates.size())) {
            Optional<Branch> smoother = branch(best.trial.model, roughness, best.coarse, told, stop);
            if (smoother.isEmpty()) return Optional.empty();
            double error = smoother.get().trial.error;
            if (error > WORTH_ROUGHNESS * least) break;
            least = Math.min(least, error);
            chosen = roughness;
        }
        return Optional.of(new Outcome(best.trial.model, chosen));
    }

    private TrainingState coarse(int model, BooleanSupplier stop) {
        ReducedTraining training = trainings.get(model);
        return training.trained(WHOLE, training.untrained(), start, stop);
    }

    private Optional<Branch> branch(
            int model, double roughness, TrainingState coarse, Consumer<Trial> told, BooleanSupplier stop) {
        ReducedTraining training = trainings.get(model);
        TrainingState fine = training.trained(roughness, coarse, end, stop);
        if (stop.getAsBoolean()) return Optional.empty();
        Trial trial = new Trial(model, roughness, training.missed(fine));
        told.accept(trial);
        return Optional.of(new Branch(trial, coarse, fine));
    }
}
