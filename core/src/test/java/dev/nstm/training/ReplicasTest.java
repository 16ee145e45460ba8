package dev.nstm.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.device.Device;
import dev.nstm.device.TestDevice;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicasTest {
    private static final TrainingPlan PLAN = TrainingPlan.defaults(60, 4);

    private static List<TrainingState> replicas(int count, boolean stop) {
        try (Device device = TestDevice.open()) {
            return Replicas.train(
                    device, SettingSearchTest.system(0), SettingSearchTest.field(), PLAN, count, () -> stop);
        }
    }

    @Test
    void replicasAreTrainedEachInItsOwnWay() {
        List<TrainingState> replicas = replicas(3, false);
        assertEquals(3, replicas.size());
        for (TrainingState replica : replicas) {
            assertEquals(30, replica.epoch());
            assertTrue(
                    replica.losses()[29] < 0.1 * replica.losses()[0],
                    "losses " + replica.losses()[0] + " to " + replica.losses()[29]);
        }
        for (int i = 0; i < 3; i++)
            assertTrue(!Arrays.equals(
                    replicas.get(i).object().parameters(),
                    replicas.get((i + 1) % 3).object().parameters()));
    }

    @Test
    void theSameReplicasComeAgain() {
        List<TrainingState> first = replicas(2, false);
        List<TrainingState> second = replicas(2, false);
        for (int i = 0; i < 2; i++)
            assertTrue(Arrays.equals(
                    first.get(i).object().parameters(), second.get(i).object().parameters()));
    }

    @Test
    void anInterruptionLeavesNone() {
        assertEquals(List.of(), replicas(2, true));
    }

    /** Rates and annealing of a shortened plan end where those of the whole plan do. */
    @Test
    void aShortenedPlanTakesTheSameCourse() {
        TrainingPlan shortened = PLAN.shortened(30);
        assertEquals(30, shortened.epochs());
        assertEquals(2, shortened.reduction(0));
        assertEquals(2, shortened.reduction(17));
        assertEquals(1, shortened.reduction(18));
        assertEquals(1, shortened.reduction(29));
        assertEquals(PLAN.object().rate(100), shortened.object().rate(50), 1e-12);
        assertEquals(0.5 * PLAN.annealedEpochs(), shortened.annealedEpochs(), 1e-12);
    }
}
