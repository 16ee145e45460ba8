package dev.nstm.simulate;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.SplittableRandom;

/**
 * What a camera adds to what it sees.
 *
 * @param photons counted where the value is 1; 0 for light without grain
 * @param gaussian standard deviation of the read noise, in the unit of the values
 * @param hotPixels share of pixels that are stuck at the brightest value
 */
public record CameraNoise(double photons, double gaussian, double hotPixels) {
    private static final double NORMAL_FROM = 30;

    public CameraNoise {
        require(
                photons >= 0 && gaussian >= 0,
                "photons and noise cannot be negative, got %s and %s",
                photons,
                gaussian);
        require(hotPixels >= 0 && hotPixels <= 1, "the share of hot pixels lies between 0 and 1, got %s", hotPixels);
    }

    /**
     * Adds the noise in place.
     *
     * @param brightest value of hot pixels
     * @param hot where hot pixels lie; a source of the same seed for every picture keeps them in place
     */
    public void addTo(double[] values, double brightest, SplittableRandom random, SplittableRandom hot) {
        for (int i = 0; i < values.length; i++) {
            if (photons > 0) values[i] = poisson(Math.max(0, values[i]) * photons, random) / photons;
            if (gaussian > 0) values[i] += gaussian * random.nextGaussian();
            if (hotPixels > 0 && hot.nextDouble() < hotPixels) values[i] = brightest;
        }
    }

    static double poisson(double mean, SplittableRandom random) {
        if (mean > NORMAL_FROM) return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
        double limit = Math.exp(-mean);
        int count = 0;
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) count++;
        return count;
    }
}
