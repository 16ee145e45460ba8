package dev.nstm.simulate;

import dev.nstm.optics.Grid2D;
import java.util.ArrayList;
import java.util.List;

/** A coloured bar with a disc at one end; by itself it falls ever faster and turns while it falls. */
public final class FallingObject {
    private static final int SAMPLES = 3;
    private static final double TILT = 0.5;

    private final int height;
    private final int width;
    private final Motion motion;

    /**
     * @param fall rows between its places at times -1 and 1
     * @param turn angle between these times, radians
     */
    public FallingObject(int height, int width, double fall, double turn) {
        this(height, width, (y, x, time) -> falling(height, width, fall, turn, y, x, time));
    }

    /** An object that moves as it is told. */
    public FallingObject(int height, int width, Motion motion) {
        this.height = height;
        this.width = width;
        this.motion = motion;
    }

    private static double[] falling(int height, int width, double fall, double turn, double y, double x, double time) {
        double s = (time + 1) / 2;
        double dy = y - (0.5 * height - 0.5 * fall + fall * (0.4 * s + 0.6 * s * s));
        double dx = x - (0.5 * width + 0.08 * width * (s - 0.5));
        double angle = turn * (s - 0.5);
        return new double[] {
            Math.cos(angle) * dy - Math.sin(angle) * dx + 0.5 * height - y,
            Math.cos(angle) * dx + Math.sin(angle) * dy + 0.5 * width - x
        };
    }

    public Motion motion() {
        return motion;
    }

    /** Red, green and blue, averaged over each pixel. */
    public List<Grid2D> at(double time) {
        List<Grid2D> colours = new ArrayList<>();
        for (int c = 0; c < 3; c++) colours.add(new Grid2D(height, width));
        for (int i = 0; i < height * width; i++) {
            for (int s = 0; s < SAMPLES * SAMPLES; s++) {
                double y = i / width + (s / SAMPLES + 0.5) / SAMPLES - 0.5;
                double x = i % width + (s % SAMPLES + 0.5) / SAMPLES - 0.5;
                double[] shift = motion.at(y, x, time);
                double[] colour = rest(y + shift[0] - 0.5 * height, x + shift[1] - 0.5 * width);
                for (int c = 0; c < 3; c++) colours.get(c).values()[i] += colour[c] / (SAMPLES * SAMPLES);
            }
        }
        return colours;
    }

    /** In pixels from the middle of the field. */
    private double[] rest(double y, double x) {
        double along = Math.cos(TILT) * x + Math.sin(TILT) * y;
        double across = Math.cos(TILT) * y - Math.sin(TILT) * x;
        double size = 0.11 * Math.min(height, width);
        if (Math.hypot(along - 1.1 * size, across) < size) return new double[] {0.95, 0.85, 0.2};
        if (Math.abs(across) < 0.35 * size && along < 0.4 * size && along > -2.2 * size)
            return along < -1.3 * size ? new double[] {0.9, 0.15, 0.1} : new double[] {0.15, 0.45, 0.9};
        return new double[3];
    }
}
