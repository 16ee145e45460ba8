package dev.nstm.autodiff;

import dev.nstm.device.Device;
import dev.nstm.tensor.Tensor;

/** Mean of max(-x, 0)^2 over a range of the input: discourages negative values. */
public final class NegativeMeanSquare extends LossTerm {
    private final Device device;
    private final Tensor negative;
    private final int first;
    private final int count;

    public NegativeMeanSquare(Device device, String name, Node input, double weight, int first, int count) {
        super(name, input, weight);
        this.device = device;
        this.first = first;
        this.count = count;
        negative = device.allocate(count);
    }

    @Override
    protected void forward(Device.Sums sums, int index, double share) {
        device.negativePart(input().value(), first, negative, 0, count);
        sums.addSquares(index, share / count, negative, 0, count);
    }

    @Override
    protected void backward(double share) {
        device.axpy((float) (2 * share * weight() / count), negative, 0, input().gradient(), first, count);
    }
}
