package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nstm.Seeds;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.StackDescription;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.optics.Grid2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a person uses it, each run in a process of its own. */
class EndToEndTest {
    private static final String[] SMALL = {
        "--set",
        "object.width=32",
        "--set",
        "object.log2TableSize=10",
        "--set",
        "motion.log2TableSize=8",
        "--set",
        "uncertainty.replicas=0"
    };

    @TempDir
    private static Path directory;

    private static Path config;
    private static Path shots;

    @BeforeAll
    static void simulate() throws Exception {
        config = Files.writeString(directory.resolve("small.yaml"), """
                system: dpc
                optics:
                  wavelength: 0.525
                  numericalAperture: 0.25
                  pixelSize: 0.454
                simulation:
                  height: 40
                  width: 51
                  drift: 3
                training:
                  epochs: 30
                  checkpointEvery: 1
                """);
        shots = directory.resolve("shots.npz");
        CommandLineRunner.Result result =
                CommandLineRunner.run("simulate", config.toString(), "--out", shots.toString());
        assertEquals(0, result.exitCode(), result.err());
    }

    private static String[] reconstruct(Path out, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("reconstruct", config.toString(), "--data", shots.toString(), "--out", out.toString()));
        arguments.addAll(List.of(SMALL));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static void assertSameResult(Path expected, Path actual) throws IOException {
        Npz a = Npz.open(expected.resolve("recon.npz"));
        Npz b = Npz.open(actual.resolve("recon.npz"));
        for (String name : List.of("recon", "motion", "t", "uncertainty", "motion_uncertainty"))
            if (a.has(name)) assertArrayEquals(a.get(name).values(), b.get(name).values(), name);
        assertEquals(withoutSeconds(expected), withoutSeconds(actual));
    }

    private static List<String> withoutSeconds(Path out) throws IOException {
        return Files.readAllLines(out.resolve("metrics.csv")).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList();
    }

    @Test
    void aRunWritesEverythingAndTheOtherCommandsReadIt() throws Exception {
        Path out = directory.resolve("all");
        CommandLineRunner.Result result = CommandLineRunner.run(reconstruct(out, "--set", "uncertainty.replicas=2"));
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.out().contains("mean  PSNR"), result.out());
        for (String file : List.of(
                "recon.npz",
                "recon.ome.zarr/.zattrs",
                "metrics.csv",
                "config.yaml",
                "absorption.tif",
                "phase.tif",
                "report.html")) assertTrue(Files.size(out.resolve(file)) > 0, file);
        Npz recon = Npz.open(out.resolve("recon.npz"));
        assertArrayEquals(new int[] {4, 40, 51, 2}, recon.get("recon").shape());
        assertArrayEquals(new int[] {4, 40, 51, 2}, recon.get("motion").shape());
        assertArrayEquals(new int[] {4, 40, 51, 2}, recon.get("uncertainty").shape());
        assertTrue(
                result.out().contains("within the stated uncertainty (68 % are expected): absorption"), result.out());

        List<Grid2D> pages = ImageFiles.read(out.resolve("phase.tif"));
        assertEquals(4, pages.size());
        assertEquals(
                recon.get("recon").values()[(51 * 7 + 5) * 2 + 1],
                pages.getFirst().get(7, 5),
                "phase at row 7, column 5");

        result = CommandLineRunner.run(
                "evaluate",
                "--recon",
                out.resolve("recon.npz").toString(),
                "--truth",
                shots.toString(),
                "--margin",
                "6",
                "--json");
        assertEquals(0, result.exitCode(), result.err());
        JsonNode json = new ObjectMapper().readTree(result.out());
        assertEquals(4, json.get("times").size());
        assertTrue(json.get("mean").get("phase").get("psnr_db").asDouble() > 10);
        assertTrue(json.get("times").get(3).has("motion_error_px"));

        result = CommandLineRunner.run(
                "evaluate", "--recon", out.resolve("recon.npz").toString(), "--json");
        assertEquals(0, result.exitCode(), result.err());
        json = new ObjectMapper().readTree(result.out());
        assertEquals(4, json.get("shots").size());
        double left = json.get("shots").get(2).get("left").asDouble();
        assertTrue(left > 0 && left < json.get("shots").get(2).get("signal").asDouble(), result.out());
        assertTrue(json.get("verdict").get(0).asText().contains("explained"), result.out());
        assertTrue(
                Files.readString(out.resolve("report.html")).contains("\"remainder\":{"), "pictures of what is left");

