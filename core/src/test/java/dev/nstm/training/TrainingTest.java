package dev.nstm.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.nstm.device.Activation;
import dev.nstm.device.Device;
import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.PixelGrid;
import dev.nstm.device.TestDevice;
import dev.nstm.device.cpu.CpuDevice;
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
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingTest {
    private static final int HEIGHT = 33;
    private static final int WIDTH = 41;
    /** Bytes of the measurement itself. */
    private static final long ALLOWED = 64;

    private static DpcSystem system(double noise) {
        Microscope microscope = new Microscope(0.525, 0.25, 0.868, 1);
        MovingCells cells = new MovingCells(HEIGHT, WIDTH, 4, 1, 3);
        double[] times = {-1, -0.5, 0, 0.5, 1};
        List<Grid2D> images = new ArrayList<>();
        List<Grid2D> sources = new ArrayList<>();
        for (int shot = 0; shot < times.length; shot++)
            sources.add(Pupils.halfSource(microscope, 0, 90 * shot, HEIGHT, WIDTH));
        List<WeakObjectTransfer> transfers = DpcSystem.transfers(sources, microscope);
        for (int shot = 0; shot < times.length; shot++) {
            Grid2D[] scene = cells.at(times[shot]);
            images.add(
                    WeakObjectPicture.of(scene[0], scene[1], transfers.get(shot), noise, new SplittableRandom(shot)));
        }
        return new DpcSystem(images, transfers, times, new DpcSystem.Loss(3, 1e-4, 1e-4, 0.03, 0.5));
    }

    private static FieldSpec field() {
        Encoding.HashGrid object = HashGrids.geometric(
                0, new double[] {-16, -20}, new double[] {49, 61}, 6, 2, 10, new double[] {4, 5}, new double[] {40, 50
                });
        Encoding.HashGrid motion = HashGrids.geometric(
                0,
                new double[] {0, 0, -1},
                new double[] {HEIGHT, WIDTH, 1},
                4,
                2,
                8,
                new double[] {1, 1, 1},
                new double[] {2, 2, 4});
        return new FieldSpec(
                new NetworkLayout(List.of(object), 32, 2, 4, Activation.GELU, 2),
                new NetworkLayout(List.of(motion), 16, 2, 6, Activation.ELU, 2),
                new double[] {40, 40},
                Annealing.PUBLISHED);
    }

    private static TrainingPlan plan(int epochs, int batch, int updateEvery) {
        return new TrainingPlan(
                epochs,
                batch,
                0.6 * epochs,
                5,
                new Schedule(5e-3, 0.1, 100, 0, updateEvery, 0),
                new Schedule(1e-3, 0.1, 100, 0, updateEvery, 2),
                Schedule.FROZEN,
                List.of(0.4),
                0);
    }

    private static TrainingState train(int threads, int epochs, int batch, int updateEvery) {
        try (Device device = new CpuDevice(threads)) {
            Reconstruction reconstruction =
                    new Reconstruction(device, system(0.002), field(), plan(epochs, batch, updateEvery));
            reconstruction.run((epoch, loss, terms) -> {}, () -> false);
            return reconstruction.state("test");
        }
    }

    @Test
    @Tag("device")
    void fiftyStepsOnEveryDeviceGoAsOnTheProcessor() {
        double[] expected = fiftySteps(new CpuDevice(2));
        double[] found = fiftySteps(TestDevice.open());
        for (int epoch = 0; epoch < expected.length; epoch++)
            assertEquals(expected[epoch], found[epoch], 1e-3 * expected[epoch], "loss of epoch " + (epoch + 1));
    }

    /**
     * Losses of plain pictures at full size. The whitened ones that follow double rounding errors within a few steps,
     * on one processor with other vectors too.
     */
    private static double[] fiftySteps(Device device) {
        TrainingPlan plan = new TrainingPlan(
                50,
                3,
                15,
                0,
                new Schedule(5e-3, 0.1, 100, 0, 1, 0),
                new Schedule(1e-3, 0.1, 100, 0, 1, 2),
                Schedule.FROZEN,
                List.of(),
                0);
        try (device) {
            Reconstruction reconstruction = new Reconstruction(device, system(0.002), field(), plan);
            while (reconstruction.epoch() < 25) reconstruction.runEpoch((epoch, loss, terms) -> {});
            return reconstruction.losses();
        }
    }

    private static void assertSameBits(TrainingState a, TrainingState b) {
        assertArrayEquals(a.losses(), b.losses());
        assertArrayEquals(a.object().parameters(), b.object().parameters());
        assertArrayEquals(a.motion().parameters(), b.motion().parameters());
    }

    @Test
    void theLossFallsAndThreadsDoNotChangeABit() {
        TrainingState one = train(1, 80, 5, 1);
        assertSameBits(one, train(2, 80, 5, 1));
        assertSameBits(one, train(3, 80, 5, 1));
        // The first half compares plain pictures, the second whitened ones: each has a loss of its own.
        double[] losses = one.losses();
        assertTrue(losses[39] < 0.5 * losses[0], "loss of plain pictures fell from " + losses[0] + " to " + losses[39]);
        assertTrue(
                losses[79] < 0.7 * losses[40],
                "loss of whitened pictures fell from " + losses[40] + " to " + losses[79]);
    }

    @ParameterizedTest
    @CsvSource({"5,1", "2,1", "2,3"})
    void aRunTakenUpFromACheckpointHasTheBitsOfAnUninterruptedOne(int batch, int updateEvery, @TempDir Path directory)
            throws IOException {
        TrainingState whole = train(2, 9, batch, updateEvery);
        CheckpointStore store = new CheckpointStore(directory);
        try (Device device = new CpuDevice(2)) {
            Reconstruction first = new Reconstruction(device, system(0.002), field(), plan(9, batch, updateEvery));
            for (int i = 0; i < 4; i++) first.runEpoch((epoch, loss, terms) -> {});
            store.save(first.state("test"));
        }
        try (Device device = new CpuDevice(1)) {
            Reconstruction second = new Reconstruction(device, system(0.002), field(), plan(9, batch, updateEvery));
            second.restore(store.loadNewest(line -> {
                        throw new AssertionError(line);
                    })
                    .orElseThrow());
            assertEquals(4, second.epoch());
            second.run((epoch, loss, terms) -> {}, () -> false);
            assertSameBits(whole, second.state("test"));
        }
    }

    @Test
    void coarseSharesSayWhichEpochsSeeReducedPictures() {
        TrainingPlan plan = new TrainingPlan(
                10,
                1,
                0,
                1,
                new Schedule(1, 1, 1, 0, 1, 0),
                new Schedule(1, 1, 1, 0, 1, 0),
                Schedule.FROZEN,
                List.of(0.2, 0.3),
                0);
        int[] reductions = new int[10];
        for (int epoch = 0; epoch < 10; epoch++) reductions[epoch] = plan.reduction(epoch);
        assertArrayEquals(new int[] {2, 2, 1, 1, 1, 0, 0, 0, 0, 0}, reductions);
        assertThrows(
                InvalidInputException.class,
                () -> new TrainingPlan(
                        10, 1, 0, 1, plan.object(), plan.motion(), Schedule.FROZEN, List.of(0.7, 0.4), 0));
    }

    /**
     * What the just-in-time compiler makes of the kernels depends on what ran before and, on a busy machine, on chance:
     * the measurement gets a JVM of its own, and up to three of them.
     */
    @Test
    void aWarmStepAllocatesNothing() throws Exception {
        String found = "";
        for (int attempt = 0; attempt < 3 && !found.startsWith("none"); attempt++) {
            found = inAProcessOfItsOwn(WarmStep.class);
        }
        assertEquals("none", found);
    }

    private static String inAProcessOfItsOwn(Class<?> program) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("WARNING"))
                .collect(Collectors.joining(" "));
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        return said;
    }

    /** A service trains again and again in one JVM. */
    @Test
    void manyRunsInOneProcessTakeNoMoreMemoryThanAFew() throws Exception {
        assumeTrue(Files.exists(ManyRuns.STATUS), "this system does not tell a process's memory");
        String[] megabytes = inAProcessOfItsOwn(ManyRuns.class).split(" ");
        double few = Double.parseDouble(megabytes[0]);
        double many = Double.parseDouble(megabytes[1]);
        // Every run takes 64 MB besides its own.
        assertTrue(many < few + 100, few + " MB after 5 runs, " + many + " MB after 30");
    }

    /** Prints the resident memory in megabytes after 5 and after 30 runs, each with a preview in a scope of its own. */
    static final class ManyRuns {
        static final Path STATUS = Path.of("/proc/self/status");

        private ManyRuns() {}

        public static void main(String[] arguments) throws IOException {
            StringBuilder said = new StringBuilder();
            for (int run = 1; run <= 30; run++) {
                try (Device device = new CpuDevice(2)) {
                    Reconstruction reconstruction = new Reconstruction(device, system(0.002), field(), plan(2, 2, 1));
                    device.fill(device.allocate(8 << 20), 1);
                    reconstruction.run((epoch, loss, terms) -> {}, () -> false);
                    long before = device.allocatedBytes();
                    for (int preview = 0; preview < 3; preview++) {
                        try (Device.Scope scope = device.scope()) {
                            TrainingState state = reconstruction.state("");
                            device.fill(device.allocate(8 << 20), preview);
                            new SceneRenderer(
                                            device,
                                            field(),
                                            PixelGrid.of(Shape.of(HEIGHT, WIDTH)),
                                            new double[] {1, 1},
                                            true,
                                            state.object().parameters(),
                                            state.motion().parameters())
                                    .at(0.5);
                        }
                    }
                    if (device.allocatedBytes() != before)
                        throw new AssertionError(
                                "a scope gave " + (device.allocatedBytes() - before) + " bytes less back than it took");
                }
                if (run == 5 || run == 30)
                    said.append(Files.readAllLines(STATUS).stream()
                                    .filter(line -> line.startsWith("VmRSS:"))
                                    .findFirst()
                                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1000.0)
                                    .orElseThrow())
                            .append(' ');
            }
            System.out.println(said);
        }
    }

    /** Prints what an epoch of a training allocates once everything is compiled: "none" or bytes. */
    static final class WarmStep {
        private static final Duration PATIENCE = Duration.ofSeconds(30);

        private WarmStep() {}

        public static void main(String[] arguments) {
            try (Device device = new CpuDevice(1)) {
                Reconstruction reconstruction =
                        new Reconstruction(device, system(0.002), field(), plan(1_000_000, 2, 1));
                TrainingListener silent = (epoch, loss, terms) -> {};
                reconstruction.runEpoch(silent);
                ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                long memory = device.allocatedBytes();
                long least = Long.MAX_VALUE;
                // Warm means compiled: until then vectors are objects. The last compilation comes after some hundred
                // steps.
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (least > ALLOWED && System.nanoTime() < deadline) {
                    long before = threads.getCurrentThreadAllocatedBytes();
                    reconstruction.runEpoch(silent);
                    least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                }
                long offHeap = device.allocatedBytes() - memory;
                System.out.println(
                        least <= ALLOWED && offHeap == 0
                                ? "none"
                                : "an epoch of three steps allocated at least " + least
                                        + " bytes on the heap, and all of them " + offHeap + " off it");
            }
        }
    }

    @Test
    void aFrozenMotionLeavesItsNetworkAndTheSceneAlone() {
        try (Device device = new CpuDevice(2)) {
            TrainingPlan plan = new TrainingPlan(
                    3,
                    5,
                    0,
                    5,
                    new Schedule(5e-3, 0.1, 100, 0, 1, 0),
                    new Schedule(0, 1, 1, 0, 1, 0),
                    Schedule.FROZEN,
                    List.of(),
                    0);
            Reconstruction reconstruction = new Reconstruction(device, system(0.002), field(), plan);
            float[] before = reconstruction.state("").motion().parameters();
            reconstruction.run((epoch, loss, terms) -> {}, () -> false);
            TrainingState state = reconstruction.state("");
            assertArrayEquals(before, state.motion().parameters());
            SceneRenderer renderer = new SceneRenderer(
                    device,
                    field(),
                    PixelGrid.of(Shape.of(HEIGHT, WIDTH)),
                    new double[] {1, 1},
                    false,
                    state.object().parameters(),
                    state.motion().parameters());
            assertArrayEquals(renderer.at(-1).scene(), renderer.at(0.7).scene());
        }
    }

    @Test
    void aDivergingRunStopsWithItsEpoch() {
        try (Device device = new CpuDevice(1)) {
            TrainingPlan plan = new TrainingPlan(
                    50,
                    5,
                    0,
                    5,
                    new Schedule(1e30, 1, 1, 0, 1, 0),
                    new Schedule(0, 1, 1, 0, 1, 0),
                    Schedule.FROZEN,
                    List.of(),
                    0);
            Reconstruction reconstruction = new Reconstruction(device, system(0.002), field(), plan);
            DivergedException diverged = assertThrows(
                    DivergedException.class, () -> reconstruction.run((epoch, loss, terms) -> {}, () -> false));
            assertTrue(diverged.getMessage().contains("epoch " + (reconstruction.epoch() + 1)), diverged.getMessage());
        }
    }

    @Test
    void aDamagedCheckpointIsReportedAndTheOneBeforeItUsed(@TempDir Path directory) throws IOException {
        CheckpointStore store = new CheckpointStore(directory);
        GroupState group = new GroupState(3, new float[] {1, 2}, new float[] {3, 4}, new float[] {5, 6}, new float[0]);
        for (int epoch = 1; epoch <= 4; epoch++)
            store.save(new TrainingState("f", epoch, epoch, group, group, group, new double[epoch]));
        assertEquals(2, store.list().size());
        Path newest = store.list().getLast();
        try (RandomAccessFile file = new RandomAccessFile(newest.toFile(), "rw")) {
            file.seek(Files.size(newest) / 2);
            file.write(0x5A);
        }
        List<String> told = new ArrayList<>();
        assertEquals(3, store.loadNewest(told::add).orElseThrow().epoch());
        assertEquals(1, told.size());
        assertTrue(
                told.getFirst().contains(newest.getFileName().toString())
                        && told.getFirst().contains("checksum"),
                told.getFirst());
        Files.write(newest, new byte[3]);
        assertEquals(3, store.loadNewest(told::add).orElseThrow().epoch());
    }

    @Test
    void schedulesFollowTheirFormula() {
        Schedule schedule = new Schedule(1e-2, 0.1, 100, 2e-3, 1, 5);
        assertEquals(0, schedule.rate(4));
        assertEquals(1e-2 * Math.pow(0.1, 0.1), schedule.rate(10), 1e-12);
        assertEquals(2e-3, schedule.rate(500), 1e-12);
    }
}
