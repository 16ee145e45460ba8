package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.GaussianBlur;
import dev.nstm.optics.Grid2D;
import java.util.Arrays;
import java.util.List;

/** Brings raw pictures to their relative deviation from the background. */
public final class Background {
    /** Counts may be negative where an offset was subtracted; deviations are negative in about half of the pixels. */
    private static final double NEGATIVE_SHARE = 0.01;

    private Background() {}

    /** I / mean(I) - 1. */
    public static Grid2D divideByMean(Grid2D image) {
        double mean = image.sum() / image.values().length;
        require(mean > 0, "the picture's mean is %s; a bright field is needed to divide by it", mean);
        Grid2D result = new Grid2D(image.height(), image.width());
        for (int i = 0; i < result.values().length; i++) result.values()[i] = image.values()[i] / mean - 1;
        return result;
    }

    /** I / blur(I) - 1, the blur being Gaussian with mirrored borders. */
    public static Grid2D divideByBlur(Grid2D image, double standardDeviation) {
        return divide(image, GaussianBlur.of(image, standardDeviation), "blurred background");
    }

    /**
     * I / S - 1.
     *
     * @param surface smooth light under the picture (see {@link SmoothSurface})
     */
    public static Grid2D divideBySurface(Grid2D image, Grid2D surface) {
        return divide(image, surface, "smooth background");
    }

    /**
     * I / I0 - 1 for a picture I0 of the empty field; brought to one brightness with it, since lamps drift.
     *
     * @param empty of the same size, positive everywhere
     */
    public static Grid2D divideByField(Grid2D image, Grid2D empty) {
        Grid2D ratio = divide(image, empty, "empty field");
        for (int i = 0; i < ratio.values().length; i++) ratio.values()[i] += 1;
        return divideBySurface(ratio, SmoothSurface.of(ratio, 0));
    }

    /**
     * Whether pictures are counts of a camera rather than deviations from a background: as good as no pixel is
     * negative.
     */
    public static boolean isCounts(List<Grid2D> images) {
        long negative = images.stream()
                .flatMapToDouble(image -> Arrays.stream(image.values()))
                .filter(value -> value < 0)
                .count();
        long all = images.stream().mapToLong(image -> image.values().length).sum();
        return negative < NEGATIVE_SHARE * all;
    }

    private static Grid2D divide(Grid2D image, Grid2D background, String name) {
        Grid2D result = new Grid2D(image.height(), image.width());
        for (int i = 0; i < result.values().length; i++) {
            require(
                    background.values()[i] > 0,
                    "the %s is %s at row %d, column %d; a bright field is needed to divide by it",
                    name,
                    background.values()[i],
                    i / image.width(),
                    i % image.width());
            result.values()[i] = image.values()[i] / background.values()[i] - 1;
        }
        return result;
    }
}
