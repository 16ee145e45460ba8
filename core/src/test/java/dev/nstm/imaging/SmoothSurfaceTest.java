package dev.nstm.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmoothSurfaceTest {
    private static final int HEIGHT = 131;
    private static final int WIDTH = 170;

    private final SplittableRandom random = Seeds.random();

    /** Values of a function of row and column in [-1, 1]. */
    private static Grid2D grid(DoubleBinaryOperator function) {
        Grid2D grid = new Grid2D(HEIGHT, WIDTH);
        for (int i = 0; i < grid.values().length; i++)
            grid.values()[i] =
                    function.applyAsDouble(-1 + 2.0 * (i / WIDTH) / (HEIGHT - 1), -1 + 2.0 * (i % WIDTH) / (WIDTH - 1));
        return grid;
    }

    private Grid2D polynomial(int order) {
        double[][] factors = new double[order + 1][order + 1];
        for (double[] row : factors) for (int j = 0; j <= order; j++) row[j] = random.nextDouble(-0.05, 0.05);
        factors[order][0] = 0.1;
        return grid((y, x) -> {
            double value = 1;
            for (int i = 0; i <= order; i++)
                for (int j = 0; i + j <= order; j++)
                    if (i + j > 0) value += factors[i][j] * Math.pow(y, i) * Math.pow(x, j);
            return 3000 * value;
        });
    }

    /** Light that rises to the right in one shot and to the left in the next. */
    private Grid2D tilted(int shot) {
        double slope = random.nextDouble(0.02, 0.05) * (shot % 2 == 0 ? 1 : -1);
        return grid((y, x) -> 3000 * (1 + 0.1 * y + slope * x));
    }

    /** Absorbing and refracting cells over a third of the field: dark discs, and bright and dark rims. */
    private Grid2D withCells(Grid2D light) {
        Grid2D seen = new Grid2D(HEIGHT, WIDTH, light.values().clone());
        for (int cell = 0; cell < 12; cell++) {
            double row = random.nextDouble(HEIGHT);
            double column = random.nextDouble(WIDTH);
            for (int i = 0; i < seen.values().length; i++) {
                double far = Math.hypot(i / WIDTH - row, i % WIDTH - column) / 14;
                if (far < 1) seen.values()[i] *= 0.85 + 0.2 * far * far * (i / WIDTH > row ? 1 : -1);
            }
        }
        for (int i = 0; i < seen.values().length; i++) seen.values()[i] += 15 * random.nextGaussian();
        return seen;
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2", "3", "4"})
    void theLightUnderCellsIsFoundAndNoMoreThanIt(int order) {
        List<Grid2D> lights =
                IntStream.range(0, 4).mapToObj(shot -> polynomial(order)).toList();
        List<Grid2D> shots = lights.stream().map(this::withCells).toList();
        int found = SmoothSurface.light(shots).order();
        assertTrue(found <= order, "order " + found + " for light of order " + order);
        for (int shot = 0; shot < 4; shot++) {
            Grid2D surface = SmoothSurface.of(shots.get(shot), order);
            Grid2D light = lights.get(shot);
            double[] off = IntStream.range(0, surface.values().length)
                    .mapToDouble(i -> Math.abs(surface.values()[i] / light.values()[i] - 1))
                    .sorted()
                    .toArray();
            // In the corners, where a cell lies, a surface of high order has least to hold on to.
            assertTrue(off[off.length * 9 / 10] < 0.03, "order " + order + ": " + off[off.length * 9 / 10]);
            assertTrue(
                    Arrays.stream(off).average().orElseThrow() < 0.015,
                    "order " + order + " on average: "
                            + Arrays.stream(off).average().orElseThrow());
        }
    }

    @Test
    void oneLightForAllIsToldFromOneForEach() {
        Grid2D light = polynomial(1);
        assertTrue(SmoothSurface.light(
                        IntStream.range(0, 4).mapToObj(shot -> withCells(light)).toList())
                .common());
        SmoothSurface.Light different = SmoothSurface.light(
                IntStream.range(0, 4).mapToObj(shot -> withCells(tilted(shot))).toList());
        assertFalse(different.common());
        assertEquals(1, different.order());
    }

    @Test
    void smallPicturesAndSingleRowsAreFitted() {
        for (int height : new int[] {1, 2, 5}) {
            Grid2D even = new Grid2D(height, 7);
            for (int i = 0; i < even.values().length; i++) even.values()[i] = 40;
            for (int order = 0; order <= SmoothSurface.LARGEST_ORDER; order++)
                for (double value : SmoothSurface.of(even, order).values())
                    assertEquals(40, value, 1e-6, height + " rows, order " + order);
        }
    }

    @Test
    void aPictureOfTheEmptyFieldTakesItsUnevennessAway() {
        Grid2D dust = grid((y, x) -> 500 * (1 - 0.3 * Math.exp(-40 * (Math.pow(y - 0.2, 2) + Math.pow(x + 0.1, 2)))));
        Grid2D seen = new Grid2D(HEIGHT, WIDTH);
        for (int i = 0; i < seen.values().length; i++)
            seen.values()[i] = 1.1 * dust.values()[i] * (i == 4000 ? 1.2 : 1);
        Grid2D flat = Background.divideByField(seen, dust);
        assertEquals(0.2, flat.values()[4000], 1e-6);
        assertEquals(
                0, flat.values()[(HEIGHT * 6 / 10) * WIDTH + WIDTH * 45 / 100], 1e-9, "the dust; and a brighter lamp");
        assertTrue(assertThrows(
                        InvalidInputException.class, () -> Background.divideByField(seen, new Grid2D(HEIGHT, WIDTH)))
                .getMessage()
                .contains("the empty field is 0.0 at row 0, column 0"));
    }

    @Test
    void countsAreToldFromDeviations() {
        assertTrue(Background.isCounts(List.of(withCells(polynomial(1)))));
        assertFalse(Background.isCounts(List.of(Background.divideByMean(withCells(polynomial(0))))));
    }
}
