package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.apps.command.CommandAccess;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Training;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.StackDescription;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.training.Schedule;
import dev.nstm.training.TrainingPlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that nobody would look at twice are checked: against each other, the data, and what exists. */
class SettingsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dpc | optics.wavelength=525 | 525 nm would be 0.525 um",
                "dpc | optics.pixelSize=0.000454 | 0.000454 mm would be 0.454 um",
                "sim | optics.zStep=125 | 125 nm would be 0.125 um",
                "dpc | optics.numericalAperture=25 | at most 1.7",
                "dpc | sim.zoom=2 | sim.zoom is for system: sim, but this is system: dpc, which does not know it",
                "sim | camera.roll=3 | camera.roll is for system: lensless",
                "lensless | optics.rotations=[0] | optics.rotations is for system: dpc",
                "my-system | data.crop=[0, 0, 5, 5] | data.crop is for system: dpc or sim or lensless",
                "dpc | data.times=[] | data.times is an empty list",
                "dpc | optics.leds=[[0.1, 0.2], [0.3]] | list of pairs [x, y]",
            })
    void whatCannotBeIsNamed(String system, String setting, String expected) {
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> Configuration.parse(
                                "system: " + system + "\n", "my.yaml", List.of(setting), CommandAccess.systems()))
                .getMessage();
        assertTrue(message.contains(expected) && message.contains(setting.substring(0, setting.indexOf('='))), message);
    }

    @Test
    void aFileNamesTheLineOfAKeyOfAnotherSystem() {
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> Configuration.parse(
                                "system: dpc\ncamera:\n  exposure: 20\n",
                                "my.yaml",
                                List.of(),
                                CommandAccess.systems()))
                .getMessage();
        assertTrue(message.startsWith("my.yaml, line 3: camera.exposure is for system: lensless"), message);
    }

    @Test
    void whatARunWritesOfItsConfigurationIsItsOwn() throws Exception {
        for (String system : List.of("dpc", "sim", "lensless", "my-system")) {
            Configuration configuration =
                    Configuration.parse("system: " + system + "\n", "a.yaml", List.of(), CommandAccess.systems());
            assertEquals(
                    configuration.toYaml(),
                    Configuration.parse(configuration.toYaml(), "again.yaml", List.of(), CommandAccess.systems())
                            .toYaml());
        }
    }

    /** Whoever uses the library gets what the command does. */
    @Test
    void theLibrarysPlanIsTheCommands() throws Exception {
        for (int shots : new int[] {2, 4, 9}) {
            Configuration c = Training.resolve(
                    Configuration.parse("system: dpc\n", "a.yaml", List.of(), CommandAccess.systems()), shots);
            assertEquals(Training.plan(c, shots, Schedule.FROZEN), TrainingPlan.defaults(240, shots));
        }
    }

    @Test
    void theWavelengthOfAnArchiveIsCheckedToo() throws Exception {
        Path file = directory.resolve("shots.npz");
        Npz.write(
                file,
                Map.of(
                        "img",
                        new NpyArray(
                                new int[] {4, 16, 16},
                                IntStream.range(0, 1024).mapToDouble(Math::sin).toArray()),
                        "wavelength",
                        NpyArray.scalar(525),
                        "na",
                        NpyArray.scalar(0.25),
                        "pixel_size",
                        NpyArray.scalar(0.45)));
        Path config = Files.writeString(directory.resolve("c.yaml"), "system: dpc\n");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "baseline",
                config.toString(),
                "--data",
                file.toString(),
                "--out",
                directory.resolve("o").toString());
        assertEquals(1, result.exitCode());
        assertTrue(
                result.err().contains("shots.npz, array \"wavelength\"")
                        && result.err().contains("525 nm would be 0.525 um"),
                result.err());
    }

    @Test
    void lightsInAWrongOrderAndAPixelSizeThatTheFileContradictsAreDoubted() throws Exception {
        Path config = Files.writeString(
                directory.resolve("c.yaml"),
                "system: dpc\noptics: {wavelength: 0.55, numericalAperture: 0.3, pixelSize: 0.4}\nsimulation: {height: 48, width: 56, drift: 1, deformation: 0}\n");
        Path simulated = directory.resolve("shots.npz");
        assertEquals(
                0,
                CommandLineRunner.run("simulate", config.toString(), "--out", simulated.toString())
                        .exitCode());
        float[] img = AllArrays.floats(Npz.open(simulated).get("img"));
        List<float[]> pages = IntStream.range(0, 4)
                .mapToObj(shot -> Arrays.copyOfRange(img, shot * 48 * 56, (shot + 1) * 48 * 56))
                .toList();
        Path stack = directory.resolve("shots.tif");
        TiffStack.write(stack, pages, StackDescription.ofPictures(48, 56, pages.size(), 0.8));
        CommandLineRunner.Result result = CommandLineRunner.run(
                "baseline",
                config.toString(),
                "--data",
                stack.toString(),
                "--out",
                directory.resolve("o").toString(),
                "--set",
                "optics.rotations=[0, 270, 180, 90]");
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.err().contains("optics.pixelSize is 0.4 um but the file says 0.8 um"), result.err());
        assertTrue(result.err().contains("optics.rotations [0, 90, 180, 270] explain the shots better"), result.err());
        CommandLineRunner.Result right = CommandLineRunner.run(
                "baseline",
                config.toString(),
                "--data",
                stack.toString(),
                "--out",
                directory.resolve("o").toString(),
                "--set",
                "optics.pixelSize=0.8");
        assertTrue(right.errorLines().isEmpty(), right.err());
    }

    /** Counts under a sloping light, and a picture of that light alone. */
    @Test
    void countsOfACameraAreBroughtToDeviationsAndItIsSaid() throws Exception {
        Path config = Files.writeString(
                directory.resolve("c.yaml"),
                "system: dpc\noptics: {wavelength: 0.55, numericalAperture: 0.3, pixelSize: 0.4}\nsimulation: {height: 96, width: 112, drift: 0, deformation: 0}\n");
        Path simulated = directory.resolve("shots.npz");
        assertEquals(
                0,
                CommandLineRunner.run("simulate", config.toString(), "--out", simulated.toString())
                        .exitCode());
        float[] img = AllArrays.floats(Npz.open(simulated).get("img"));
        int pixels = 96 * 112;
        float[] light = new float[pixels];
        for (int i = 0; i < pixels; i++) light[i] = 4000 * (1 + 0.3f * (i % 112) / 112 - 0.2f * (i / 112) / 96);
        List<float[]> counts = IntStream.range(0, 4)
                .mapToObj(shot -> {
                    float[] page = light.clone();
                    for (int i = 0; i < pixels; i++) page[i] *= 1 + img[shot * pixels + i];
                    return page;
                })
                .toList();
        Path stack = directory.resolve("counts.tif");
        Path empty = directory.resolve("empty.tif");
        TiffStack.write(stack, counts, StackDescription.ofPictures(96, 112, counts.size(), 0.4));
        TiffStack.write(empty, List.of(light), StackDescription.ofPictures(96, 112, 1, 0.4));
        double[] expected = phase(config, simulated);
        double[] found = phase(
                config,
                stack,
                "the shots are counts of a camera: divided by a smooth surface of order 1, one for all, found under the specimen");
        double[] divided = phase(config, stack, "", "--set", "data.backgroundFile=" + empty);
        assertTrue(correlation(expected, found) > 0.98, "surface: " + correlation(expected, found));
        assertTrue(correlation(expected, divided) > 0.999, "empty field: " + correlation(expected, divided));
        for (String[] wrong : new String[][] {
            {stack.toString(), "data.background=none", "holds counts of a camera"},
            {simulated.toString(), "data.background=blur", "holds relative deviations from the background already"},
            {stack.toString(), "data.backgroundFile=" + stack.resolveSibling("shots.npz"), "neither TIFF"}
        }) {
            CommandLineRunner.Result result = CommandLineRunner.run(
                    "baseline",
                    config.toString(),
                    "--data",
                    wrong[0],
                    "--out",
                    directory.resolve("b").toString(),
                    "--set",
                    wrong[1]);
            assertEquals(1, result.exitCode());
            assertTrue(result.errorLines().size() == 1 && result.err().contains(wrong[2]), result.err());
        }
    }

    private double[] phase(Path config, Path data, String... saidAndMore) throws Exception {
        Path out = directory.resolve("b");
        List<String> words = new ArrayList<>(
                List.of("baseline", config.toString(), "--data", data.toString(), "--out", out.toString()));
        if (saidAndMore.length > 1) words.addAll(List.of(saidAndMore).subList(1, saidAndMore.length));
        CommandLineRunner.Result result = CommandLineRunner.run(words.toArray(String[]::new));
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(saidAndMore.length == 0 || result.err().contains(saidAndMore[0]), result.err());
        double[] recon = Npz.open(out.resolve("baseline.npz")).get("recon").values();
        return IntStream.range(0, 96 * 112).mapToDouble(i -> recon[2 * i + 1]).toArray();
    }

    @Test
    void onlyPatternsThatAreThereAreOffered() throws Exception {
        Path config = Files.writeString(directory.resolve("s.yaml"), """
                system: sim
                data: {order: "direction,phase", directions: 2, phases: 3}
                optics: {wavelength: 0.525, excitationWavelength: 0.488, numericalAperture: 1.2, mediumIndex: 1.33, pixelSize: 0.08, zStep: 0.1}
                sim: {otf: theoretical}
                """);
        Path noise = directory.resolve("noise.tif");
        SplittableRandom random = Seeds.random();
        List<float[]> pages = new ArrayList<>();
        for (int page = 0; page < 6; page++) {
            float[] values = new float[64 * 64];
            for (int i = 0; i < values.length; i++) values[i] = 100 + (float) (10 * random.nextGaussian());
            pages.add(values);
        }
        TiffStack.write(noise, pages, StackDescription.ofPictures(64, 64, pages.size(), 0.08));
        CommandLineRunner.Result result = CommandLineRunner.run(
                "sim",
                "estimate",
                config.toString(),
                "--data",
                noise.toString(),
                "--set",
                "sim.angles=[0.3, 1.9]",
                "--set",
                "sim.lineSpacings=[0.26]");
        assertEquals(1, result.exitCode(), result.out());
        assertTrue(
                result.out().contains("nothing is offered for the configuration")
                        && !result.out().contains("for the configuration:")
                        && !result.out().contains("disagree"),
                result.out());
        assertTrue(result.out().contains("as configured"), result.out());
        Path without = Files.writeString(
                directory.resolve("t.yaml"), Files.readString(config).replace("pixelSize: 0.08, ", ""));
        assertEquals(
                result.out(),
                CommandLineRunner.run(
                                "sim",
                                "estimate",
                                without.toString(),
                                "--data",
                                noise.toString(),
                                "--set",
                                "sim.angles=[0.3, 1.9]",
                                "--set",
                                "sim.lineSpacings=[0.26]")
                        .out(),
                "the file says how large a pixel is");
    }

    @Test
    void theSizeOfAPixelAndTheTimesAreWhatTheFileSays() throws Exception {
        Path config = Files.writeString(directory.resolve("p.yaml"), """
                system: dpc
                data: {background: none}
                optics: {wavelength: 0.525, numericalAperture: 0.25, rotations: [0, 90, 180]}
                """);
        SplittableRandom random = Seeds.random();
        List<float[]> pages = new ArrayList<>();
        for (int page = 0; page < 3; page++) {
            float[] values = new float[40 * 44];
            for (int i = 0; i < values.length; i++) values[i] = (float) (0.1 * random.nextGaussian());
            pages.add(values);
        }
        Path file = directory.resolve("shots.tif");
        TiffStack.write(
                file,
                pages,
                new StackDescription(
                        "shots",
                        40,
                        44,
                        List.of("light"),
                        1,
                        3,
                        Optional.of(new StackDescription.Scale(0.7, 0)),
                        Optional.of(new StackDescription.Moments(new double[] {100, 110, 140}, "ms"))));
        Path out = directory.resolve("p");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "baseline", config.toString(), "--data", file.toString(), "--out", out.toString());
        assertEquals(0, result.exitCode(), result.err());
        assertEquals(0.7, ImageJ.open(out.resolve("baseline-phase.tif")).getCalibration().pixelWidth, 1e-6);
        assertArrayEquals(
                new double[] {-1, -0.5, 1},
                Npz.open(out.resolve("baseline.npz")).get("t").values(),
                1e-6);
    }

    /** The lowest row of a picture comes first in MRC and DV files. */
    @Test
    void theSamePictureComesFromEveryFormat() throws Exception {
        int height = 12;
        int width = 9;
        float[] picture = new float[height * width];
        for (int i = 0; i < picture.length; i++) picture[i] = i;
        Path tiff = directory.resolve("a.tif");
        TiffStack.write(tiff, List.of(picture), StackDescription.ofPictures(height, width, 1, 0.1));
        ByteBuffer file = ByteBuffer.allocate(1024 + 2 * picture.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0, width)
                .putInt(4, height)
                .putInt(8, 1)
                .putInt(12, 6)
                .putShort(96, (short) 0xC0A0)
                .putShort(196, (short) 1);
        for (int i = 0; i < picture.length; i++)
            file.putShort(1024 + 2 * ((height - 1 - i / width) * width + i % width), (short) i);
        Path dv = Files.write(directory.resolve("a.dv"), file.array());
        Grid2D expected = ImageFiles.read(tiff).getFirst();
        assertEquals(
                Arrays.toString(expected.values()),
                Arrays.toString(ImageFiles.read(dv).getFirst().values()));
    }

    @Test
    void photographAndPointSourceHaveBackgroundsOfTheirOwn() throws Exception {
        Path config = Files.writeString(
                directory.resolve("l.yaml"),
                "system: lensless\ncamera: {shutter: global}\nsimulation: {height: 48, width: 56, noise: 0, drift: 0, turn: 0}\n");
        Path simulated = directory.resolve("l.npz");
        assertEquals(
                0,
                CommandLineRunner.run(
                                "simulate",
                                config.toString(),
                                "--out",
                                simulated.toString(),
                                "--set",
                                "camera.frames=1")
                        .exitCode());
        Npz arrays = Npz.open(simulated);
        Path photo = raised(arrays.get("img"), 8000, 3000, "photo.tif");
        Path psf = raised(arrays.get("psf"), 40000, 12000, "psf.tif");
        Path clean = directory.resolve("clean");
        List<String> words = List.of("baseline", config.toString(), "--data");
        run(words, simulated.toString(), "--out", clean.toString());
        double[] expected = Npz.open(clean.resolve("baseline.npz")).get("recon").values();
        String[][] settings = {
            {"--set", "camera.background=3000", "--set", "camera.psfBackground=12000"},
            {"--set", "camera.background=border"}
        };
        for (String[] backgrounds : settings) {
            Path out = directory.resolve("o" + backgrounds.length);
            List<String> all =
                    new ArrayList<>(List.of(photo.toString(), "--out", out.toString(), "--set", "camera.psf=" + psf));
            all.addAll(List.of(backgrounds));
            CommandLineRunner.Result result = run(words, all.toArray(String[]::new));
            assertTrue(result.errorLines().isEmpty(), result.err());
            assertTrue(
                    correlation(
                                    expected,
                                    Npz.open(out.resolve("baseline.npz"))
                                            .get("recon")
                                            .values())
                            > 0.98,
                    Arrays.toString(backgrounds));
        }
        CommandLineRunner.Result one = run(
                words,
                photo.toString(),
                "--out",
                directory.resolve("one").toString(),
                "--set",
                "camera.psf=" + psf,
                "--set",
                "camera.background=3000");
        assertTrue(one.err().contains("camera.psfBackground"), one.err());
    }

    private static CommandLineRunner.Result run(List<String> first, String... more) throws Exception {
        List<String> words = new ArrayList<>(first);
        words.addAll(List.of(more));
        CommandLineRunner.Result result = CommandLineRunner.run(words.toArray(String[]::new));
        assertEquals(0, result.exitCode(), result.err());
        return result;
    }

    /** A picture in counts on a pedestal, as a stack of its colours. */
    private Path raised(NpyArray array, double brightest, double pedestal, String name) throws Exception {
        int colours = array.shape()[2];
        double largest = Arrays.stream(array.values()).max().orElseThrow();
        List<float[]> pages = new ArrayList<>();
        for (int c = 0; c < colours; c++) {
            float[] page = new float[array.shape()[0] * array.shape()[1]];
            for (int i = 0; i < page.length; i++)
                page[i] = (float) (pedestal + brightest * array.values()[i * colours + c] / largest);
            pages.add(page);
        }
        Path file = directory.resolve(name);
        TiffStack.write(
                file,
                pages,
                new StackDescription(
                        name,
                        array.shape()[0],
                        array.shape()[1],
                        Collections.nCopies(colours, ""),
                        1,
                        1,
                        Optional.empty(),
                        Optional.empty()));
        return file;
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }

    @Test
    void twoRunsDoNotWriteIntoOneDirectory() throws Exception {
        Path config = Files.writeString(
                directory.resolve("c.yaml"),
                "system: dpc\noptics: {wavelength: 0.55, numericalAperture: 0.3, pixelSize: 0.4}\nsimulation: {height: 32, width: 36}\nobject: {width: 16, log2TableSize: 8}\ntraining: {epochs: 2}\n");
        Path shots = directory.resolve("shots.npz");
        assertEquals(
                0,
                CommandLineRunner.run("simulate", config.toString(), "--out", shots.toString())
                        .exitCode());
        Path out = Files.createDirectory(directory.resolve("out"));
        try (FileChannel channel = FileChannel.open(
                        out.resolve(".nstm.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = channel.lock(1 << 20, 1, false)) {
            channel.write(ByteBuffer.wrap("process 1".getBytes()));
            assertTrue(held.isValid());
            CommandLineRunner.Result second = CommandLineRunner.run(
                    "reconstruct", config.toString(), "--data", shots.toString(), "--out", out.toString());
            assertEquals(1, second.exitCode());
            assertTrue(second.err().contains(out + " is being written by another run (process 1)"), second.err());
        }
        CommandLineRunner.Result free = CommandLineRunner.run(
                "reconstruct", config.toString(), "--data", shots.toString(), "--out", out.toString());
        assertEquals(0, free.exitCode(), free.err());
    }

    /** Arrays of kinds that NumPy has, and what nobody asks for. */
    @Test
    void onlyArraysThatAreAskedForAreRead() throws Exception {
        Configuration configuration =
                Configuration.parse("system: dpc\n", "c.yaml", List.of(), CommandAccess.systems());
        assertTrue(configuration.find(Keys.DATA_CHANNEL).isEmpty());
        byte[] half = npy("<f2", "2, 3", 2, (bytes, i) -> bytes.putShort(Float.floatToFloat16(0.5f * i)));
        byte[] wide = npy(
                "<f16",
                "2, 3",
                16,
                (bytes, i) -> bytes.putLong(i == 0 ? 0 : (long) (i + 1) << 60).putLong(i == 0 ? 0 : 16383 + 3));
        Path file = directory.resolve("kinds.npz");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (var entry : Map.of(
                            "half",
                            half,
                            "wide",
                            wide,
                            "text",
                            npy("<U3", "", 12, (bytes, i) -> bytes.putLong(0).putInt(0)),
                            "none",
                            npy("<f8", "0, 3", 0, (bytes, i) -> {}))
                    .entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        Npz arrays = Npz.open(file);
        assertEquals(
                "[0.0, 0.5, 1.0, 1.5, 2.0, 2.5]",
                Arrays.toString(arrays.get("half").values()));
        assertEquals(
                "[0.0, 2.0, 3.0, 4.0, 5.0, 6.0]",
                Arrays.toString(arrays.get("wide").values()));
        assertEquals(List.of("half", "wide"), arrays.numeric().stream().sorted().toList());
        assertTrue(assertThrows(InvalidInputException.class, () -> arrays.get("text"))
                .getMessage()
                .contains("type <U3"));
        Path single = Files.write(directory.resolve("shots.npy"), half);
        assertEquals("2x3", Npz.open(single).getOrOnly("img", "shots").size());
    }

    private interface Element {
        void put(ByteBuffer bytes, int index);
    }

    private static byte[] npy(String type, String shape, int width, Element element) {
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
        int count = width == 0 ? 0 : shape.isEmpty() ? 1 : 6;
        ByteBuffer bytes =
                ByteBuffer.allocate(10 + header.length() + count * width).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length())
                .put(header.getBytes());
        for (int i = 0; i < count; i++) element.put(bytes, i);
        return bytes.array();
    }
}
