package dev.nstm.apps.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.training.Schedule;
import dev.nstm.training.TrainingPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
    /** A hundred epochs: 30 of pictures reduced four times, 20 of such reduced twice. */
    private static final TrainingPlan PLAN =
            new TrainingPlan(100, 1, 0, 1, Schedule.FROZEN, Schedule.FROZEN, Schedule.FROZEN, List.of(0.3, 0.2), 0);

    @Test
    void nothingIsSaidBeforeEveryResolutionIsKnown() {
        TimeLeft left = new TimeLeft(PLAN);
        assertArrayEquals(new int[] {0, 1, 2}, left.unknown(0));
        for (int epoch = 0; epoch < 10; epoch++) left.trained(epoch, 0.1);
        assertArrayEquals(new int[] {0, 1}, left.unknown(10));
        left.tried(1, 0.4);
        assertTrue(left.seconds(10).isEmpty());
        left.tried(0, 1.6);
        assertEquals(20 * 0.1 + 20 * 0.4 + 50 * 1.6, left.seconds(10).orElseThrow(), 1e-9);
        assertEquals(50 * 1.6, left.seconds(50).orElseThrow(), 1e-9, "what is done does not count");
        assertEquals(0, left.seconds(100).orElseThrow());
    }

    @Test
    void whatIsTrainedPrevailsOverTheSlowBeginning() {
        TimeLeft left = new TimeLeft(PLAN);
        left.trained(50, 10);
        for (int epoch = 51; epoch < 80; epoch++) left.trained(epoch, 1);
        assertEquals(20, left.seconds(80).orElseThrow(), 0.05);
    }
}