        for (String other : List.of("recon1.npz", "baseline.npz")) {
            result = CommandLineRunner.run(
                    "evaluate", "--recon", out.resolve(other).toString());
            assertEquals(1, result.exitCode());
            assertEquals(1, result.errorLines().size(), result.err());
            assertTrue(
                    result.err()
                            .contains(
                                    other.equals("recon1.npz") ? "no such file" : "only the recon.npz of a run can be"),
                    result.err());
        }

        result = CommandLineRunner.run("render", out.toString(), "--times", "7");
        assertEquals(0, result.exitCode(), result.err());
        Npz movie = Npz.open(out.resolve("movie.npz"));
        assertArrayEquals(new int[] {7, 40, 51, 2}, movie.get("recon").shape());
        for (int i = 0; i < 40 * 51 * 2; i++)
            assertEquals(recon.get("recon").values()[i], movie.get("recon").values()[i], "first time");
        assertEquals(
                9 * 51, ImageIO.read(out.resolve("movie-phase.png").toFile()).getWidth());

        result = CommandLineRunner.run(
                "export",
                out.toString(),
                "--times",
                "5",
                "--format",
                "gif,ome-zarr",
                "--ome-zarr",
                "0.5",
                "--channels",
                "phase,motion");
        assertEquals(0, result.exitCode(), result.err());
        assertEquals("5 times in " + out + ": movie-phase.gif, movie.ome.zarr\n", result.out());
        JsonNode zarr = new ObjectMapper()
                .readTree(out.resolve("movie.ome.zarr/zarr.json").toFile());
        List<String> labels = new ArrayList<>();
        for (JsonNode channel : zarr.get("attributes").get("ome").get("omero").get("channels"))
            labels.add(channel.get("label").asText());
        assertEquals(List.of("phase (rad)", "motion y (\u00b5m)", "motion x (\u00b5m)"), labels);
        for (String[] wrong : new String[][] {
            {"--format", "jpg"}, {"--channels", "fase"}, {"--channels", "motion"}, {"--ome-zarr", "0.3"}
        }) {
            result = CommandLineRunner.run("export", out.toString(), wrong[0], wrong[1]);
            assertEquals(1, result.exitCode());
            assertEquals(1, result.errorLines().size(), result.err());
        }

        result = CommandLineRunner.run(
                "baseline", config.toString(), "--data", shots.toString(), "--out", out.toString());
        assertEquals(0, result.exitCode(), result.err());
        assertArrayEquals(
                new int[] {4, 40, 51, 2},
                Npz.open(out.resolve("baseline.npz")).get("recon").shape());
        ImageJ.assertReads(out, "um", 0.454, 0);

