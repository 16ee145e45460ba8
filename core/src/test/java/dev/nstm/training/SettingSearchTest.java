package dev.nstm.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.device.Activation;
import dev.nstm.device.Device;
import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.TestDevice;
import dev.nstm.field.Annealing;
import dev.nstm.field.FieldSpec;
import dev.nstm.field.HashGrids;
import dev.nstm.imaging.DpcSystem;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import dev.nstm.optics.WeakObjectTransfer;
import dev.nstm.simulate.MovingCells;
import dev.nstm.simulate.WeakObjectPicture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingSearchTest {
    private static final int SIZE = 64;
    private static final int SHOTS = 4;

    /** @param slope by how much the light of a shot rises from the middle to an edge, for each shot another edge */
    static DpcSystem system(double slope) {
        Microscope microscope = new Microscope(0.525, 0.25, 0.868, 1);
        MovingCells cells = new MovingCells(SIZE, SIZE, 3, 0, 3);
        List<Grid2D> sources = new ArrayList<>();
        for (int shot = 0; shot < SHOTS; shot++) sources.add(Pupils.halfSource(microscope, 0, 90 * shot, SIZE, SIZE));
        List<WeakObjectTransfer> transfers = DpcSystem.transfers(sources, microscope);
        double[] times = new double[SHOTS];
        List<Grid2D> images = new ArrayList<>();
        for (int shot = 0; shot < SHOTS; shot++) {
            times[shot] = -1 + 2.0 * shot / (SHOTS - 1);
            Grid2D[] scene = cells.at(times[shot]);
            Grid2D image =
                    WeakObjectPicture.of(scene[0], scene[1], transfers.get(shot), 0.002, new SplittableRandom(shot));
            for (int i = 0; i < image.values().length; i++) {
                double y = 2.0 * (i / SIZE) / SIZE - 1;
                double x = 2.0 * (i % SIZE) / SIZE - 1;
                image.values()[i] += slope * (shot % 2 == 0 ? x : y) * (shot < 2 ? 1 : -1) + slope * x * y * (shot - 1);
            }
            images.add(image);
        }
        return new DpcSystem(images, transfers, times, new DpcSystem.Loss(3, 1e-4, 2.5e-5, 0.07, 0));
    }

    static FieldSpec field() {
        double low = -0.5 * SIZE;
        double high = 1.5 * SIZE;
        Encoding.HashGrid object = HashGrids.geometric(
                0, new double[] {low, low}, new double[] {high, high}, 6, 2, 12, new double[] {4, 4}, new double[] {
                    90, 90
                });
        Encoding.HashGrid motion = HashGrids.geometric(
                0,
                new double[] {0, 0, -1},
                new double[] {SIZE, SIZE, 1},
                4,
                2,
                8,
                new double[] {1, 1, 1},
                new double[] {2, 2, 3});
        return new FieldSpec(
                new NetworkLayout(List.of(object), 32, 1, 4, Activation.GELU, 2),
                new NetworkLayout(List.of(motion), 16, 2, 6, Activation.ELU, 2),
                new double[] {40, 40},
                Annealing.BY_LEVEL);
    }

    private static Optional<SettingSearch.Outcome> search(
            Device device, DpcSystem system, List<SettingSearch.Trial> trials, int stopAfter) {
        SettingSearch search = new SettingSearch(
                device, List.of(system, system.inUnevenLight()), field(), TrainingPlan.defaults(120, SHOTS));
        assertTrue(search.possible());
        int[] asked = new int[1];
        return search.run(Optional.empty(), trials::add, () -> asked[0]++ >= stopAfter);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.02})
    void lightIsFoundUnevenWhereItIs(double slope) {
        try (Device device = TestDevice.open()) {
            List<SettingSearch.Trial> trials = new ArrayList<>();
            SettingSearch.Outcome found =
                    search(device, system(slope), trials, Integer.MAX_VALUE).orElseThrow();
            assertEquals(slope == 0 ? 0 : 1, found.model(), trials.toString());
            assertTrue(trials.size() >= 2, trials.toString());
            assertTrue(
                    trials.stream().anyMatch(trial -> trial.motionRoughness() == found.motionRoughness()),
                    found + " of " + trials);
        }
    }

    @Test
    void aSearchThatIsStoppedFindsNothing() {
        try (Device device = TestDevice.open()) {
            List<SettingSearch.Trial> trials = new ArrayList<>();
            assertTrue(search(device, system(0), trials, 10).isEmpty());
            assertTrue(trials.isEmpty(), trials.toString());
        }
    }

    /** The device keeps its own scratch memory of the first search, and nothing of the second. */
    @Test
    void whatASearchTakesIsGivenBack() {
        try (Device device = TestDevice.open()) {
            search(device, system(0.02), new ArrayList<>(), 70);
            long before = device.allocatedBytes();
            search(device, system(0.02), new ArrayList<>(), 70);
            assertEquals(before, device.allocatedBytes());
        }
    }

    @Test
    void withoutReducedPicturesThereIsNoSearch() {
        TrainingPlan plan = TrainingPlan.defaults(120, SHOTS).ofOneSize();
        try (Device device = TestDevice.open()) {
            assertFalse(new SettingSearch(device, List.of(system(0)), field(), plan).possible());
        }
    }
}
