package dev.nstm.simulate;

import dev.nstm.optics.Grid2D;
import java.util.SplittableRandom;

/** A test object that moves. */
public final class MovingPhantom {
    private static final int SAMPLES = 3;

    private final Phantom phantom;
    private final Motion motion;
    private final int height;
    private final int width;
    private final double[][] parts;

    /** @param seed of what is random about the phantom */
    public MovingPhantom(Phantom phantom, Motion motion, int height, int width, long seed) {
        this.phantom = phantom;
        this.motion = motion;
        this.height = height;
        this.width = width;
        parts = phantom.parts(new SplittableRandom(seed));
    }

    public Motion motion() {
        return motion;
    }

    /** Brightness at a time, averaged over each pixel. */
    public Grid2D at(double time) {
        Grid2D picture = new Grid2D(height, width);
        double half = 0.5 * Math.min(height, width);
        for (int i = 0; i < height * width; i++) {
            double sum = 0;
            for (int s = 0; s < SAMPLES * SAMPLES; s++) {
                double y = i / width + (s / SAMPLES + 0.5) / SAMPLES - 0.5;
                double x = i % width + (s % SAMPLES + 0.5) / SAMPLES - 0.5;
                double[] shift = motion.at(y, x, time);
                sum += phantom.brightness(
                        (y + shift[0] - 0.5 * (height - 1)) / half, (x + shift[1] - 0.5 * (width - 1)) / half, parts);
            }
            picture.values()[i] = sum / (SAMPLES * SAMPLES);
        }
        return picture;
    }
}
