package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.device.Device;
import dev.nstm.tensor.Tensor;

/**
 * Mean over the interior (a margin cut from each side of the last two axes) of the squared difference from a target.
 */
public final class InteriorSquaredError extends LossTerm {
    private final Device device;
    private final Tensor target;
    private final Tensor difference;
    private final int margin;
    private final double interior;

    /**
     * @param target what the input should be; may change between runs
     * @param margin pixels cut on each side
     */
    public InteriorSquaredError(Device device, String name, Node input, double weight, Tensor target, int margin) {
        super(name, input, weight);
        require(
                target.shape().equals(input.value().shape()),
                "%s: the shapes of target and values differ, %s and %s",
                name,
                target.shape(),
                input.value().shape());
        this.device = device;
        this.target = target;
        this.margin = margin;
        difference = device.allocate(input.value().shape().extents());
        int width = input.value().shape().extent(-1);
        int height = input.value().shape().extent(-2);
        interior = (double) input.value().count() / width / height * (width - 2 * margin) * (height - 2 * margin);
    }

    @Override
    protected void forward(Device.Sums sums, int index, double share) {
        device.interiorDifference(input().value(), target, margin, difference);
        sums.addSquares(index, share / interior, difference, 0, difference.count());
    }

    @Override
    protected void backward(double share) {
        device.axpy((float) (2 * share * weight() / interior), difference, input().gradient());
    }
}
