package dev.nstm.autodiff;

import dev.nstm.device.Device;

/** Mean of x^2 over a range of the input: keeps a channel from drifting where the measurement does not see it. */
public final class MeanSquare extends LossTerm {
    private final Device device;
    private final int first;
    private final int count;

    public MeanSquare(Device device, String name, Node input, double weight, int first, int count) {
        super(name, input, weight);
        this.device = device;
        this.first = first;
        this.count = count;
    }

    @Override
    protected void forward(Device.Sums sums, int index, double share) {
        sums.addSquares(index, share / count, input().value(), first, count);
    }

    @Override
    protected void backward(double share) {
        device.axpy((float) (2 * share * weight() / count), input().value(), first, input().gradient(), first, count);
    }
}
