package dev.nstm.training;

import static dev.nstm.tensor.InvalidInputException.require;

/**
 * How a field is fitted.
 *
 * @param epochs passes over all shots
 * @param batchSize shots compared per step
 * @param annealedEpochs epochs after which all features of the scene are open; 0 opens them at once
 * @param seed of the first parameters and the order of the shots
 * @param object schedule of the scene network
 * @param motion schedule of the motion network; frozen means that nothing moves
 */
public record TrainingPlan(int epochs, int batchSize, double annealedEpochs, long seed, Schedule object, Schedule motion) {
    public TrainingPlan {
        require(epochs >= 1, "at least one epoch is needed, got %d", epochs);
        require(batchSize >= 1, "a batch needs at least one shot, got %d", batchSize);
        require(annealedEpochs >= 0, "annealedEpochs cannot be negative, got %s", annealedEpochs);
    }
}
