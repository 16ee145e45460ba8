package dev.nstm.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.optics.Grid2D;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class ResidualStatisticsTest {
    private static final int HEIGHT = 97;
    private static final int WIDTH = 130;

    private final SplittableRandom random = Seeds.random();

    private static Grid2D picture(IntToDoubleFunction value) {
        Grid2D picture = new Grid2D(HEIGHT, WIDTH);
        for (int i = 0; i < picture.values().length; i++) picture.values()[i] = value.applyAsDouble(i);
        return picture;
    }

    private Grid2D noise(double deviation) {
        return picture(i -> deviation * random.nextGaussian());
    }

    private static ResidualStatistics of(Grid2D left) {
        return ResidualStatistics.of(List.of(picture(i -> i % 2)), List.of(left));
    }

    @Test
    void whiteNoiseIsNothingButNoise() {
        ResidualStatistics figures = of(noise(0.3));
        assertEquals(0.5, figures.signal(), 1e-9);
        assertEquals(0.3, figures.rest(), 0.012);
        assertEquals(0.3, figures.inside(), 0.012);
        assertEquals(1, figures.rest() / figures.noise(), 0.04);
        assertEquals(0, figures.correlation(), 0.04);
        assertEquals(10.0 / HEIGHT / WIDTH, figures.slow(), 0.004);
    }

    @Test
    void whatVariesSlowlyIsMoreThanNoise() {
        Grid2D noise = noise(0.1);
        ResidualStatistics figures =
                of(picture(i -> noise.values()[i] + 0.3 * Math.sin(Math.PI * (i % WIDTH) / WIDTH)));
        assertEquals(0.1, figures.noise(), 0.006);
        assertEquals(Math.hypot(0.1, 0.3 / Math.sqrt(2)), figures.rest(), 0.006);
        assertTrue(figures.slow() > 0.7 && figures.correlation() > 0.7, figures.toString());
    }

    /** A pattern of eight pixels a period is neither noise nor slow. */
    @Test
    void detailsAreNeitherNoiseNorSlow() {
        Grid2D noise = noise(0.1);
        ResidualStatistics figures =
                of(picture(i -> noise.values()[i] + 0.3 * Math.sin(2 * Math.PI * (i % WIDTH) / 8)));
        assertTrue(figures.rest() > 1.8 * figures.noise(), figures.toString());
        assertTrue(figures.slow() < 0.05 && figures.correlation() > 0.5, figures.toString());
    }

    @Test
    void whatIsLeftAtTheBordersIsNotInside() {
        Grid2D noise = noise(0.1);
        ResidualStatistics figures = of(picture(i -> noise.values()[i] + (i % WIDTH < 9 ? 0.5 : 0)));
        assertEquals(0.1, figures.inside(), 0.004);
        assertEquals(Math.sqrt(0.01 + 0.25 * 9 / WIDTH), figures.rest(), 0.012);
    }

    @Test
    void planesCountTogether() {
        Grid2D first = noise(1);
        Grid2D second = noise(2);
        ResidualStatistics both =
                ResidualStatistics.of(List.of(picture(i -> 1), picture(i -> 3)), List.of(first, second));
        assertEquals(1, both.signal(), 1e-9);
        assertEquals(
                (Math.pow(of(first).rest(), 2) + Math.pow(of(second).rest(), 2)) / 2, Math.pow(both.rest(), 2), 1e-9);
    }
}
