package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Selection;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lensless camera through the command line, each run in a process of its own. */
class LenslessEndToEndTest {
    @TempDir
    private static Path directory;

    private static Path config;
    private static Path photograph;

    @BeforeAll
    static void simulate() throws Exception {
        config = Files.writeString(directory.resolve("camera.yaml"), """
                system: lensless
                camera:
                  rowTime: 1
                  exposure: 6
                  window: 12
                  frames: 20
                simulation:
                  height: 64
                  width: 72
                  drift: 14
                  noise: 0.001
                object:
                  width: 32
                training:
                  epochs: 8
                  batchSize: 1
                  objectRate: 5e-3
                """);
        photograph = directory.resolve("photograph.npz");
        CommandLineRunner.Result result =
                CommandLineRunner.run("simulate", config.toString(), "--out", photograph.toString());
        assertEquals(0, result.exitCode(), result.err());
    }

    @Test
    void aMovieIsMadeOfOnePhotograph() throws Exception {
        Path out = directory.resolve("out");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                photograph.toString(),
                "--out",
                out.toString(),
                "--set",
                "uncertainty.replicas=2");
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.out().contains("within the stated uncertainty (68 % are expected): red "), "of every colour");
        String[] mean = result.out()
                .lines()
                .filter(line -> line.startsWith("mean"))
                .findFirst()
                .orElseThrow()
                .replaceAll("[^0-9. ]", "")
                .strip()
                .split("\\s+");
        assertTrue(Double.parseDouble(mean[1]) > Double.parseDouble(mean[0]) + 1, result.out());
        Npz recon = Npz.open(out.resolve("recon.npz"));
        assertEquals("20x32x36x3", recon.get("recon").size());
        assertEquals("20x32x36x2", recon.get("motion").size());
        assertEquals("20x32x36x3", recon.get("uncertainty").size());
        assertEquals("20x32x36", recon.get("motion_uncertainty").size());
        for (int colour = 1; colour <= 3; colour++) {
            assertEquals(
                    20,
                    ImageFiles.read(
                                    List.of(out.resolve("recon.tif")),
                                    new Selection(Optional.empty(), Optional.of(colour), false))
                            .pages()
                            .size());
        }
        BufferedImage first = ImageIO.read(out.resolve("recon.png").toFile());
        assertEquals(13 * 36, first.getWidth());
        assertEquals(3, first.getRaster().getNumBands());
        assertTrue(Files.readString(out.resolve("report.html")).contains("Space-time model"));
        boolean film = Files.isRegularFile(out.resolve("recon.mp4")) && Files.size(out.resolve("recon.mp4")) > 1000;
        assertEquals(2, Npz.open(out.resolve("recon.npz")).get("clock").values().length);
        assertTrue(film || result.out().contains("no mp4 (ffmpeg "), result.out());
        figuresAreThoseOfTheFormula(recon);
        whatIsLeftOfThePhotographIsTold();
        CommandLineRunner.Result render = CommandLineRunner.run("render", out.toString(), "--times", "7");
        assertEquals(0, render.exitCode(), render.err());
        assertEquals(
                "7x32x36x3", Npz.open(out.resolve("movie.npz")).get("recon").size());
        ImageJ.assertReads(out, "pixel", 1, 0);
    }

    private static void whatIsLeftOfThePhotographIsTold() throws Exception {
        CommandLineRunner.Result result = CommandLineRunner.run(
                "evaluate",
                "--recon",
                directory.resolve("out").resolve("recon.npz").toString(),
                "--json");
        assertEquals(0, result.exitCode(), result.err());
        JsonNode told = new ObjectMapper().readTree(result.out());
        assertEquals(1, told.get("shots").size(), "one photograph");
        JsonNode shot = told.get("shots").get(0);
        assertTrue(shot.get("left").asDouble() < shot.get("signal").asDouble(), shot.toString());
        assertTrue(shot.get("noise").asDouble() <= 1.2 * shot.get("left").asDouble(), "noise is part of what is left");
        assertEquals(1, told.get("verdict").size());
        assertTrue(told.get("verdict").get(0).asText().contains("the shot"), told.toString());
    }

    /** 10 log10(range(truth)^2 / mean squared difference) over all colours of a frame, within a sixth of 32 rows. */
    private static void figuresAreThoseOfTheFormula(Npz recon) throws Exception {
        CommandLineRunner.Result result = CommandLineRunner.run(
                "evaluate",
                "--recon",
                directory.resolve("out").resolve("recon.npz").toString(),
                "--truth",
                photograph.toString(),
                "--json");
        assertEquals(0, result.exitCode(), result.err());
        JsonNode times = new ObjectMapper().readTree(result.out()).get("times");
        double[] found = recon.get("recon").values();
        double[] known = Npz.open(photograph).get("scene").values();
        for (int time = 0; time < 20; time++) {
            double squares = 0;
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int y = 5; y < 27; y++) {
                for (int x = 5; x < 31; x++) {
                    for (int colour = 0; colour < 3; colour++) {
                        int at = ((time * 32 + y) * 36 + x) * 3 + colour;
                        squares += (found[at] - known[at]) * (found[at] - known[at]) / (22 * 26 * 3);
                        low = Math.min(low, known[at]);
                        high = Math.max(high, known[at]);
                    }
                }
            }
            assertEquals(
                    10 * Math.log10((high - low) * (high - low) / squares),
                    times.get(time).get("psnr_db").asDouble(),
                    1e-6);
        }
    }

    /** Test objects, keyframes and noise serve every system. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dpc-demo.yaml         | phase   | simulation.phantom=siemens-star       | simulation.rotation=[0, 30]",
                "sim2d-demo.yaml       | density | simulation.phantom=resolution-target  | simulation.shiftRows=[0, 6]",
                "lensless-demo.yaml | scene   | simulation.phantom=shepp-logan        | simulation.scaling=[1, 1.3]",
            })
    void testObjectsMoveByKeyframesInEverySystem(String name, String array, String phantom, String keyframes)
            throws Exception {
        Path still = directory.resolve(array + "-still.npz");
        Path moving = directory.resolve(array + "-moving.npz");
        String[] size = {
            "--set",
            "simulation.height=32",
            "--set",
            "simulation.width=40",
            "--set",
            "simulation.hotPixels=0.01",
            "--set",
            phantom
        };
        CommandLineRunner.Result first = simulate(name, still, size, "simulation.keyTimes=[-1, 1]");
        assertEquals(0, first.exitCode(), first.err());
        CommandLineRunner.Result second = simulate(name, moving, size, "simulation.keyTimes=[-1, 1]", keyframes);
        assertEquals(0, second.exitCode(), second.err());
        double[] atRest = Npz.open(still).get(array).values();
        double[] moved = Npz.open(moving).get(array).values();
        int frame = atRest.length / Npz.open(still).get(array).shape()[0];
        for (int i = 0; i < frame; i++)
            assertEquals(atRest[i], moved[i], 1e-6, "the first frame is the phantom at rest");
        double difference = 0;
        for (int i = atRest.length - frame; i < atRest.length; i++)
            difference += Math.abs(atRest[i] - moved[i]) / frame;
        assertTrue(difference > 0.005, "the last frame has moved: " + difference);
        for (int i = 0; i < frame; i++)
            assertEquals(atRest[i], atRest[atRest.length - frame + i], 1e-6, "without values nothing moves");
    }

    private static CommandLineRunner.Result simulate(String name, Path out, String[] size, String... settings)
            throws Exception {
        List<String> words =
                new ArrayList<>(List.of("simulate", Path.of("../configs", name).toString(), "--out", out.toString()));
        words.addAll(List.of(size));
        for (String setting : settings) words.addAll(List.of("--set", setting));
        return CommandLineRunner.run(words.toArray(String[]::new));
    }

    @Test
    void theConventionalPictureComesAlone() throws Exception {
        Path out = directory.resolve("baseline");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "baseline", config.toString(), "--data", photograph.toString(), "--out", out.toString());
        assertEquals(0, result.exitCode(), result.err());
        assertEquals(
                "32x36",
                ImageFiles.read(out.resolve("conventional.tif")).getFirst().size());
        ImageJ.assertReads(out, "pixel", 1, 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "camera.exposure=0.2      | shorter than the time of a row",
                "camera.window=500        | longer than the exposure",
                "camera.window=4          | take a longer window",
                "camera.windowParts=5     | cannot be cut into 5 parts",
                "camera.field=0.01        | a share of 0.01",
                "camera.field=1.5         | camera.field",
            })
    void wrongValuesAreToldInOneLine(String setting, String expected) throws Exception {
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                photograph.toString(),
                "--out",
                directory.resolve("wrong").toString(),
                "--set",
                setting.strip());
        assertSays(result, expected.strip());
    }

    private static CommandLineRunner.Result baseline(Path data, Path psf, String... settings) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "baseline",
                config.toString(),
                "--data",
                data.toString(),
                "--out",
                directory.resolve("pictures").toString(),
                "--set",
                "camera.psf=" + psf,
                "--set",
                "baseline.iterations=2"));
        for (String setting : settings) words.addAll(List.of("--set", setting));
        return CommandLineRunner.run(words.toArray(String[]::new));
    }

    private static Path picture(String name, int height, int width, int type, int brightColumns) throws Exception {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int x = 0; x < brightColumns; x++) image.getRaster().setSample(width / 3 + x, height / 2, 0, 255);
        Path file = directory.resolve(name);
        ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile());
        return file;
    }

    @Test
    void picturesThatDoNotFitAreTold() throws Exception {
        Path photo = picture("photo.png", 64, 72, BufferedImage.TYPE_BYTE_GRAY, 20);
        assertSays(baseline(photo, directory.resolve("missing.tif")), "missing.tif: no such file");
        assertSays(baseline(photo, picture("small.png", 20, 30, BufferedImage.TYPE_BYTE_GRAY, 1)), "64x72", "20x30");
        assertSays(baseline(photo, picture("large.png", 80, 90, BufferedImage.TYPE_BYTE_GRAY, 1)), "64x72", "80x90");
        assertSays(baseline(photo, picture("dark.png", 64, 72, BufferedImage.TYPE_BYTE_GRAY, 0)), "dark.png is dark");
        assertSays(
                baseline(
                        picture("colour.png", 64, 72, BufferedImage.TYPE_INT_RGB, 20),
                        picture("red.png", 64, 72, BufferedImage.TYPE_INT_RGB, 1)),
                "red.png is dark in colour 2 of 3");
        assertSays(
                baseline(photo, picture("point.png", 64, 72, BufferedImage.TYPE_BYTE_GRAY, 1), "camera.background=255"),
                "is dark: no value lies above the background of 255");
        assertSays(
                baseline(
                        picture("photo.jpg", 64, 72, BufferedImage.TYPE_BYTE_GRAY, 20), directory.resolve("point.png")),
                "is a JPEG picture, which has lost what the camera saw");
        CommandLineRunner.Result saturated =
                baseline(photo, picture("bright.png", 64, 72, BufferedImage.TYPE_BYTE_GRAY, 30));
        assertEquals(0, saturated.exitCode(), saturated.err());
        assertTrue(saturated.err().contains("0.63 % of the point source's pixels"), saturated.err());
    }

    private static void assertSays(CommandLineRunner.Result result, String... parts) {
        assertEquals(1, result.exitCode(), result.out());
        assertEquals(1, result.errorLines().size(), result.err());
        for (String part : parts) assertTrue(result.err().contains(part), result.err());
    }

    /** The public tutorial's hand: what the model sees of its scene is the photograph, and the scene is no noise. */
    @Test
    void theRealHandIsReconstructed() throws Exception {
        Path data = Path.of("../../shared/data/diffusercam_hand.tif");
        assumeTrue(
                Files.exists(data),
                "no measured data in " + data.toAbsolutePath().normalize());
        Path hand = Files.writeString(directory.resolve("hand.yaml"), """
                system: lensless
                camera:
                  psf: %s
                  shutter: global
                  downsampling: 10
                  background: 900
                training:
                  epochs: 100
                  motionRate: 0
                baseline:
                  iterations: 60
                """.formatted(
                data.resolveSibling("diffusercam_psf.tif").toAbsolutePath().normalize()));
        Path out = directory.resolve("hand");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct", hand.toString(), "--data", data.toString(), "--out", out.toString());
        assertEquals(0, result.exitCode(), result.err());
        NpyArray recon = Npz.open(out.resolve("recon.npz")).get("recon");
        assertEquals(1, recon.shape()[0]);
        double mean = Arrays.stream(recon.values()).average().orElseThrow();
        double peak = Arrays.stream(recon.values()).max().orElseThrow();
        assertTrue(peak > 3 * mean, "the hand stands out: peak " + peak + ", mean " + mean);
    }
}
