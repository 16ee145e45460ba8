package dev.nstm.training;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.List;

/**
 * How a field is fitted.
 *
 * @param epochs passes over all shots
 * @param batchSize shots compared per step
 * @param annealedEpochs epochs after which all features of the scene are open; 0 opens them at once
 * @param seed of the first parameters and the order of the shots
 * @param object schedule of the scene network
 * @param motion schedule of the motion network; frozen means that nothing moves
 * @param instrument schedule of the instrument's own parameters, where it has any
 * @param coarseShares shares of the epochs during which pictures of reduced size are compared, coarsest first: the last
 *     is for pictures reduced 2 times along each axis, the one before it 4 times, and so on; what is left of the epochs
 *     sees the pictures in full
 * @param motionRoughness weight of the motion's roughness in the loss (see {@link dev.nstm.autodiff.Roughness})
 */
public record TrainingPlan(
        int epochs,
        int batchSize,
        double annealedEpochs,
        long seed,
        Schedule object,
        Schedule motion,
        Schedule instrument,
        List<Double> coarseShares,
        double motionRoughness) {
    public TrainingPlan {
        coarseShares = List.copyOf(coarseShares);
        require(
                coarseShares.stream().allMatch(share -> share >= 0)
                        && coarseShares.stream().mapToDouble(share -> share).sum() <= 1 + 1e-9,
                "the shares of coarse epochs must be positive and not exceed 1 together, got %s",
                coarseShares);
        require(
                motionRoughness >= 0,
                "the weight of the motion's roughness cannot be negative, got %s",
                motionRoughness);
        require(epochs >= 1, "at least one epoch is needed, got %d", epochs);
        require(batchSize >= 1, "a batch needs at least one shot, got %d", batchSize);
        require(annealedEpochs >= 0, "annealedEpochs cannot be negative, got %s", annealedEpochs);
    }

    /**
     * What the nstm command does by default: batches of two shots, rates of 2e-2 (scene) and 5e-4 (motion) that fall to
     * a tenth, all features open after half of the epochs, motion roughness 0.03. Where a system can, pictures are
     * reduced to a quarter along each axis for the first 0.3 of the epochs, then to a half for 0.2 of them.
     *
     * @param shots of the system
     */
    public static TrainingPlan defaults(int epochs, int shots) {
        int batch = Math.min(2, shots);
        double steps = (double) epochs * Math.ceilDiv(shots, batch);
        return new TrainingPlan(
                epochs,
                batch,
                0.5 * epochs,
                1,
                new Schedule(2e-2, 0.1, steps, 0, 1, 0),
                new Schedule(5e-4, 0.1, steps, 0, 1, 0),
                Schedule.FROZEN,
                List.of(0.3, 0.2),
                0.03);
    }

    /** The same plan with another weight of the motion's roughness. */
    public TrainingPlan withMotionRoughness(double weight) {
        return new TrainingPlan(
                epochs, batchSize, annealedEpochs, seed, object, motion, instrument, coarseShares, weight);
    }

    /** The same plan with another seed. */
    TrainingPlan withSeed(long other) {
        return new TrainingPlan(
                epochs, batchSize, annealedEpochs, other, object, motion, instrument, coarseShares, motionRoughness);
    }

    /**
     * The same course in fewer epochs, all of which see reduced pictures: rates fall and features open as far as in the
     * whole plan.
     */
    TrainingPlan shortened(int shorter) {
        double factor = (double) shorter / epochs;
        double reduced = coarseShares.stream().mapToDouble(share -> share).sum();
        return new TrainingPlan(
                shorter,
                batchSize,
                factor * annealedEpochs,
                seed,
                object.scaled(factor),
                motion.scaled(factor),
                instrument.scaled(factor),
                coarseShares.stream().map(share -> share / reduced).toList(),
                motionRoughness);
    }

    /** The same plan without reduced pictures. */
    TrainingPlan ofOneSize() {
        return new TrainingPlan(
                epochs, batchSize, annealedEpochs, seed, object, motion, instrument, List.of(), motionRoughness);
    }

    /** Binary logarithm of the reduction of the pictures in an epoch, counted from 0. */
    public int reduction(int epoch) {
        double share = 0;
        for (int i = 0; i < coarseShares.size(); i++) {
            share += coarseShares.get(i);
            if (epoch < share * epochs) return coarseShares.size() - i;
        }
        return 0;
    }
}