        byte[] before = Files.readAllBytes(out.resolve("recon.npz"));
        result = CommandLineRunner.run(reconstruct(out, "--set", "training.epochs=1"));
        assertEquals(1, result.exitCode());
        assertEquals(1, result.errorLines().size(), result.err());
        assertTrue(
                result.err().contains("all holds a finished reconstruction (recon.npz of 2")
                        && result.err().contains("--force")
                        && result.err().contains("--resume"),
                result.err());
        assertArrayEquals(before, Files.readAllBytes(out.resolve("recon.npz")));
        assertEquals(
                0,
                CommandLineRunner.run(reconstruct(out, "--set", "training.epochs=1", "--force"))
                        .exitCode());
    }

    @Test
    void threadsAndTheResolvedConfigurationDoNotChangeABit() throws Exception {
        Path one = directory.resolve("one");
        Path two = directory.resolve("two");
        Path again = directory.resolve("again");
        assertEquals(
                0,
                CommandLineRunner.run(reconstruct(one, "--threads", "1", "--set", "uncertainty.replicas=2"))
                        .exitCode());
        assertEquals(
                0,
                CommandLineRunner.run(reconstruct(two, "--threads", "2", "--set", "uncertainty.replicas=2"))
                        .exitCode());
        assertSameResult(one, two);
        CommandLineRunner.Result result =
                CommandLineRunner.run("reconstruct", one.resolve("config.yaml").toString(), "--out", again.toString());
        assertEquals(0, result.exitCode(), result.err());
        assertSameResult(one, again);
    }

    @Test
    void aRunKilledTwentyTimesEndsWithTheSameBits() throws Exception {
        Path whole = directory.resolve("whole");
        Path killed = directory.resolve("killed");
        String[] epochs = {"--set", "training.epochs=150"};
        assertEquals(0, CommandLineRunner.run(reconstruct(whole, epochs)).exitCode());
        SplittableRandom random = Seeds.random();
        Path log = directory.resolve("killed.log");
        int kills = 0;
        while (kills < 20) {
            Process process =
                    CommandLineRunner.start(log, log, reconstruct(killed, "--set", "training.epochs=150", "--resume"));
            boolean ended = process.waitFor(700 + random.nextInt(900), TimeUnit.MILLISECONDS);
            if (ended) break;
            process.destroyForcibly().waitFor();
            kills++;
        }
        CommandLineRunner.Result result =
                CommandLineRunner.run(reconstruct(killed, "--set", "training.epochs=150", "--resume"));
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(kills >= 5, "the run ended after " + kills + " kills; it is too short for this test");
        assertSameResult(whole, killed);
    }

    @Test
    void anInterruptionSavesACheckpointAndTheRunGoesOnFromIt() throws Exception {
        Path whole = directory.resolve("uninterrupted");
        Path broken = directory.resolve("interrupted");
        String[] epochs = {"--set", "training.epochs=1000", "--set", "training.checkpointEvery=100000"};
        assertEquals(0, CommandLineRunner.run(reconstruct(whole, epochs)).exitCode());
        Path log = directory.resolve("interrupted.log");
        Process process =
                CommandLineRunner.start(directory.resolve("interrupted.out"), log, reconstruct(broken, epochs));
        for (int i = 0; i < 600 && !Files.readString(log).contains("epoch "); i++) Thread.sleep(50);
        assumeTrue(
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                                .start()
                                .waitFor()
                        == 0,
                "no kill command here");
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(130, process.exitValue());
        assertTrue(Files.readString(log).contains("nstm: tried even light, motion roughness"), Files.readString(log));
        assertTrue(
                Files.readString(log).contains("the checkpoint is saved, go on with --resume"), Files.readString(log));
        try (Stream<Path> checkpoints = Files.list(broken.resolve("checkpoints"))) {
            assertEquals(1, checkpoints.count());
        }
        assertTrue(Files.size(broken.resolve("baseline-phase.png")) > 0, "the conventional picture comes first");
        assertTrue(
                Files.readString(broken.resolve("preview/report.html")).matches("(?s).* \\d+ of 1000 epochs, loss .*"));
        assertEquals(
                0,
                CommandLineRunner.run("render", broken.toString(), "--times", "3")
                        .exitCode());
        assertArrayEquals(
                new int[] {3, 40, 51, 2},
                Npz.open(broken.resolve("movie.npz")).get("recon").shape());
        assertTrue(CommandLineRunner.run(reconstruct(broken, epochs))
                .err()
                .contains("interrupted holds checkpoints of a run that did not end; go on with --resume"));
        CommandLineRunner.Result result = CommandLineRunner.run(reconstruct(
                broken, "--set", "training.epochs=1000", "--set", "training.checkpointEvery=100000", "--resume"));
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.err().contains("going on after epoch"), result.err());
        assertFalse(result.err().contains("tried"), "settings are found once: " + result.err());
        assertSameResult(whole, broken);
        String settled = Files.readString(broken.resolve("config.yaml"));
        assertTrue(settled.startsWith("# tried even light, motion roughness"), settled);
        assertEquals(Files.readString(whole.resolve("config.yaml")), settled);
        assertTrue(Files.notExists(broken.resolve("preview")));
        result = CommandLineRunner.run(
                reconstruct(broken, "--set", "training.epochs=1000", "--set", "training.seed=5", "--resume"));
        assertEquals(1, result.exitCode());
        assertTrue(result.err().contains("another configuration"), result.err());
        result = CommandLineRunner.run(reconstruct(broken, "--set", "training.epochs=1020", "--resume"));
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(
                result.err()
                        .contains(
                                "going on after epoch 1000; planned were 1000 epochs, now it is 1020: learning rates, annealing and reduced pictures follow the schedule of 1020 from here on"),
                result.err());
        List<String> rows = Files.readAllLines(broken.resolve("metrics.csv"));
        assertEquals(
                "epoch,loss,data,negative absorption,phase size,motion roughness,object rate,motion rate,seconds",
                rows.getFirst());
        assertEquals(1021, rows.size());
        assertTrue(rows.getLast().matches("1020(,[0-9.e+-]+){8}"), rows.getLast());
    }

    /**
     * What cannot be tried stays open, in the configuration that a resumed run is compared with too. Of how many
     * replicas its uncertainty was found does not matter.
     */
    @Test
    void aRunWithNothingToTryIsResumed() throws Exception {
        Path out = directory.resolve("unmoving");
        String[] unmoving = {
            "--set", "training.motionRate=0", "--set", "training.epochs=5", "--set", "uncertainty.replicas=2"
        };
        assertEquals(0, CommandLineRunner.run(reconstruct(out, unmoving)).exitCode());
        assertTrue(Npz.open(out.resolve("recon.npz")).has("uncertainty"), "of a scene that does not move too");
        CommandLineRunner.Result result = CommandLineRunner.run(
                reconstruct(out, "--set", "training.motionRate=0", "--set", "training.epochs=7", "--resume"));
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.err().contains("going on after epoch 5"), result.err());
    }

    @Test
    void divergenceNamesTheEpochAndTheLastGoodCheckpoint() throws Exception {
        CommandLineRunner.Result result = CommandLineRunner.run(reconstruct(
                directory.resolve("diverged"),
                "--set",
                "training.objectRate=1e30",
                "--set",
                "training.annealedFraction=0"));
        assertEquals(1, result.exitCode());
        assertTrue(result.err().contains("in epoch ") && result.err().contains("checkpoint"), result.err());
    }

    @Test
    void imagesWithoutSourcesAreReconstructedToo() throws Exception {
        Map<String, NpyArray> arrays = AllArrays.in(shots);
        List<float[]> pages = new ArrayList<>();
        for (int shot = 0; shot < 4; shot++) pages.add(page(arrays, shot));
        Path tiff = directory.resolve("stack.tif");
        TiffStack.write(tiff, pages, StackDescription.ofPictures(40, 51, pages.size(), 0.454));
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                tiff.toString(),
                "--out",
                directory.resolve("fromtiff").toString(),
                "--set",
                "training.epochs=2",
                "--set",
                "data.background=mean");
        assertEquals(0, result.exitCode(), result.err());
    }

    /** A shot as a camera would record it, on a bright background. */
    private static float[] page(Map<String, NpyArray> arrays, int shot) {
        float[] page = new float[40 * 51];
        for (int i = 0; i < page.length; i++)
            page[i] = (float) (1000 * (1 + arrays.get("img").values()[shot * page.length + i]));
        return page;
    }

    @ParameterizedTest
    @ValueSource(strings = {"separate", "posenc", "none"})
    void everyMotionEmbeddingTrains(String embedding) throws Exception {
        CommandLineRunner.Result result = CommandLineRunner.run(reconstruct(
                directory.resolve(embedding),
                "--set",
                "training.epochs=3",
                "--set",
                "motion.embedding=" + embedding,
                "--set",
                "training.annealing=by-level"));
        assertEquals(0, result.exitCode(), result.err());
        String[] lines = Files.readString(directory.resolve(embedding).resolve("metrics.csv"))
                .split("\n");
        assertEquals(4, lines.length);
        assertTrue(Double.isFinite(Double.parseDouble(lines[3].split(",")[1])), lines[3]);
    }

    @Test
    void helpShowsExamplesForEveryCommand() throws Exception {
        for (String command :
                List.of("demo", "init", "reconstruct", "baseline", "simulate", "export", "evaluate", "info", "bench")) {
            CommandLineRunner.Result result = CommandLineRunner.run(command, "--help");
            assertEquals(0, result.exitCode());
            assertTrue(result.out().contains("Example") && result.out().contains("nstm " + command), result.out());
        }
        CommandLineRunner.Result info = CommandLineRunner.run("info");
        assertTrue(info.out().contains("vectors") && info.out().contains("cuda"), info.out());
        CommandLineRunner.Result bench = CommandLineRunner.run("bench", "--dims", "48x64", "--steps", "2");
        assertTrue(bench.out().contains("GFLOP/s") && bench.out().contains("memory"), bench.out() + bench.err());
    }
}
