package dev.nstm.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nstm.Seeds;
import dev.nstm.device.Activation;
import dev.nstm.device.Device;
import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.PixelGrid;
import dev.nstm.device.TestDevice;
import dev.nstm.field.Annealing;
import dev.nstm.field.FieldSpec;
import dev.nstm.field.HashGrids;
import dev.nstm.field.NetworkInitializer;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuationTest {
    private static final int HEIGHT = 7;
    private static final int WIDTH = 9;

    private final long seed = Seeds.random().nextLong();

    private static FieldSpec field(int[] timeCells, Encoding.Addressing addressing, int log2Entries) {
        Encoding.HashGrid object = HashGrids.geometric(
                0, new double[] {0, 0}, new double[] {HEIGHT, WIDTH}, 2, 2, 8, new double[] {2, 2}, new double[] {4, 4
                });
        Encoding.HashGrid motion = HashGrids.geometric(
                0,
                new double[] {0, 0, -1},
                new double[] {HEIGHT, WIDTH, 1},
                timeCells[1] == timeCells[0] ? 1 : 2,
                2,
                log2Entries,
                new double[] {1, 1, timeCells[0]},
                new double[] {2, 3, timeCells[1]},
                addressing);
        return new FieldSpec(
                new NetworkLayout(List.of(object), 16, 1, 4, Activation.GELU, 2),
                new NetworkLayout(List.of(motion), 16, 2, 6, Activation.ELU, 2),
                new double[] {40, 40},
                Annealing.BY_LEVEL);
    }

    private GroupState group(NetworkLayout layout, long updates, double size) {
        SplittableRandom random = new SplittableRandom(seed + updates);
        float[] parameters = NetworkInitializer.initialize(layout, seed + updates);
        for (int i = 0; i < layout.layersOffset(); i++) parameters[i] = (float) (size * random.nextGaussian());
        float[] first = new float[parameters.length];
        float[] second = new float[parameters.length];
        for (int i = 0; i < first.length; i++) first[i] = second[i] = random.nextFloat();
        return new GroupState(updates, parameters, first, second, new float[0]);
    }

    private TrainingState state(FieldSpec field, long updates) {
        return new TrainingState(
                "f" + updates,
                (int) updates,
                updates,
                group(field.object(), updates, 1),
                group(field.motion(), updates, 1),
                group(field.object(), updates, 1),
                new double[(int) updates]);
    }

    private static float[] motion(FieldSpec field, TrainingState state, double time) {
        try (Device device = TestDevice.open()) {
            return new SceneRenderer(
                            device,
                            field,
                            PixelGrid.of(Shape.of(HEIGHT, WIDTH)),
                            new double[] {1, 1},
                            true,
                            state.object().parameters(),
                            state.motion().parameters())
                    .at(time)
                    .motion();
        }
    }

    /** Where the later training's vertices lie on those of the earlier, nothing is lost within its time. */
    @ParameterizedTest
    @EnumSource(names = {"DENSE", "AUTO"})
    void wholeCellsLaterTheMotionIsTheSame(Encoding.Addressing addressing) {
        FieldSpec field = field(new int[] {3, 3}, addressing, 10);
        TrainingState ended = state(field, 5);
        TrainingState next = Continuation.of(state(field, 0), ended, field, 2 / 3.0);
        for (double time : new double[] {-1, -0.7, -1 / 3.0, 0, 1 / 3.0})
            assertArrayEquals(motion(field, ended, time + 2 / 3.0), motion(field, next, time), 1e-3f);
    }

    /** One cell of time is a line, which goes on beyond its end. */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 2 / 3.0, 1.9})
    void aLineGoesOn(double later) {
        FieldSpec field = field(new int[] {1, 1}, Encoding.Addressing.DENSE, 10);
        TrainingState ended = state(field, 5);
        TrainingState once = Continuation.of(state(field, 0), ended, field, later);
        TrainingState back = Continuation.of(state(field, 0), once, field, -later);
        assertArrayEquals(motion(field, ended, 0.3), motion(field, back, 0.3), 1e-3f);
        if (later < 0.5) assertArrayEquals(motion(field, ended, 0.5 + later), motion(field, once, 0.5), 1e-3f);
    }

    /** A small table in which vertices share entries keeps what all of them have in common. */
    @Test
    void sharedEntriesKeepWhatIsCommon() {
        FieldSpec field = field(new int[] {2, 5}, Encoding.Addressing.HASH, 4);
        TrainingState ended = state(field, 5);
        Arrays.fill(ended.motion().parameters(), 0, field.motion().layersOffset(), 0.25f);
        TrainingState next = Continuation.of(state(field, 0), ended, field, 0.4);
        assertArrayEquals(ended.motion().parameters(), next.motion().parameters(), 1e-6f);
    }

    @Test
    void theMomentsGoOnAndTheCountsBeginAnew() {
        FieldSpec field = field(new int[] {1, 3}, Encoding.Addressing.AUTO, 10);
        TrainingState begun = state(field, 0);
        TrainingState ended = state(field, 5);
        TrainingState next = Continuation.of(begun, ended, field, 0.5);
        assertEquals(0, next.epoch());
        assertEquals(0, next.step());
        assertEquals(0, next.losses().length);
        assertEquals(begun.fingerprint(), next.fingerprint());
        assertEquals(5, next.object().updates());
        assertArrayEquals(ended.object().parameters(), next.object().parameters());
        assertArrayEquals(ended.motion().secondMoment(), next.motion().secondMoment());
        assertArrayEquals(begun.instrument().parameters(), next.instrument().parameters());
    }

    @Test
    void networksOfAnotherSizeAreRefused() {
        FieldSpec field = field(new int[] {1, 3}, Encoding.Addressing.DENSE, 10);
        FieldSpec other = field(new int[] {3, 9}, Encoding.Addressing.DENSE, 10);
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> Continuation.of(state(other, 0), state(field, 5), other, 0.5))
                .getMessage();
        assertEquals("the networks of the window before are of another size", message);
    }
}
