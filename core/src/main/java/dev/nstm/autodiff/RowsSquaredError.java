package dev.nstm.autodiff;

import dev.nstm.device.Device;
import dev.nstm.tensor.Tensor;

/** Squared difference from a target, summed over some rows only and divided by the number of all pixels. */
public final class RowsSquaredError extends LossTerm {
    private final Device device;
    private final Tensor target;
    private final Tensor difference;
    private final int channels;
    private final int width;
    private final int pixels;
    private int[] compared = new int[0];

    /**
     * @param input {@code [channel, y, x]}
     * @param target what the input should be
     */
    public RowsSquaredError(Device device, String name, Node input, double weight, Tensor target) {
        super(name, input, weight);
        this.device = device;
        this.target = target;
        int[] extents = input.value().shape().extents();
        difference = device.allocate(extents);
        channels = extents[0];
        width = extents[2];
        pixels = extents[1] * width;
    }

    /** @param runs of rows that are compared: first row and number, one after another */
    public void compare(int[] runs) {
        compared = runs;
    }

    @Override
    protected void forward(Device.Sums sums, int index, double share) {
        device.fill(difference, 0);
        for (int channel = 0; channel < channels; channel++) {
            for (int run = 0; run < compared.length; run += 2) {
                int first = channel * pixels + compared[run] * width;
                device.scaleAdd(
                        -1, target, first, input().value(), first, difference, first, compared[run + 1] * width);
            }
        }
        sums.addSquares(index, share / difference.count(), difference, 0, difference.count());
    }

    @Override
    protected void backward(double share) {
        device.axpy((float) (2 * share * weight() / difference.count()), difference, input().gradient());
    }
}
