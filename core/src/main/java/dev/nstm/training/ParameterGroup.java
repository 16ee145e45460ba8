package dev.nstm.training;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.autodiff.Leaf;
import dev.nstm.device.Device;
import dev.nstm.tensor.Tensor;
import java.util.Arrays;

/** Parameters that share a schedule, with the state of Adam (b1 0.9, b2 0.99, epsilon 1e-15). */
final class ParameterGroup {
    private static final double B1 = 0.9;
    private static final double B2 = 0.99;
    private static final float EPSILON = 1e-15f;

    private final Device device;
    private final Schedule schedule;
    private final Tensor parameters;
    private final Tensor gradient;
    private final Tensor firstMoment;
    private final Tensor secondMoment;
    private final Leaf leaf;
    private long updates;

    ParameterGroup(Device device, Schedule schedule, float[] initial) {
        this.device = device;
        this.schedule = schedule;
        parameters = device.allocate(initial.length);
        device.write(parameters, initial);
        gradient = schedule.frozen() ? null : device.allocate(initial.length);
        firstMoment = schedule.frozen() ? null : device.allocate(initial.length);
        secondMoment = schedule.frozen() ? null : device.allocate(initial.length);
        leaf = schedule.frozen() ? Leaf.constant(parameters) : Leaf.parameter(parameters, gradient);
    }

    Leaf leaf() {
        return leaf;
    }

    /** Clears the gradient unless it is being summed over several steps. */
    void beginStep(long step) {
        if (gradient != null && step % schedule.updateEvery() == 0) device.fill(gradient, 0);
    }

    /** Applies the gradient at the end of a step if it is this group's turn. */
    void endStep(long step) {
        if (gradient == null || (step + 1) % schedule.updateEvery() != 0) return;
        updates++;
        device.adam(
                parameters,
                gradient,
                firstMoment,
                secondMoment,
                (float) schedule.rate(step),
                (float) B1,
                (float) B2,
                EPSILON,
                (float) (1 - Math.pow(B1, updates)),
                (float) (1 - Math.pow(B2, updates)));
    }

    GroupState state() {
        float[] none = new float[0];
        return new GroupState(
                updates,
                device.read(parameters),
                gradient == null ? none : device.read(firstMoment),
                gradient == null ? none : device.read(secondMoment),
                gradient == null || schedule.updateEvery() == 1 ? none : device.read(gradient));
    }

    void restore(GroupState state) {
        int[] lengths = {state.parameters().length, state.firstMoment().length, state.secondMoment().length};
        int count = parameters.count();
        int kept = gradient == null ? 0 : count;
        require(
                Arrays.equals(lengths, new int[] {count, kept, kept})
                        && (state.pendingGradient().length == 0 || state.pendingGradient().length == count),
                "the checkpoint holds networks of another size");
        updates = state.updates();
        device.write(parameters, state.parameters());
        if (gradient == null) return;
        device.write(firstMoment, state.firstMoment());
        device.write(secondMoment, state.secondMoment());
        if (state.pendingGradient().length > 0) device.write(gradient, state.pendingGradient());
    }
}
