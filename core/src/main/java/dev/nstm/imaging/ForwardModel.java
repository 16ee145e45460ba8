package dev.nstm.imaging;

import dev.nstm.autodiff.LossTerm;
import dev.nstm.autodiff.Node;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** A multi-shot imaging system together with what it measured. */
public interface ForwardModel {
    /** Number of shots measured. */
    int shots();

    /** Time of each shot, in [-1, 1]. */
    double[] times();

    /** Channels of the scene. */
    int channels();

    /** Physical value of 1 in a channel of the scene that is attached. */
    double channelUnit(int channel);

    /** Where the scene that is attached is sampled. */
    PixelGrid samples();

    /** Samples by which the scene's grid lies further along its first axis for a shot than {@link #samples} says; none by default. */
    default int shift(int shot) {
        return 0;
    }

    /** Samples of the scene along each spatial axis. */
    default Shape grid() {
        return samples().extents();
    }

    /**
     * The same measurement with pictures reduced by a factor along each axis, for the early part of the training, in
     * which only coarse features are sought; empty where the system has no such thing.
     */
    default Optional<ForwardModel> reduced(int factor) {
        return Optional.empty();
    }

    /** First values of what is adjustable about the instrument itself and may be trained beside scene and motion; none by default. */
    default float[] parameters() {
        return new float[0];
    }

    /**
     * Connects the model to a scene, {@code [channel, picture, pixel]}, whose picture b shows the moment of the shot
     * that {@link Batch#select} names.
     *
     * @param parameters those of the instrument, as many as {@link #parameters} has (of no meaning where it has none)
     */
    Batch attach(Device device, Node scene, Node parameters, int pictures);

    /** The comparison of several shots with the scene. */
    interface Batch {
        /** Told before a step how much of the training is done, 0 to 1; what is compared may depend on it. */
        default void progress(double done) {}

        /** Makes picture b be compared with this shot. */
        void select(int picture, int shot);

        /** Terms of the loss; the first is the data term. */
        List<LossTerm> terms();
    }
}
