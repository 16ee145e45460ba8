package dev.nstm.autodiff;

import dev.nstm.device.Device;

/** value[a][p] = grid[a][p] + scale[a] motion[a][p]: where the scene is looked up once it has moved. */
public final class DisplacedCoordinates extends Node {
    private final Device device;
    private final Node grid;
    private final Node motion;
    private final double[] scale;
    private final int points;

    /** @param scale displacement along each axis, in pixels, for a network output of 1 */
    public DisplacedCoordinates(Device device, Node grid, Node motion, double[] scale, int points) {
        super(device, new int[] {scale.length, points}, grid, motion);
        this.device = device;
        this.grid = grid;
        this.motion = motion;
        this.scale = scale.clone();
        this.points = points;
    }

    @Override
    protected void forward() {
        for (int axis = 0; axis < scale.length; axis++) {
            int first = axis * points;
            device.scaleAdd((float) scale[axis], motion.value(), first, grid.value(), first, value(), first, points);
        }
    }

    @Override
    protected void backward() {
        if (motion.gradient() == null) return;
        for (int axis = 0; axis < scale.length; axis++) {
            device.axpy((float) scale[axis], gradient(), axis * points, motion.gradient(), axis * points, points);
        }
    }
}
