package dev.nstm.training;

import static dev.nstm.tensor.InvalidInputException.require;

/**
 * Learning rate of one group of parameters over the steps of a run: initial * decayRate^(step / transitionSteps), not
 * below the floor; zero before the delay is over.
 *
 * @param initial learning rate at the first step; 0 freezes the group
 * @param decayRate factor over {@code transitionSteps} steps
 * @param transitionSteps steps over which the rate changes by {@code decayRate}
 * @param floor smallest rate
 * @param updateEvery steps whose gradients are summed before they are applied
 * @param delaySteps steps during which the rate is zero
 */
public record Schedule(
        double initial, double decayRate, double transitionSteps, double floor, int updateEvery, int delaySteps) {
    /** Parameters that stay as they are. */
    public static final Schedule FROZEN = new Schedule(0, 1, 1, 0, 1, 0);

    public Schedule {
        require(initial >= 0 && Double.isFinite(initial), "a learning rate cannot be negative, got %s", initial);
        require(decayRate > 0, "the decay rate must be positive, got %s", decayRate);
        require(transitionSteps > 0, "the number of transition steps must be positive, got %s", transitionSteps);
        require(floor >= 0, "the smallest learning rate cannot be negative, got %s", floor);
        require(updateEvery >= 1, "updateEvery must be at least 1, got %d", updateEvery);
        require(delaySteps >= 0, "the delay cannot be negative, got %d", delaySteps);
    }

    public boolean frozen() {
        return initial == 0;
    }

    /** @param step steps done before this one */
    public double rate(long step) {
        if (step < delaySteps) return 0;
        return Math.max(floor, initial * Math.pow(decayRate, step / transitionSteps));
    }

    /** The same course over so many times as many steps. */
    Schedule scaled(double factor) {
        return new Schedule(initial, decayRate, factor * transitionSteps, floor, updateEvery, (int)
                Math.round(factor * delaySteps));
    }
}
