package dev.nstm.imaging;

import dev.nstm.autodiff.LossTerm;
import dev.nstm.autodiff.Node;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A multi-shot imaging system together with what it measured. */
public interface ForwardModel {
    /** Number of shots measured. */
    int shots();

    /**
     * Times in [-1, 1] at which a shot sees the scene: one, or several that it sums over; the same number for every
     * shot.
     */
    double[] moments(int shot);

    /** Channels of the scene. */
    int channels();

    /** What a channel of the scene is called. */
    default String channelName(int channel) {
        return "channel " + (channel + 1);
    }

    /** Physical value of 1 in a channel of the scene that is attached. */
    double channelUnit(int channel);

    /** Where the scene that is attached is sampled. */
    PixelGrid samples();

    /**
     * Samples by which the scene's grid is shifted along its first axis for a shot, relative to {@link #samples}; 0 by
     * default.
     */
    default int shift(int shot) {
        return 0;
    }

    /**
     * Whether every moment shows the whole scene, so that how all of it moves is known at every moment: then a motion
     * of the whole costs nothing. False by default.
     */
    default boolean showsAllAtOnce() {
        return false;
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

    /**
     * One measurement as two: of one part of the pixels the scene is learned, the other tells how well they are
     * foretold.
     *
     * @param learned whose data term counts most pixels
     * @param heldOut whose data term counts the others, and nothing but the plain difference
     */
    record Split(ForwardModel learned, ForwardModel heldOut) {}

    /**
     * Holds out pixels for judging; empty where the system cannot.
     *
     * @param share of the pixels that is held out
     * @param seed of the choice
     */
    default Optional<Split> split(double share, long seed) {
        return Optional.empty();
    }

    /**
     * The same measurement compared as it was recorded, without filters that only help to learn; this one by default.
     */
    default ForwardModel plain() {
        return this;
    }

    /**
     * First values of what is adjustable about the instrument itself and may be trained beside scene and motion; none
     * by default.
     */
    default float[] parameters() {
        return new float[0];
    }

    /**
     * Connects the model to a scene, {@code [channel, moment, pixel]}, which shows the moments of the shot that
     * {@link Comparison#select} names.
     *
     * @param parameters those of the instrument, as many as {@link #parameters} has (of no meaning where it has none)
     */
    Comparison attach(Device device, Node scene, Node parameters);

    /**
     * A shot and what the model leaves of it.
     *
     * @param measured {@code [.., row, column]}
     * @param difference of the model from it, zero where nothing is compared; in the same order
     */
    record Residual(Tensor measured, Tensor difference) {}

    /** The comparison of one shot after another with the scene. */
    interface Comparison {
        /** Told before a step how much of the training is done, 0 to 1; what is compared may depend on it. */
        default void progress(double done) {}

        /** Makes the scene be compared with this shot. */
        void select(int shot);

        /**
         * What decides, besides the shot itself, how a shot is compared: whenever a shot is selected under the same
         * variant number, the same operations are done with the same numbers, so that a device may record them. Empty
         * where this is not guaranteed.
         */
        default OptionalInt variant() {
            return OptionalInt.empty();
        }

        /** Terms of the loss; the first is the data term. */
        List<LossTerm> terms();

        /** What the model leaves of the shot that was compared last; empty where the system does not tell. */
        default Optional<Residual> residual() {
            return Optional.empty();
        }
    }
}
