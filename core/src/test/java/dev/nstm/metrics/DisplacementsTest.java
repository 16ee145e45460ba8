package dev.nstm.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nstm.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisplacementsTest {
    private static final int HEIGHT = 40;
    private static final int WIDTH = 52;
    private static final int MARGIN = 14;

    /** A specimen that shifts and stretches: what lies at q at rest is at scale(t) q + shift(t) at time t. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 11.5, -300})
    void aSpecimenIsWhereItsDisplacementSaysWhateverOffsetTheMotionHas(double offset) {
        SplittableRandom random = Seeds.random();
        double[] times = {0.2, -1, 1};
        double[][] shift = new double[3][2];
        double[] scale = new double[3];
        float[][][] looks = new float[3][2][HEIGHT * WIDTH];
        for (int t = 0; t < 3; t++) {
            scale[t] = 1 + 0.06 * random.nextDouble(-1, 1);
            for (int axis = 0; axis < 2; axis++) shift[t][axis] = random.nextDouble(-4, 4);
            for (int i = 0; i < 2 * HEIGHT * WIDTH; i++) {
                int place = i % 2 == 0 ? i / 2 / WIDTH : i / 2 % WIDTH;
                looks[t][i % 2][i / 2] = (float) ((place - shift[t][i % 2]) / scale[t] - place + offset);
            }
        }
        float[][][] displacement = Displacements.sinceFirst(looks, times, HEIGHT, WIDTH);
        for (int t = 0; t < 3; t++) {
            for (int y = MARGIN; y < HEIGHT - MARGIN; y++) {
                for (int x = MARGIN; x < WIDTH - MARGIN; x++) {
                    int[] place = {y, x};
                    for (int axis = 0; axis < 2; axis++) {
                        double rest = (place[axis] - shift[t][axis]) / scale[t];
                        double before = scale[1] * rest + shift[1][axis];
                        assertEquals(
                                place[axis] - before,
                                displacement[t][axis][y * WIDTH + x],
                                2e-3,
                                "time " + t + ", axis " + axis);
                    }
                }
            }
        }
    }
}
