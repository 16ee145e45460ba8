package dev.nstm.imaging;

import dev.nstm.tensor.InvalidInputException;
import java.util.Optional;

/**
 * An imaging system of one's own, found by {@link java.util.ServiceLoader}: the configuration's {@code system} names
 * it. Scenes are pictures.
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
     * What is seen without the model, where there is such a thing, for comparison: a scene that does not move, in
     * physical units, {@code [channel, row, column]}.
     */
    default Optional<Recording.Array> conventional(Recording recording, Settings settings) {
        return Optional.empty();
    }

    /**
     * A recording of an invented scene, for those who want to try the system. Its array {@code scene}, {@code [time,
     * row, column, channel]}, is the truth that reconstructions are compared with: the scene at all moments of the
     * shots, each moment once, earliest first.
     *
     * @throws InvalidInputException if the system cannot
     */
    default Recording simulate(Settings settings, long seed) {
        throw new InvalidInputException("the system " + name() + " cannot simulate recordings");
    }
}
