package dev.nstm.apps.command;

import dev.nstm.training.TrainingPlan;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How long a training will still take: every resolution of the pictures has its own cost, measured where it has been trained
 * or tried; nothing is said before all that are still to come are known.
 */
final class TimeLeft {
    /** Share of the newest epoch in the mean: the first ones are slow, since Java has not compiled the kernels yet. */
    private static final double NEWEST = 0.3;

    private final TrainingPlan plan;
    /** Seconds of an epoch by binary logarithm of the reduction; NaN where unknown. */
    private final double[] costs;

    TimeLeft(TrainingPlan plan) {
        this.plan = plan;
        costs = new double[plan.coarseShares().size() + 1];
        Arrays.fill(costs, Double.NaN);
    }

    /** @param epoch counted from 0 */
    void trained(int epoch, double seconds) {
        int reduction = plan.reduction(epoch);
        costs[reduction] = Double.isNaN(costs[reduction]) ? seconds : costs[reduction] + NEWEST * (seconds - costs[reduction]);
    }

    /** @param seconds that an epoch of pictures reduced 2^reduction times would take */
    void tried(int reduction, double seconds) {
        costs[reduction] = seconds;
    }

    /** Reductions whose cost is not known yet, of the epochs still to come. */
    int[] unknown(int epochsDone) {
        boolean[] needed = new boolean[costs.length];
        for (int epoch = epochsDone; epoch < plan.epochs(); epoch++) needed[plan.reduction(epoch)] = true;
        int[] unknown = new int[costs.length];
        int count = 0;
        for (int reduction = 0; reduction < costs.length; reduction++) if (needed[reduction] && Double.isNaN(costs[reduction])) unknown[count++] = reduction;
        return Arrays.copyOf(unknown, count);
    }

    /** Empty while something still to come is unknown. */
    OptionalDouble seconds(int epochsDone) {
        double sum = 0;
        for (int epoch = epochsDone; epoch < plan.epochs(); epoch++) sum += costs[plan.reduction(epoch)];
        return Double.isNaN(sum) ? OptionalDouble.empty() : OptionalDouble.of(sum);
    }
}
