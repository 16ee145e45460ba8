package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.StackDescription;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.apps.zarr.OmeZarrReader;
import dev.nstm.optics.Grid2D;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Structured illumination through the command line, each run in a process of its own. */
class SimEndToEndTest {
    @TempDir
    private static Path directory;

    private static Path config;
    private static Path shots;

    @BeforeAll
    static void simulate() throws Exception {
        config = Files.writeString(directory.resolve("sim.yaml"), """
                system: sim
                data:
                  phases: 3
                optics:
                  wavelength: 0.525
                  excitationWavelength: 0.488
                  numericalAperture: 1.2
                  mediumIndex: 1.33
                  pixelSize: 0.08
                  zStep: 0.15
                sim:
                  angles: [0.3, 1.347, 2.394]
                  lineSpacings: [0.24]
                simulation:
                  planes: 1
                  height: 48
                  width: 56
                  drift: 3
                  deformation: 0
                  photons: 5000
                object:
                  width: 32
                training:
                  epochs: 40
                  batchSize: 3
                """);
        shots = directory.resolve("shots.npz");
        CommandLineRunner.Result result =
                CommandLineRunner.run("simulate", config.toString(), "--out", shots.toString());
        assertEquals(0, result.exitCode(), result.err());
    }

    @Test
    void aMovingSpecimenIsReconstructedBetterThanByWiener() throws Exception {
        Path out = directory.resolve("out");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                shots.toString(),
                "--out",
                out.toString(),
                "--set",
                "uncertainty.replicas=2");
        assertEquals(0, result.exitCode(), result.err());
        howFarOffItMayBeIsTold(result.out(), out);
        String mean = result.out()
                .lines()
                .filter(line -> line.startsWith("mean"))
                .findFirst()
                .orElseThrow();
        String[] values = mean.replace("mean", "").replace("dB", "").strip().split("\\s+");
        assertTrue(Double.parseDouble(values[1]) > Double.parseDouble(values[0]) + 1, mean);
        Matcher registered =
                Pattern.compile("directions registered before: ([0-9.]+) dB").matcher(result.out());
        assertTrue(registered.find(), result.out());
        assertTrue(Double.parseDouble(registered.group(1)) > Double.parseDouble(values[0]), "it drifts");
        Npz recon = Npz.open(out.resolve("recon.npz"));
        assertEquals("9x1x96x112", recon.get("recon").size());
        assertEquals("9x1x96x112x2", recon.get("motion").size());
        assertEquals(9, ImageFiles.read(out.resolve("density.tif")).size());
        assertTrue(Files.readString(out.resolve("report.html")).contains("Space-time model"));
        JsonNode figures = evaluate(out.resolve("recon.npz"));
        assertEquals(9, figures.get("times").size());
        assertEquals(
                Double.parseDouble(values[1]),
                figures.get("mean").get("psnr_db").asDouble(),
                0.006);
        assertEquals(0, figures.get("times").get(0).get("motion_error_px").asDouble());

