package dev.nstm.field;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.ElementFunction;
import dev.nstm.device.NetworkLayout;
import java.util.Optional;

/**
 * A scene and its motion, as two networks.
 *
 * @param object network of the scene; its coordinates are the displaced position
 * @param motion network of the displacement; its coordinates are position and time
 * @param motionScale displacement in pixels along each axis for a motion network output of 1
 * @param annealing order in which the features of both networks open
 * @param output function of the scene network's outputs that makes the scene; none where the outputs are the scene
 */
public record FieldSpec(
        NetworkLayout object,
        NetworkLayout motion,
        double[] motionScale,
        Annealing annealing,
        Optional<ElementFunction> output) {
    /** A scene that is what its network puts out. */
    public FieldSpec(NetworkLayout object, NetworkLayout motion, double[] motionScale, Annealing annealing) {
        this(object, motion, motionScale, annealing, Optional.empty());
    }

    public FieldSpec {
        require(
                motion.outputs() == motionScale.length,
                "the motion network has %d outputs but there are %d axes",
                motion.outputs(),
                motionScale.length);
        require(
                object.axes() == motionScale.length,
                "the object network reads %d axes but there are %d",
                object.axes(),
                motionScale.length);
        require(
                motion.axes() == motionScale.length + 1,
                "the motion network reads %d axes but position and time are %d",
                motion.axes(),
                motionScale.length + 1);
    }

    /** Number of spatial axes. */
    public int axes() {
        return motionScale.length;
    }
}
