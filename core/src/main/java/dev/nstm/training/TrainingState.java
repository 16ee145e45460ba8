package dev.nstm.training;

/**
 * A reconstruction between two epochs; going on from it gives the same bits as never having stopped.
 *
 * @param fingerprint of configuration and data; a state fits only the run it came from
 * @param epoch epochs done
 * @param step steps done
 * @param object scene network
 * @param motion motion network
 * @param instrument the instrument's own parameters
 * @param losses loss of every epoch done
 */
public record TrainingState(
        String fingerprint,
        int epoch,
        long step,
        GroupState object,
        GroupState motion,
        GroupState instrument,
        double[] losses) {}
