package dev.nstm.imaging;

import dev.nstm.tensor.InvalidInputException;

/**
 * An imaging system of one's own, found by {@link java.util.ServiceLoader}: the configuration's {@code system} names it.
 * Scenes are pictures.
 */
public interface ImagingSystem {
    /** As the configuration names it. */
    String name();

    /**
     * The forward model of a recording.
     *
     * @throws InvalidInputException where the recording does not fit; one line for the user
     */
    ForwardModel open(Recording recording, Settings settings);

    /**
     * A recording of a scene that the system makes up, for those who want to try it.
     *
     * @throws InvalidInputException if the system cannot
     */
    default Recording simulate(Settings settings, long seed) {
        throw new InvalidInputException("the system " + name() + " cannot simulate recordings");
    }
}
