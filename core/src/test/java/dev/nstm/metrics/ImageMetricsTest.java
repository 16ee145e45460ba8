package dev.nstm.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.optics.Grid2D;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ImageMetricsTest {
    private final SplittableRandom random = Seeds.random();

    private Grid2D noise(int height, int width, double size) {
        Grid2D noise = new Grid2D(height, width);
        for (int i = 0; i < noise.values().length; i++) noise.values()[i] = size * random.nextGaussian();
        return noise;
    }

    private static Grid2D sum(Grid2D a, Grid2D b) {
        Grid2D sum = new Grid2D(a.height(), a.width());
        for (int i = 0; i < sum.values().length; i++) sum.values()[i] = a.values()[i] + b.values()[i];
        return sum;
    }

    /** A surface that is open changes nothing; one of third degree does, as does any where only an offset is open. */
    @Test
    void aSurfaceOfSecondDegreeIsFree() {
        int height = 23;
        int width = 31;
        Grid2D truth = noise(height, width, 1);
        Grid2D picture = sum(truth, noise(height, width, 0.1));
        Grid2D surface = new Grid2D(height, width);
        double[] c = random.doubles(6).toArray();
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                surface.values()[y * width + x] =
                        1 + c[0] + c[1] * y + c[2] * x + (c[3] * y * y + c[4] * x * y + c[5] * x * x) / 10;
        double expected = ImageMetrics.psnr(picture, truth, 3, ImageMetrics.Freedom.SURFACE);
        assertEquals(expected, ImageMetrics.psnr(sum(picture, surface), truth, 3, ImageMetrics.Freedom.SURFACE), 1e-6);
        // Six of 425 pixels' freedom is taken from the noise.
        assertEquals(ImageMetrics.psnr(picture, truth, 3, ImageMetrics.Freedom.OFFSET), expected, 0.4);
        assertTrue(ImageMetrics.psnr(sum(picture, surface), truth, 3, ImageMetrics.Freedom.OFFSET) < expected - 20);
        Grid2D cubic = new Grid2D(height, width);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) cubic.values()[y * width + x] = Math.pow((x - width / 2.0) / 4, 3);
        assertTrue(ImageMetrics.psnr(sum(picture, cubic), truth, 3, ImageMetrics.Freedom.SURFACE) < expected - 20);
    }
}
