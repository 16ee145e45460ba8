package dev.nstm.training;

import dev.nstm.device.Device;
import dev.nstm.field.FieldSpec;
import dev.nstm.imaging.ForwardModel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * The early part of a training, which sees reduced pictures and takes little time, with some pixels held out by the
 * plan's seed. States are those of the plan; what is taken on the device is given back.
 */
final class ReducedTraining {
    /** Share of the pixels. */
    private static final double HELD_OUT = 0.1;

    private final Device device;
    private final ForwardModel model;
    private final FieldSpec spec;
    private final TrainingPlan plan;
    /** By reduction; made when they are first needed. */
    private final Map<Integer, ForwardModel.Split> splits = new HashMap<>();

    ReducedTraining(Device device, ForwardModel model, FieldSpec spec, TrainingPlan plan) {
        this.device = device;
        this.model = model;
        this.spec = spec;
        this.plan = plan;
    }

    /** Whether there is such a part, and pixels that can be held out. */
    boolean possible() {
        return epochs(plan) > 0 && model.split(HELD_OUT, plan.seed()).isPresent();
    }

    /** Epochs of a plan that see reduced pictures. */
    static int epochs(TrainingPlan plan) {
        return epochsReducedMoreThan(0, plan);
    }

    /** Those of them that see pictures reduced more than the last of them do. */
    static int coarseEpochs(TrainingPlan plan) {
        return epochs(plan) == 0 ? 0 : epochsReducedMoreThan(plan.reduction(epochs(plan) - 1), plan);
    }

    /** Reductions only ever fall in the course of a plan. */
    private static int epochsReducedMoreThan(int reduction, TrainingPlan plan) {
        return (int) IntStream.range(0, plan.epochs())
                .filter(epoch -> plan.reduction(epoch) > reduction)
                .count();
    }

    TrainingState untrained() {
        try (Device.Scope scope = device.scope()) {
            return new Reconstruction(device, split(plan.reduction(0)).learned(), spec, plan.ofOneSize()).state("");
        }
    }

    /**
     * The state after so many epochs, or when {@code stop} ended them.
     *
     * @param roughness weight of the motion's roughness
     */
    TrainingState trained(double roughness, TrainingState from, int epochs, BooleanSupplier stop) {
        TrainingState state = from;
        while (state.epoch() < epochs && !stop.getAsBoolean()) {
            int reduction = plan.reduction(state.epoch());
            try (Device.Scope scope = device.scope()) {
                Reconstruction reconstruction = new Reconstruction(
                        device,
                        split(reduction).learned(),
                        spec,
                        plan.ofOneSize().withMotionRoughness(roughness));
                reconstruction.restore(state);
                reconstruction.run(
                        (epoch, loss, terms) -> {},
                        () -> stop.getAsBoolean()
                                || reconstruction.epoch() == epochs
                                || plan.reduction(reconstruction.epoch()) != reduction);
                state = reconstruction.state("");
            }
        }
        return state;
    }

    /** Root mean square by which a state, of any model of the measurement, misses the pixels that were held out. */
    double missed(TrainingState state) {
        try (Device.Scope scope = device.scope()) {
            ForwardModel judging = split(plan.reduction(state.epoch() - 1)).heldOut();
            Reconstruction reconstruction = new Reconstruction(device, judging, spec, plan.ofOneSize());
            reconstruction.restore(state);
            return Math.sqrt(reconstruction.dataTerm());
        }
    }

    private ForwardModel.Split split(int reduction) {
        return splits.computeIfAbsent(
                reduction,
                first -> reduced(model, reduction).split(HELD_OUT, plan.seed()).orElseThrow());
    }

    /** Reduced 2^reduction times, or as often as the model can. */
    private static ForwardModel reduced(ForwardModel full, int reduction) {
        return reduction == 0 ? full : full.reduced(1 << reduction).orElseGet(() -> reduced(full, reduction - 1));
    }
}
