package dev.nstm.apps.instrument;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.training.Schedule;
import dev.nstm.training.TrainingPlan;
import java.util.Arrays;

/** Training plans as configured. */
public final class Training {
    private static final double MOTION_ROUGHNESS = 0.03;

    private Training() {}

    /** Steps in which all shots are compared once. */
    public static int stepsPerEpoch(Configuration c, int shots) {
        return Math.ceilDiv(shots, batch(c, shots));
    }

    /** The configuration with the steps of its decay filled in. */
    public static Configuration resolve(Configuration c, int shots) {
        return c.withDefault(Keys.TRAINING_DECAY_STEPS, (double) c.get(Keys.TRAINING_EPOCHS) * stepsPerEpoch(c, shots));
    }

    /**
     * @param c with {@link #resolve}d values
     * @param instrument schedule of the instrument's own parameters
     */
    public static TrainingPlan plan(Configuration c, int shots, Schedule instrument) {
        int epochs = c.get(Keys.TRAINING_EPOCHS);
        return new TrainingPlan(
                epochs,
                batch(c, shots),
                c.get(Keys.TRAINING_ANNEALED_FRACTION) * epochs,
                c.get(Keys.TRAINING_SEED),
                schedule(c, c.get(Keys.TRAINING_OBJECT_RATE), 0),
                schedule(c, c.get(Keys.TRAINING_MOTION_RATE), c.get(Keys.TRAINING_MOTION_DELAY)),
                instrument,
                Arrays.stream(c.get(Keys.TRAINING_COARSE_SHARES)).boxed().toList(),
                c.find(Keys.LOSS_MOTION_ROUGHNESS).orElse(MOTION_ROUGHNESS));
    }

    /**
     * A rate of 0 stays 0 whatever the smallest rate.
     *
     * @param delay steps during which the rate is zero
     */
    public static Schedule schedule(Configuration c, double rate, int delay) {
        return new Schedule(
                rate,
                c.get(Keys.TRAINING_DECAY_RATE),
                c.get(Keys.TRAINING_DECAY_STEPS),
                rate == 0 ? 0 : c.get(Keys.TRAINING_RATE_FLOOR),
                c.get(Keys.TRAINING_UPDATE_EVERY),
                delay);
    }

    private static int batch(Configuration c, int shots) {
        return Math.min(c.get(Keys.TRAINING_BATCH_SIZE), shots);
    }
}
