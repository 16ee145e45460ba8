package dev.nstm.apps.instrument;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.metrics.ResidualStatistics;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemainderTest {
    private static final Remainder.Advice ADVICE = new Remainder.Advice("other light", "freer motion");

    private static ResidualStatistics shot(double times, double slow) {
        return shot(times, times, slow);
    }

    private static ResidualStatistics shot(double times, double inside, double slow) {
        return new ResidualStatistics(1, 0.01 * times, 0.01 * inside, 0.01, 0, slow);
    }

    private static List<String> verdict(ResidualStatistics... shots) {
        return new Remainder(List.of(shots), List.of(), 0, 0).verdict(ADVICE);
    }

    @Test
    void theVerdictNamesTheShotsAndWhatToTry() {
        assertEquals(
                List.of("explained down to the noise: every shot (left is 0.98 to 1.10 times the noise)"),
                verdict(shot(0.98, 0), shot(1.1, 0.9)));
        assertEquals(
                List.of(
                        "explained down to the noise: shots 1, 4 (left is 1.00 to 1.20 times the noise)",
                        "not explained in what varies slowly: shot 3 (left is 2.00 times the noise); try other light",
                        "not explained in its details: shot 2 (left is 1.40 times the noise); try freer motion"),
                verdict(shot(1, 0), shot(1.4, 0.02), shot(2, 0.3), shot(1.2, 0.5)));
    }

    @Test
    void manyShotsAreNamedInRanges() {
        assertEquals(
                List.of(
                        "explained down to the noise: shots 1 to 3, 6, 7 (left is 1.00 times the noise)",
                        "not explained in what varies slowly: shots 4, 5 (left is 2.00 times the noise); try other light"),
                verdict(shot(1, 0), shot(1, 0), shot(1, 0), shot(2, 1), shot(2, 1), shot(1, 0), shot(1, 0)));
    }

    @Test
    void bordersAreToldFromTheRest() {
        assertEquals(
                List.of(
                        "explained down to the noise: shot 1 (left is 1.00 times the noise)",
                        "not explained at the borders: shot 2 (left is 1.60 times the noise), where light comes from beyond the picture; try a larger loss.margin"),
                verdict(shot(1, 0), shot(1.6, 1.1, 0.4)));
    }

    @Test
    void shotsWithoutNoiseAreNoDivisionByZero() {
        assertTrue(verdict(new ResidualStatistics(1, 0, 0, 0, 0, 0)).getFirst().startsWith("explained"));
    }
}
