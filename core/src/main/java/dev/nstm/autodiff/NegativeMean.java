package dev.nstm.autodiff;

import dev.nstm.device.Device;

/** Mean of max(-x, 0) over the input: discourages negative values. */
public final class NegativeMean extends LossTerm {
    private final Device device;
    private final int count;

    public NegativeMean(Device device, String name, Node input, double weight) {
        super(name, input, weight);
        this.device = device;
        count = input.value().count();
    }

    @Override
    protected void forward(Device.Sums sums, int index, double share) {
        sums.addNegatives(index, share / count, input().value(), 0, count);
    }

    @Override
    protected void backward(double share) {
        device.addWhereNegative((float) (-share * weight() / count), input().value(), 0, input().gradient(), 0, count);
    }
}
