package dev.nstm.apps.command;

import dev.nstm.training.TrainingPlan;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * How long a training will still take. Every resolution of the pictures has its own cost, measured once it has been
 * trained or tried. There is no estimate until the costs of all resolutions still to come are known.
 */
final class TimeLeft {
    /**
     * Weight of the newest epoch in the running mean, so that the first epochs lose weight: they are slow, since Java
     * has not compiled the kernels yet.
     */
    private static final double NEWEST = 0.3;

    private final TrainingPlan plan;
    /** Seconds of an epoch by binary logarithm of the reduction; NaN where unknown. */
    private final double[] costs;
    /** Epochs of each reduction, which come one after the other, the coarsest first. */
    private final int[] epochs;

    TimeLeft(TrainingPlan plan) {
        this.plan = plan;
        costs = new double[plan.coarseShares().size() + 1];
        Arrays.fill(costs, Double.NaN);
        epochs = new int[costs.length];
        for (int epoch = 0; epoch < plan.epochs(); epoch++) epochs[plan.reduction(epoch)]++;
    }

    /** @param epoch counted from 0 */
    void trained(int epoch, double seconds) {
        int reduction = plan.reduction(epoch);
        costs[reduction] =
                Double.isNaN(costs[reduction]) ? seconds : costs[reduction] + NEWEST * (seconds - costs[reduction]);
    }

    /** @param seconds that an epoch of pictures reduced 2^reduction times would take */
    void tried(int reduction, double seconds) {
        costs[reduction] = seconds;
    }

    /** Epochs of a reduction that are still to come. */
    private int remaining(int reduction, int epochsDone) {
        int before = 0;
        for (int coarser = costs.length - 1; coarser > reduction; coarser--) before += epochs[coarser];
        return Math.clamp(before + epochs[reduction] - epochsDone, 0, epochs[reduction]);
    }

    /** Reductions whose cost is not known yet, of the epochs still to come. */
    int[] unknown(int epochsDone) {
        return IntStream.range(0, costs.length)
                .filter(reduction -> remaining(reduction, epochsDone) > 0 && Double.isNaN(costs[reduction]))
                .toArray();
    }

    /** Empty while something still to come is unknown. */
    OptionalDouble seconds(int epochsDone) {
        double sum = 0;
        for (int reduction = 0; reduction < costs.length; reduction++) {
            int remaining = remaining(reduction, epochsDone);
            if (remaining > 0) sum += remaining * costs[reduction];
        }
        return Double.isNaN(sum) ? OptionalDouble.empty() : OptionalDouble.of(sum);
    }
}
