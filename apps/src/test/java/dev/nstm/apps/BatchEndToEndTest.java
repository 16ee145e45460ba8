package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.apps.io.NpyFloats;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.zarr.OmeZarrReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Long recordings and large fields through the command line. */
class BatchEndToEndTest {
    private static final int SHOTS = 10;
    private static final int ROWS = 48;
    private static final int COLUMNS = 56;

    @TempDir
    private static Path directory;

    private static Path config;
    private static Path shots;

    @BeforeAll
    static void simulate() throws Exception {
        config = Files.writeString(directory.resolve("dpc.yaml"), """
                system: dpc
                optics: {wavelength: 0.525, numericalAperture: 0.25, pixelSize: 0.454, rotations: [0, 90, 180, 270]}
                simulation: {height: 48, width: 56, shots: 10, growth: 0.4, drift: 5, deformation: 2}
                windows: {shots: 4}
                training: {epochs: 120, checkpointEvery: 7}
                loss: {light: even, motionRoughness: 0.03}
                """);
        shots = directory.resolve("shots.npz");
        CommandLineRunner.Result result =
                CommandLineRunner.run("simulate", config.toString(), "--out", shots.toString());
        assertEquals(0, result.exitCode(), result.err());
    }

    private static String[] words(String command, Path out, String... more) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of(config.toString(), "--data", shots.toString(), "--out", out.toString()));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private static CommandLineRunner.Result successful(String... words) throws Exception {
        CommandLineRunner.Result result = CommandLineRunner.run(words);
        assertEquals(0, result.exitCode(), result.err());
        return result;
    }

    /** Correlation, of what is not near the border. */
    private static double alike(double[] a, float[] b) {
        double[] sums = new double[5];
        int count = 0;
        for (int i = 0; i < a.length; i++) {
            int y = i / COLUMNS;
            int x = i % COLUMNS;
            if (y < 5 || x < 5 || y >= ROWS - 5 || x >= COLUMNS - 5) continue;
            sums[0] += a[i];
            sums[1] += b[i];
            sums[2] += a[i] * a[i];
            sums[3] += b[i] * b[i];
            sums[4] += a[i] * b[i];
            count++;
        }
        return (sums[4] - sums[0] * sums[1] / count)
                / Math.sqrt((sums[2] - sums[0] * sums[0] / count) * (sums[3] - sums[1] * sums[1] / count));
    }

    private static void assertShowsTheSpecimen(Path batch) throws IOException {
        OmeZarrReader movie = OmeZarrReader.open(batch.resolve("movie.ome.zarr"));
        assertEquals(SHOTS, movie.size('t'));
        assertEquals(4, movie.size('c'));
        NpyFloats phase = Npz.open(shots).floats("phase");
        int pixels = ROWS * COLUMNS;
        for (int t = 0; t < SHOTS; t++) {
            double alike =
                    alike(movie.plane(t, 1, 0), Arrays.copyOfRange(phase.values(), t * pixels, (t + 1) * pixels));
            assertTrue(alike > 0.93, "frame " + t + " agrees by " + alike);
        }
    }

    @Test
    void aLongRecordingBecomesOneMovie() throws Exception {
        Path out = directory.resolve("movie");
        CommandLineRunner.Result result = successful(words("reconstruct", out));
        assertTrue(result.err().contains("4 pieces: 4 windows of 4 shots, 1 patches of 48x56"), result.err());
        assertTrue(result.out().contains("10 frames in "), result.out());
        assertShowsTheSpecimen(out);
        String status = successful("batch", "status", out.toString()).out();
        assertTrue(status.contains("       4 done\n"), status);
        assertTrue(
                Files.exists(out.resolve("pieces/w00002/p00000/checkpoints"))
                        && !Files.exists(out.resolve("pieces/w00001/p00000/checkpoints")),
                "checkpoints are kept only as long as they are needed");
        assertTrue(Files.readString(out.resolve("pieces.tsv")).contains("2\tw00002/p00000\t1\t5\t4\t0\t0\t48\t56\n"));
        assertTrue(
                Files.readString(out.resolve("pieces/w00001/p00000/config.yaml"))
                        .contains("epochs: 15"),
                "half of the shots are new: half of a quarter of the epochs");
        CommandLineRunner.Result other =
                CommandLineRunner.run(words("reconstruct", out, "--resume", "--set", "training.epochs=121"));
        assertTrue(other.err().contains("holds another plan already, or one for other settings"), other.err());
        CommandLineRunner.Result again = CommandLineRunner.run(words("reconstruct", out));
        assertEquals(1, again.exitCode());
        assertTrue(again.err().contains("holds a recording in pieces; go on with --resume"), again.err());
        successful(words("reconstruct", out, "--resume"));
    }

    /** Where a patch begins or ends to count, the error of the phase makes no step beyond the noise of a pixel. */
    @Test
    void patchesOfALargeFieldShowNoSeams() throws Exception {
        Path out = directory.resolve("patches");
        successful(words(
                "reconstruct",
                out,
                "--set",
                "windows.step=3",
                "--set",
                "patches.size=[48, 36]",
                "--set",
                "patches.overlap=16"));
        assertShowsTheSpecimen(out);
        OmeZarrReader movie = OmeZarrReader.open(out.resolve("movie.ome.zarr"));
        for (String truth : List.of("absorption", "phase")) {
            NpyFloats known = Npz.open(shots).floats(truth);
            for (int t = 0; t < SHOTS; t++) {
                double[] found = movie.plane(t, truth.equals("phase") ? 1 : 0, 0);
                double[] means = new double[COLUMNS];
                double square = 0;
                for (int y = 0; y < ROWS; y++)
                    for (int x = 1; x < COLUMNS; x++) {
                        int i = y * COLUMNS + x;
                        int at = t * ROWS * COLUMNS + i;
                        double step = (found[i] - known.values()[at]) - (found[i - 1] - known.values()[at - 1]);
                        means[x] += step / ROWS;
                        square += step * step / (ROWS * (COLUMNS - 1));
                    }
                for (int seam : new int[] {20, 36})
                    assertTrue(
                            Math.abs(means[seam]) < Math.sqrt(square),
                            truth + " of frame " + t + " steps by " + means[seam] + " at column " + seam
                                    + "; from pixel to pixel it varies by " + Math.sqrt(square));
            }
        }
    }

    private static TreeMap<String, Integer> bytes(Path batch) throws IOException {
        TreeMap<String, Integer> bytes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(batch)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = batch.relativize(file).toString();
                if (name.startsWith("movie") || name.endsWith("frames.npy"))
                    bytes.put(name, Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return bytes;
    }

    /** Killed at random, whatever it was doing then; -Dnstm.kills says how often. */
    @Test
    void killedAtAnyTimeTheMovieIsTheSame() throws Exception {
        String[] cut = {"--set", "patches.size=[48, 36]", "--set", "training.epochs=20"};
        Path undisturbed = directory.resolve("undisturbed");
        successful(words("batch plan", undisturbed, cut));
        successful("batch", "run", undisturbed.toString());
        SplittableRandom random = Seeds.random();
        int kills = Integer.getInteger("nstm.kills", 3);
        Path disturbed = directory.resolve("disturbed");
        successful(words("batch plan", disturbed, cut));
        int killed = 0;
        for (int attempt = 0; killed < kills && attempt < 3 * kills; attempt++) {
            // Work gets done between the kills; when all of it is, the merger has to begin again.
            if (Files.exists(disturbed.resolve("pieces/w00003/p00001/frames.npy"))) {
                Files.delete(disturbed.resolve("movie.ome.zarr.frames"));
                Files.delete(disturbed.resolve("pieces/w00003/p00001/frames.npy"));
            }
            Process run = CommandLineRunner.start(
                    directory.resolve("run.out"), directory.resolve("run.err"), "batch", "run", disturbed.toString());
            if (!run.waitFor(1000 + random.nextLong(3000), TimeUnit.MILLISECONDS)) {
                run.destroyForcibly().waitFor();
                killed++;
            }
        }
        assertEquals(kills, killed);
        successful("batch", "run", disturbed.toString());
        assertEquals(bytes(undisturbed), bytes(disturbed));
    }

    @Test
    void severalProcessesShareTheWork() throws Exception {
        Path out = directory.resolve("shared");
        successful(words("batch plan", out, "--set", "patches.size=[48, 36]", "--set", "training.epochs=8"));
        List<Process> runs = new ArrayList<>();
        for (int i = 0; i < 2; i++)
            runs.add(CommandLineRunner.start(
                    directory.resolve("shared" + i + ".out"),
                    directory.resolve("shared" + i + ".err"),
                    "batch",
                    "run",
                    out.toString(),
                    "--threads",
                    "1"));
        for (int i = 0; i < 2; i++)
            assertEquals(0, runs.get(i).waitFor(), Files.readString(directory.resolve("shared" + i + ".err")));
        Path alone = directory.resolve("alone");
        successful(words("batch plan", alone, "--set", "patches.size=[48, 36]", "--set", "training.epochs=8"));
        successful("batch", "run", alone.toString());
        assertEquals(bytes(alone), bytes(out));
    }

    @Test
    void aPieceThatFailsIsNamedWithItsReason() throws Exception {
        Path out = directory.resolve("failing");
        Path lost = Files.copy(shots, directory.resolve("lost.npz"));
        successful(
                "batch",
                "plan",
                config.toString(),
                "--data",
                lost.toString(),
                "--out",
                out.toString(),
                "--set",
                "training.epochs=2");
        successful("batch", "run", out.toString(), "--only", "0");
        Files.delete(lost);
        CommandLineRunner.Result run = CommandLineRunner.run("batch", "run", out.toString());
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("1 pieces failed: w00001/p00000"), run.err());
        String status = successful("batch", "status", out.toString()).out();
        assertTrue(status.contains("       1 done\n"), status);
        assertTrue(status.contains("       1 failed\n"), status);
        assertTrue(status.contains("       2 waiting\n"), status);
        assertTrue(status.contains("  1 w00001/p00000 failed: " + lost + ": no such file\n"), status);
        Files.copy(shots, lost);
        successful("batch", "run", out.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "windows.shots=4 windows.step=5 | windows.step: windows of 4 shots, 5 apart, leave shots out",
                "patches.size=[48.5,36] | patches.size needs two whole numbers",
                "patches.size=[20,20] patches.overlap=20 | cannot overlap by 20 samples",
                "data.crop=[0,0,20,20] | data.crop and pieces exclude each other",
                "data.shots=[1,4] | data.shots and pieces exclude each other",
                "windows.shots=0 | windows.shots must be at least 1"
            })
    void wrongCutsAreRefused(String settings, String message) throws Exception {
        List<String> more = new ArrayList<>();
        for (String setting : settings.split(" ")) more.addAll(List.of("--set", setting));
        CommandLineRunner.Result result =
                CommandLineRunner.run(words("batch plan", directory.resolve("wrong"), more.toArray(String[]::new)));
        assertEquals(1, result.exitCode());
        assertEquals(1, result.errorLines().size(), result.err());
        assertTrue(result.err().contains(message), result.err());
    }

    @Test
    void aPieceOutOfTurnIsRefused() throws Exception {
        Path out = directory.resolve("turn");
        successful(words("batch plan", out));
        CommandLineRunner.Result early = CommandLineRunner.run("batch", "run", out.toString(), "--only", "2");
        assertTrue(early.err().contains("w00002/p00000 goes on from the piece before, which is not done"), early.err());
        CommandLineRunner.Result none = CommandLineRunner.run("batch", "run", out.toString(), "--only", "4");
        assertTrue(none.err().contains("there are pieces 0 to 3, got 4"), none.err());
        CommandLineRunner.Result other = CommandLineRunner.run(words("batch plan", out, "--set", "windows.step=1"));
        assertTrue(other.err().contains("holds another plan already"), other.err());
    }

    /** What is needed is said before it is taken; --memory cuts the field so that it fits. */
    @Test
    void memoryIsPlanned() throws Exception {
        Path out = directory.resolve("memory");
        CommandLineRunner.Result cut =
                CommandLineRunner.run(words("batch plan", out, "--set", "windows.shots=10", "--memory", "250M"));
        assertEquals(1, cut.exitCode());
        assertTrue(
                cut.err().contains("windows of 10 shots need about 294 MB of memory even in patches of 64x64"),
                cut.err());
        CommandLineRunner.Result wrong = CommandLineRunner.run(words("batch plan", out, "--memory", "much"));
        assertTrue(wrong.err().contains("--memory takes a size such as 4G or 800M, got much"), wrong.err());
        CommandLineRunner.Result followed = CommandLineRunner.run(words("reconstruct", out, "--monitor"));
        assertTrue(
                followed.err().contains("which nstm batch status follows; leave --monitor and --progress away"),
                followed.err());
        Path whole = Files.writeString(
                directory.resolve("whole.yaml"), Files.readString(config).replace("windows: {shots: 4}\n", ""));
        CommandLineRunner.Result told = CommandLineRunner.run(
                "reconstruct",
                whole.toString(),
                "--data",
                shots.toString(),
                "--out",
                directory.resolve("told").toString(),
                "--set",
                "data.shots=[1, 4]",
                "--set",
                "training.epochs=1");
        assertTrue(told.err().contains("nstm: memory: about 284 MB needed, "), told.err());
    }

    /** Who works in a directory keeps it for the whole time. */
    @Test
    void nobodyElseWorksInADirectoryInWhichARunGoesOn() throws Exception {
        Path out = directory.resolve("held");
        Path whole = Files.writeString(
                directory.resolve("long.yaml"),
                Files.readString(config).replace("windows: {shots: 4}\n", "").replace("epochs: 120", "epochs: 100000"));
        String[] words = {
            "reconstruct",
            whole.toString(),
            "--data",
            shots.toString(),
            "--out",
            out.toString(),
            "--resume",
            "--set",
            "data.shots=[1, 4]"
        };
        Process first = CommandLineRunner.start(directory.resolve("held.out"), directory.resolve("held.err"), words);
        try {
            for (int i = 0; i < 120 && !Files.exists(out.resolve("metrics.csv")); i++) Thread.sleep(500);
            CommandLineRunner.Result second = CommandLineRunner.run(words);
            assertEquals(1, second.exitCode());
            assertTrue(second.err().contains("is being written by another run (process " + first.pid()), second.err());
        } finally {
            first.destroyForcibly().waitFor();
        }
    }
}