        // The unit and the zero of a density are open: a copy in others is as near to the truth.
        Path other = Files.createDirectory(directory.resolve("other-unit"));
        Files.copy(out.resolve("config.yaml"), other.resolve("config.yaml"));
        Map<String, NpyArray> arrays = AllArrays.in(out.resolve("recon.npz"));
        arrays.put(
                "recon",
                new NpyArray(
                        recon.get("recon").shape(),
                        Arrays.stream(recon.get("recon").values())
                                .map(value -> 3 * value + 5)
                                .toArray()));
        Npz.write(other.resolve("recon.npz"), arrays);
        assertEquals(
                figures.get("mean").get("psnr_db").asDouble(),
                evaluate(other.resolve("recon.npz")).get("mean").get("psnr_db").asDouble(),
                1e-3);
        Files.delete(other.resolve("config.yaml"));
        result = CommandLineRunner.run(
                "evaluate", "--recon", other.resolve("recon.npz").toString(), "--truth", shots.toString());
        assertEquals(1, result.exitCode());
        assertTrue(
                result.err().contains("config.yaml: the configuration of the run is needed beside it"), result.err());
    }

    private static void howFarOffItMayBeIsTold(String told, Path out) throws Exception {
        Matcher covered = Pattern.compile("within the stated uncertainty .*: density ([0-9]+) %, motion ([0-9]+) %")
                .matcher(told);
        assertTrue(covered.find(), told);
        // Of two replicas a deviation is hardly known.
        assertTrue(Integer.parseInt(covered.group(1)) >= 25, told);
        Npz recon = Npz.open(out.resolve("recon.npz"));
        assertEquals("9x1x96x112", recon.get("uncertainty").size());
        assertEquals("9x1x96x112", recon.get("motion_uncertainty").size());
        assertTrue(Arrays.stream(recon.get("uncertainty").values()).allMatch(value -> value > 0 && value < 1e6));
        String zarr = Files.readString(out.resolve("recon.ome.zarr/.zattrs"));
        assertTrue(zarr.contains("uncertainty of density") && zarr.contains("uncertainty of motion"), zarr);
        CommandLineRunner.Result evaluated = CommandLineRunner.run(
                "evaluate", "--recon", out.resolve("recon.npz").toString(), "--truth", shots.toString());
        assertTrue(evaluated.out().contains(covered.group()), evaluated.out());
    }

    private static JsonNode evaluate(Path recon) throws Exception {
        CommandLineRunner.Result result =
                CommandLineRunner.run("evaluate", "--recon", recon.toString(), "--truth", shots.toString(), "--json");
        assertEquals(0, result.exitCode(), result.err());
        return new ObjectMapper().readTree(result.out());
    }

    @Test
    void severalTimePointsBecomeOneMovie() throws Exception {
        Path two = directory.resolve("two.npz");
        String[] settings = {"--set", "data.timePoints=2", "--set", "training.epochs=2"};
        assertEquals(
                0,
                CommandLineRunner.run("simulate", config.toString(), "--out", two.toString(), settings[0], settings[1])
                        .exitCode());
        Path out = directory.resolve("timepoints");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                two.toString(),
                "--out",
                out.toString(),
                settings[0],
                settings[1],
                settings[2],
                settings[3]);
        assertEquals(0, result.exitCode(), result.err());
        assertEquals(
                "18x1x96x112", Npz.open(out.resolve("recon.npz")).get("recon").size());
        assertEquals(2, ImageFiles.read(out.resolve("wiener.tif")).size());
        ImageJ.assertReads(out, "um", 0.04, 0);
        assertTrue(result.out().lines().anyMatch(line -> line.matches("1\\s+2\\s+2\\s.*")), result.out());
    }

    @Test
    void planesWithTimesOfTheirOwnAreComparedOneByOne() throws Exception {
        Path volume = Files.writeString(
                directory.resolve("planes.yaml"),
                Files.readString(config)
                        .replace("planes: 1", "planes: 3")
                        .replace("height: 48", "height: 24")
                        .replace("width: 56", "width: 28"));
        Path data = directory.resolve("planes.npz");
        assertEquals(
                0,
                CommandLineRunner.run(
                                "simulate", volume.toString(), "--out", data.toString(), "--set", "sim.timing=plane")
                        .exitCode());
        assertEquals("3x3x3", Npz.open(data).get("timestamp_phase").size());
        Path out = directory.resolve("planes");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct",
                volume.toString(),
                "--data",
                data.toString(),
                "--out",
                out.toString(),
                "--set",
                "sim.timing=plane",
                "--set",
                "training.epochs=3");
        assertEquals(0, result.exitCode(), result.err());
        assertEquals(
                "9x3x48x56", Npz.open(out.resolve("recon.npz")).get("recon").size());
        ImageJ.assertReads(out, "um", 0.04, 0.15);
        CommandLineRunner.Result byImage = CommandLineRunner.run(
                "reconstruct",
                volume.toString(),
                "--data",
                data.toString(),
                "--out",
                directory.resolve("unmatched").toString(),
                "--set",
                "training.epochs=3");
        assertEquals(1, byImage.exitCode());
        assertTrue(byImage.err().contains("\"timestamp_phase\" is 3x3x3"), byImage.err());
    }

    @Test
    void aFinishedRunIsShownAtOtherTimesAndItsPointsFollowed() throws Exception {
        Path out = directory.resolve("short");
        CommandLineRunner.Result run = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                shots.toString(),
                "--out",
                out.toString(),
                "--set",
                "training.epochs=2");
        assertEquals(0, run.exitCode(), run.err());
        CommandLineRunner.Result render = CommandLineRunner.run("render", out.toString(), "--times", "5");
        assertEquals(0, render.exitCode(), render.err());
        assertEquals(
                "5x1x96x112", Npz.open(out.resolve("movie.npz")).get("recon").size());
        assertEquals(5, ImageFiles.read(out.resolve("movie.tif")).size());
        ImageJ.assertReads(out, "um", 0.04, 0);
        Path points = Files.writeString(directory.resolve("points.csv"), "y,x\n30,40\n50,60\n");
        CommandLineRunner.Result track = CommandLineRunner.run("track", out.toString(), "--points", points.toString());
        assertEquals(0, track.exitCode(), track.err());
        assertEquals(1 + 2 * 5, Files.readAllLines(out.resolve("tracks.csv")).size());
        CommandLineRunner.Result outside = CommandLineRunner.run(
                "track",
                out.toString(),
                "--points",
                Files.writeString(points, "300,40\n").toString());
        assertEquals(1, outside.exitCode());
        assertTrue(outside.err().contains("[300, 40] lies outside"), outside.err());
    }

    @Test
    void aFieldIsReconstructedInPatches() throws Exception {
        Path out = directory.resolve("patches");
        CommandLineRunner.Result plan = CommandLineRunner.run(
                "batch",
                "plan",
                config.toString(),
                "--data",
                shots.toString(),
                "--set",
                "patches.size=[48, 32]",
                "--set",
                "patches.overlap=8",
                "--set",
                "patches.join=average",
                "--out",
                out.toString(),
                "--set",
                "training.epochs=2");
        assertEquals(0, plan.exitCode(), plan.err());
        assertTrue(plan.out().contains("2 patches"), plan.out());
        assertEquals(
                0,
                CommandLineRunner.run("batch", "run", out.toString(), "--only", "1")
                        .exitCode());
        CommandLineRunner.Result early = CommandLineRunner.run("batch", "merge", out.toString());
        assertEquals(1, early.exitCode());
        assertTrue(early.err().contains("w00000/p00000;") && !early.err().contains("p00001"), early.err());
        assertEquals(0, CommandLineRunner.run("batch", "run", out.toString()).exitCode());
        CommandLineRunner.Result merge = CommandLineRunner.run("batch", "merge", out.toString());
        assertEquals(0, merge.exitCode(), merge.err());
        OmeZarrReader movie = OmeZarrReader.open(out.resolve("movie.ome.zarr"));
        assertEquals(9, movie.size('t'));
        assertEquals(3, movie.size('c'));
        assertEquals(96, movie.size('y'));
        assertEquals(112, movie.size('x'));
    }

    @Test
    void theEstimateAgreesWithWhatWasSimulatedAndWarnsOfWrongValues() throws Exception {
        CommandLineRunner.Result result = CommandLineRunner.run(
                "sim",
                "estimate",
                config.toString(),
                "--data",
                shots.toString(),
                "--set",
                "sim.angles=[0.3, 1.5, 2.394]");
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.out().contains("good"), result.out());
        assertTrue(result.out().contains("direction 2: the configured 1.5000 rad"), result.out());
        assertFalse(result.out().contains("direction 1: the configured"), result.out());
    }

    /** As a whole, within what the specimen bends meanwhile. */
    private static void theDirectionsShiftsAreThoseOfTheSpecimen(String told) throws Exception {
        Matcher line = Pattern.compile("shifts of the directions as a whole \\(rows, columns\\): (.*) samples")
                .matcher(told);
        assertTrue(line.find(), told);
        double[] found = Arrays.stream(line.group(1).split("[,;] "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        NpyArray motion = Npz.open(shots).get("motion");
        int pixels = motion.values().length / 9 / 2;
        for (int direction = 1; direction < 3; direction++)
            for (int axis = 0; axis < 2; axis++) {
                double moved = 0;
                for (int i = 0; i < 3 * pixels; i++)
                    moved += (motion.values()[2 * (direction * 3 * pixels + i) + axis] - motion.values()[2 * i + axis])
                            / (3 * pixels);
                assertEquals(moved, found[2 * direction + axis], 0.5, "direction " + direction + ", axis " + axis);
            }
    }

    @Test
    void theConventionalImageComesAlone() throws Exception {
        Path out = directory.resolve("baseline");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "baseline", config.toString(), "--data", shots.toString(), "--out", out.toString());
        assertEquals(0, result.exitCode(), result.err());
        assertEquals(
                "96x112", ImageFiles.read(out.resolve("wiener.tif")).getFirst().size());
        assertEquals(
                "96x112",
                ImageFiles.read(out.resolve("registered.tif")).getFirst().size());
        theDirectionsShiftsAreThoseOfTheSpecimen(result.out());
        ImageJ.assertReads(out, "um", 0.04, 0);
    }

    @Test
    void theRealStackTellsItsPatterns() throws Exception {
        Path data = Path.of("../../shared/data/sim3d_raw.tif");
        assumeTrue(
                Files.exists(data),
                "no measured data in " + data.toAbsolutePath().normalize());
        Path real = Files.writeString(directory.resolve("real.yaml"), """
                system: sim
                data:
                  order: direction,z,phase
                optics:
                  wavelength: 0.53
                  numericalAperture: 1.42
                  mediumIndex: 1.515
                  pixelSize: 0.08
                  zStep: 0.125
                sim:
                  otf: %s
                """.formatted(
                        data.resolveSibling("sim3d_otf.tif").toAbsolutePath().normalize()));
        CommandLineRunner.Result result =
                CommandLineRunner.run("sim", "estimate", real.toString(), "--data", data.toString());
        assertEquals(0, result.exitCode(), result.err());
        double[] angles = list(result.out(), "angles");
        double[] spacings = list(result.out(), "lineSpacings");
        double[] known = {0.8043, 1.8555, -0.2388};
        for (int i = 0; i < 3; i++) {
            assertEquals(known[i], angles[i], Math.toRadians(0.5));
            assertEquals(0.407, spacings[i], 0.005 * 0.407);
        }
    }

    private static double[] list(String text, String key) {
        String line =
                text.lines().filter(l -> l.strip().startsWith(key)).findFirst().orElseThrow();
        String[] parts =
                line.substring(line.indexOf('[') + 1, line.indexOf(']')).split(",");
        double[] values = new double[parts.length];
        for (int i = 0; i < values.length; i++) values[i] = Double.parseDouble(parts[i]);
        return values;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data.phases=4                        | 4 phases (data.phases)",
                "sim.lineSpacings=[0.05]              | line spacing of 0.05 um",
                "sim.angles=[0.3, 1.2]                | 2 angles for 3 directions",
                "optics.zStep=0                       | zStep must be above 0",
                "sim.padding=[0, -1, 0]               | sim.padding",
            })
    void wrongValuesAreToldInOneLine(String setting, String expected) throws Exception {
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                shots.toString(),
                "--out",
                directory.resolve("wrong").toString(),
                "--set",
                setting.strip());
        assertEquals(1, result.exitCode(), result.out());
        assertEquals(1, result.errorLines().size(), result.err());
        String part = expected.strip();
        assertTrue(result.err().contains(part), result.err());
    }

    @Test
    void aStackThatIsNotWholeOrWithAnEmptyOtfIsRefused() throws Exception {
        Path stack = directory.resolve("stack.tif");
        Path otf = directory.resolve("otf.tif");
        List<float[]> pages = new ArrayList<>();
        for (int i = 0; i < 9; i++) pages.add(new float[32 * 32]);
        TiffStack.write(stack, pages, StackDescription.ofPictures(32, 32, pages.size(), 0.08));
        TiffStack.write(otf, List.of(new float[17 * 2], new float[17 * 2]), StackDescription.ofPictures(17, 2, 2, 1));
        assertEquals(new Grid2D(17, 2).size(), ImageFiles.read(otf).getFirst().size());
        CommandLineRunner.Result zero = CommandLineRunner.run(
                "sim", "estimate", config.toString(), "--data", stack.toString(), "--set", "sim.otf=" + otf);
        assertEquals(1, zero.exitCode());
        assertTrue(zero.err().contains("zero everywhere"), zero.err());
        TiffStack.write(stack, pages.subList(0, 8), StackDescription.ofPictures(32, 32, 8, 0.08));
        CommandLineRunner.Result count = CommandLineRunner.run(
                "sim", "estimate", config.toString(), "--data", stack.toString(), "--set", "sim.otf=" + otf);
        assertEquals(1, count.exitCode());
        assertTrue(count.err().contains("8 pages are not 1 time points x 3 directions x 3 phases"), count.err());
    }
}
