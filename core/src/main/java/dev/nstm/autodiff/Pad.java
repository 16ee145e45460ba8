package dev.nstm.autodiff;

import dev.nstm.device.Device;

/** A block set into a volume of zeros. */
final class Pad extends Node {
    private final Device device;
    private final Node input;
    private final int[] first;
    private final int[] size;
    private final int[] origin = new int[3];

    /**
     * @param input {@code [z, y, x]}
     * @param first where its first sample comes to lie
     * @param size of the volume
     */
    Pad(Device device, Node input, int[] first, int[] size) {
        super(device, size, input);
        this.device = device;
        this.input = input;
        this.first = first.clone();
        this.size = input.value().shape().extents();
    }

    @Override
    protected void forward() {
        device.copyBlock(input.value(), origin, value(), first, size, false);
    }

    @Override
    protected void backward() {
        if (input.gradient() != null) device.copyBlock(gradient(), first, input.gradient(), origin, size, true);
    }
}
