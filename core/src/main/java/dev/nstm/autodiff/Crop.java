package dev.nstm.autodiff;

import dev.nstm.device.Device;

/** A block cut out of a volume. */
public final class Crop extends Node {
    private final Device device;
    private final Node input;
    private final int[] first;
    private final int[] size;
    private final int[] origin = new int[3];

    /**
     * @param input {@code [z, y, x]}
     * @param first first sample of the block along each axis
     * @param size samples of the block along each axis
     */
    public Crop(Device device, Node input, int[] first, int[] size) {
        super(device, size, input);
        this.device = device;
        this.input = input;
        this.first = first.clone();
        this.size = size.clone();
    }

    @Override
    protected void forward() {
        device.copyBlock(input.value(), first, value(), origin, size, false);
    }

    @Override
    protected void backward() {
        if (input.gradient() != null) device.copyBlock(gradient(), origin, input.gradient(), first, size, true);
    }
}
