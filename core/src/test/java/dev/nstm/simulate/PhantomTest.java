package dev.nstm.simulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.HotPixels;
import dev.nstm.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PhantomTest {
    private static final double[] NONE = {};
    private static final int HEIGHT = 61;
    private static final int WIDTH = 81;
    private final SplittableRandom random = Seeds.random();

    private static ScriptedMotion motion(
            double[] rows,
            double[] columns,
            double[] rotation,
            double[] scaling,
            double[] shear,
            double[] swirl,
            double[] bending) {
        return new ScriptedMotion(
                HEIGHT,
                WIDTH,
                new ScriptedMotion.Keyframes(
                        new double[] {-1, 1}, rows, columns, rotation, scaling, shear, swirl, bending, 0, 1));
    }

    private void lookedUp(ScriptedMotion motion, double y, double x, double time, double restY, double restX) {
        double[] shift = motion.at(y, x, time);
        assertArrayEquals(new double[] {restY, restX}, new double[] {y + shift[0], x + shift[1]}, 1e-9);
    }

    @Test
    void whatIsShiftedTurnedScaledOrShearedIsLookedUpWhereItCameFrom() {
        lookedUp(motion(new double[] {0, 6}, new double[] {0, -4}, NONE, NONE, NONE, NONE, NONE), 20, 30, 0, 17, 32);
        // A quarter turn counter-clockwise brings what was right of the middle (30, 40) above it.
        lookedUp(motion(NONE, NONE, new double[] {0, 90}, NONE, NONE, NONE, NONE), 20, 40, 1, 30, 50);
        lookedUp(motion(NONE, NONE, NONE, new double[] {1, 2}, NONE, NONE, NONE), 30, 60, 1, 30, 50);
        lookedUp(motion(NONE, NONE, NONE, NONE, new double[] {0, 0.5}, NONE, NONE), 40, 45, 1, 40, 40);
        lookedUp(motion(NONE, NONE, NONE, NONE, NONE, new double[] {0, 90}, NONE), 30, 40, 1, 30, 40);
        for (double[] corner : new double[][] {{0, 0}, {60, 80}}) {
            double[] far = motion(NONE, NONE, NONE, NONE, NONE, new double[] {0, 90}, NONE)
                    .at(corner[0], corner[1], 1);
            assertTrue(Math.hypot(far[0], far[1]) < 1, "the swirl falls off");
        }
        double largest = 0;
        ScriptedMotion bending = motion(NONE, NONE, NONE, NONE, NONE, NONE, new double[] {0, 3});
        for (int i = 0; i < HEIGHT * WIDTH; i++)
            largest = Math.max(largest, Math.abs(bending.at(i / WIDTH, i % WIDTH, 1)[0]));
        assertEquals(3, largest, 0.1);
    }

    @Test
    void randomStepsHaveTheirSizeAndKeyframesAreChecked() {
        double[] times = new double[400];
        for (int i = 0; i < times.length; i++) times[i] = -1 + 2.0 * i / (times.length - 1);
        ScriptedMotion brownian = new ScriptedMotion(
                HEIGHT,
                WIDTH,
                new ScriptedMotion.Keyframes(times, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 2, random.nextLong()));
        double square = 0;
        for (int i = 1; i < times.length; i++)
            square += Math.pow(brownian.at(0, 0, times[i])[0] - brownian.at(0, 0, times[i - 1])[0], 2)
                    / (times.length - 1);
        assertEquals(2, Math.sqrt(square), 0.4);
        assertTrue(assertThrows(
                        InvalidInputException.class, () -> motion(new double[3], NONE, NONE, NONE, NONE, NONE, NONE))
                .getMessage()
                .contains("2 keyframes but 3 values"));
        assertThrows(
                InvalidInputException.class, () -> motion(NONE, NONE, NONE, new double[] {1, 0}, NONE, NONE, NONE));
        assertThrows(
                InvalidInputException.class,
                () -> new ScriptedMotion.Keyframes(
                        new double[] {0, 0}, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 0, 1));
    }

    @ParameterizedTest
    @EnumSource(Phantom.class)
    void aPhantomMovesAsTold(Phantom phantom) {
        MovingPhantom moving = new MovingPhantom(
                phantom,
                motion(new double[] {0, 4}, new double[] {0, -3}, NONE, NONE, NONE, NONE, NONE),
                HEIGHT,
                WIDTH,
                5);
        Grid2D first = moving.at(-1);
        Grid2D last = moving.at(1);
        double most = Arrays.stream(first.values()).max().orElseThrow();
        assertTrue(
                most > 0.3 && most < 2.5 && Arrays.stream(first.values()).min().orElseThrow() > -1e-9,
                phantom + " reaches " + most);
        for (int y = 10; y < HEIGHT - 10; y++)
            for (int x = 10; x < WIDTH - 10; x++) assertEquals(first.get(y, x), last.get(y + 4, x - 3), 1e-9);
    }

    @Test
    void noiseHasItsSizeAndHotPixelsAreRemoved() {
        double[] values = new double[40_000];
        Arrays.fill(values, 0.5);
        new CameraNoise(1000, 0.01, 0).addTo(values, 1, random, random);
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
        assertEquals(0.5, mean, 1e-3);
        assertEquals(0.5 / 1000 + 1e-4, variance, 3e-5);

        Grid2D picture = new Grid2D(50, 60);
        for (int i = 0; i < 3000; i++) picture.values()[i] = Math.sin(0.02 * (i / 60)) + 0.01 * random.nextGaussian();
        Grid2D clean = new Grid2D(50, 60, picture.values().clone());
        int[] hot = {0, 59, 1234, 1235, 2999};
        for (int pixel : hot) picture.values()[pixel] = 5;
        Grid2D removed = HotPixels.removed(picture, 8);
        int changed = 0;
        for (int i = 0; i < 3000; i++) {
            assertEquals(clean.values()[i], removed.values()[i], 0.1);
            if (removed.values()[i] != picture.values()[i]) changed++;
        }
        assertEquals(hot.length, changed);

        Grid2D spot = new Grid2D(50, 60);
        for (int i = 0; i < 3000; i++)
            spot.values()[i] = Math.rint(200 * Math.exp(-(Math.pow(i / 60 - 20, 2) + Math.pow(i % 60 - 30, 2)) / 30));
        assertArrayEquals(spot.values(), HotPixels.removed(spot, 8).values(), "a bright spot on a dark ground stays");
    }
}
