package dev.nstm.training;

/**
 * Everything that a parameter group must remember to go on.
 *
 * @param updates Adam updates done
 * @param parameters flat parameters
 * @param firstMoment empty for a frozen group
 * @param secondMoment empty for a frozen group
 * @param pendingGradient gradient summed so far; empty unless it is summed over several steps
 */
public record GroupState(
        long updates, float[] parameters, float[] firstMoment, float[] secondMoment, float[] pendingGradient) {}
