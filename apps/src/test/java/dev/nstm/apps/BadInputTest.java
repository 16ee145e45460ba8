package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nstm.apps.command.CommandAccess;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.DpcMeasurement;
import dev.nstm.apps.dpc.DpcRun;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.lensless.LenslessKeys;
import dev.nstm.apps.sim.SimKeys;
import dev.nstm.tensor.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person gets wrong is told in one line that names it; nothing is left half-written. */
class BadInputTest {
    @TempDir
    private Path directory;

    private Path config;

    @BeforeEach
    void writeConfiguration() throws IOException {
        config = Files.writeString(
                directory.resolve("c.yaml"),
                "system: dpc\ntraining:\n  epochs: 2\nobject:\n  width: 16\n  log2TableSize: 8\n");
    }

    private static Map<String, NpyArray> shots(int count, int height, int width) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        double[] img = new double[count * height * width];
        for (int i = 0; i < img.length; i++) img[i] = Math.sin(i);
        double[] s = new double[img.length];
        for (int i = 0; i < s.length; i++) s[i] = i % width > 0 && i % width < width / 2 ? 1 : 0;
        arrays.put("img", new NpyArray(new int[] {count, height, width}, img));
        arrays.put("s", new NpyArray(new int[] {count, height, width}, s));
        arrays.put("wavelength", NpyArray.scalar(0.525));
        arrays.put("na", NpyArray.scalar(0.25));
        arrays.put("pixel_size", NpyArray.scalar(0.868));
        return arrays;
    }

    private Path npz(Map<String, NpyArray> arrays) throws IOException {
        Path file = directory.resolve("shots.npz");
        Npz.write(file, arrays);
        return file;
    }

    /** The message of loading and preparing a run in this process. */
    private String message(Path data, String... settings) throws IOException {
        try {
            Configuration configuration = Configuration.read(config, List.of(settings), CommandAccess.systems())
                    .with(Keys.DATA_FILE, data.toString());
            DpcRun.of(configuration, DpcMeasurement.load(configuration));
        } catch (InvalidInputException told) {
            assertEquals(1, told.getMessage().lines().count(), told.getMessage());
            return told.getMessage();
        }
        throw new AssertionError("nothing was said");
    }

    private static void assertSays(String message, String... parts) {
        for (String part : parts)
            assertTrue(message.contains(part), "\"" + message + "\" should contain \"" + part + "\"");
    }

    @Test
    void truncatedArchivesAtEveryLengthAreRefused() throws IOException {
        byte[] whole = Files.readAllBytes(npz(shots(2, 20, 24)));
        Path cut = directory.resolve("cut.npz");
        for (int length : new int[] {0, 1, 30, whole.length / 3, whole.length / 2, whole.length - 1}) {
            Files.write(cut, Arrays.copyOf(whole, length));
            assertSays(message(cut), "cut.npz");
        }
    }

    @Test
    void foreignFilesAndMissingFilesAreNamed() throws IOException {
        assertSays(
                message(Files.writeString(directory.resolve("a.npz"), "this is no archive")),
                "a.npz",
                "not an NPZ file");
        assertSays(message(directory.resolve("none.npz")), "none.npz", "no such file");
        assertSays(
                message(Files.writeString(directory.resolve("a.tif"), "no picture")),
                "a.tif",
                "neither TIFF, OME-Zarr, MRC, DV, CZI nor PNG");
        assertSays(message(npz(Map.of("other", NpyArray.scalar(1)))), "img", "other");
    }

    private Path rawArray(byte[] npy) throws IOException {
        Path file = directory.resolve("raw.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("img.npy"));
            zip.write(npy);
            zip.closeEntry();
        }
        return file;
    }

    private static byte[] npy(String header, int body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {
            (byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), (byte) (header.length() >> 8)
        });
        out.write(header.getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[body]);
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<V8| (4, 20, 24)| 64| type <V8",
                "<U5| (4, 20, 24)| 64| type <U5",
                "<f4| (4, 20, 24)| 100| is cut off: 25 of 1920",
                "<f4| (90000, 90000)| 4| 2 GB",
                "<f4| (0, 20, 24)| 0| without elements",
                "<f4| (x, 2)| 4| unreadable shape"
            })
    void arraysThatCannotBeReadAreNamed(String type, String shape, int body, String expected) throws IOException {
        String descr = type == null ? "|O" : type;
        assertSays(
                message(rawArray(
                        npy("{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }", body))),
                "raw.npz",
                "\"img\"",
                expected);
    }

    @Test
    void pickledObjectArraysAndHugeHeadersAreRefused() throws IOException {
        assertSays(
                message(rawArray(npy("{'descr': '|O', 'fortran_order': False, 'shape': (4,), }", 64))),
                "Python objects");
        assertSays(
                message(rawArray(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, 127, 0})),
                "header of 2147483647 bytes");
        assertSays(message(rawArray("nonsense".getBytes(StandardCharsets.US_ASCII))), "not in NPY format");
    }

    @Test
    void wrongRanksAndMismatchedSizesNameBothShapes() throws IOException {
        Map<String, NpyArray> flat = shots(2, 20, 24);
        flat.put("img", new NpyArray(new int[] {40, 24}, new double[960]));
        assertSays(message(npz(flat)), "\"img\" is 40x24", "shots, rows and columns");
        Map<String, NpyArray> mismatched = shots(2, 20, 24);
        mismatched.put("s", shots(2, 20, 26).get("s"));
        assertSays(message(npz(mismatched)), "\"s\" is 2x20x26", "2x20x24");
        Map<String, NpyArray> few = shots(3, 20, 24);
        few.put("t", NpyArray.of(new double[] {0, 1}));
        assertSays(message(npz(few)), "3 shots", "only 2 times");
        Map<String, NpyArray> sourceless = shots(3, 20, 24);
        sourceless.remove("s");
        assertSays(message(npz(sourceless)), "3 shots", "optics.rotations lists 4");
    }

    @Test
    void pixelsThatAreNoNumbersAreCountedAndLocated() throws IOException {
        Map<String, NpyArray> arrays = shots(2, 20, 24);
        arrays.get("img").values()[480 + 24 * 3 + 5] = Double.NaN;
        arrays.get("img").values()[700] = Double.POSITIVE_INFINITY;
        assertSays(message(npz(arrays)), "2 pixels are NaN or infinite", "shot 2, row 3, column 5");
    }

    @Test
    void onePixelPicturesAreTooSmall() throws IOException {
        assertSays(message(npz(shots(2, 1, 1))), "1x1");
        assertSays(message(npz(shots(2, 9, 40))), "9x40", "margin of 5");
    }

    @ParameterizedTest
    @CsvSource({
        "optics.wavelength=0,optics.wavelength must be above 0",
        "optics.pixelSize=-1,optics.pixelSize must be above 0",
        "optics.numericalAperture=0,optics.numericalAperture must be above 0",
        "optics.numericalAperture=1.3,cannot exceed the refractive index of the medium",
        "training.epochs=0,training.epochs must be at least 1",
        "training.epochs=2.5,must be a whole number",
        "training.annealing=fast,must be one of published"
    })
    void valuesOutOfRangeNameKeyValueAndRange(String setting, String expected) throws IOException {
        assertSays(message(npz(shots(2, 20, 24)), setting), expected, setting.substring(setting.indexOf('=') + 1));
    }

    @Test
    void configurationMistakesNameKeyLineAndTheNearestKey() throws IOException {
        Path data = npz(shots(2, 20, 24));
        Files.writeString(config, "system: dpc\noptics:\n  wavelenght: 0.5\n");
        assertSays(message(data), "line 3", "optics.wavelenght", "is optics.wavelength meant?");
        Files.writeString(config, "optics:\n\twavelength: 0.5\n");
        assertSays(message(data), "line 2", "tab");
        Files.writeString(config, "a: &x [1,1]\nb: &y [*x,*x,*x,*x,*x,*x,*x,*x]\nc: [*y,*y,*y,*y,*y,*y]\n");
        assertSays(message(data), "line 1", "anchors and aliases");
        Files.writeString(config, "training:\n  epochs: [1, 2]\n");
        assertSays(message(data), "training.epochs is one value");
        Files.writeString(config, "training: {epochs: 3, epochs: 4}\n");
        assertSays(message(data), "line 1");
        Files.writeString(config, "optics:\n  wavelength: -3\n");
        assertSays(message(data), "c.yaml, line 2", "above 0 (um), got -3");
        Files.write(config, new byte[] {(byte) 0xC3, (byte) 0x28});
        assertSays(message(data), "not text");
    }

    @Test
    void aConfigurationOfThePublishedProgramIsTranslated() throws IOException {
        Path file = Files.writeString(directory.resolve("er_cell.yaml"), """
                data_dir: ./examples/
                raw_path: er cell.npz
                save_path: ./out/
                num_epoch: 500
                line_spacing: [0.4195, 0.4192, 0.4195]
                k0angles: [1.78, 2.89, -2.37]
                na: 1.28
                ps: 0.04
                zoomfact: 1.6
                lr_init_motion: 5e-5
                object_hash_ratio: 0.8
                padding_z: 2
                """);
        List<String> notices = new ArrayList<>();
        Configuration configuration = CommandAccess.published(file, List.of("training.epochs=7"), notices::add);
        assertEquals(0, configuration.get(Keys.TRAINING_COARSE_SHARES).length);
        assertEquals("sim", configuration.get(Keys.SYSTEM));
        assertEquals(Path.of("examples", "er cell.npz").toString(), configuration.get(Keys.DATA_FILE));
        assertEquals(7, configuration.get(Keys.TRAINING_EPOCHS));
        assertEquals(2.89, configuration.get(SimKeys.SIM_ANGLES)[1]);
        assertEquals(5e-5, configuration.get(Keys.TRAINING_MOTION_RATE));
        assertEquals(0.05, configuration.get(Keys.OBJECT_FINEST_CELL), 1e-12);
        assertEquals(2, configuration.get(SimKeys.SIM_PADDING)[0]);
        assertEquals(0, configuration.get(Keys.LOSS_NEGATIVE_WEIGHT));
        assertEquals(List.of(file + ": without meaning here and ignored: save_path"), notices);
        Path wrong = Files.writeString(directory.resolve("wrong.yaml"), "zoomfact: 1.6\nps: -1\n");
        assertSays(
                assertThrows(InvalidInputException.class, () -> CommandAccess.published(wrong, List.of(), notices::add))
                        .getMessage(),
                "wrong.yaml, line 2",
                "optics.pixelSize must be above 0",
                "-1");
        Path other = Files.writeString(directory.resolve("other.yaml"), "na: 1\n");
        assertTrue(
                assertThrows(InvalidInputException.class, () -> CommandAccess.published(other, List.of(), notices::add))
                        .getMessage()
                        .contains("not a configuration of the published"));
    }

    @Test
    void builtInSystemsMayBeWrittenInCapitalsAndOthersKeepTheirNames() throws Exception {
        assertEquals(
                "sim",
                Configuration.parse("system: SIM\n", "a.yaml", List.of(), CommandAccess.systems())
                        .get(Keys.SYSTEM));
        assertEquals(
                "My-System",
                Configuration.parse("system: My-System\n", "a.yaml", List.of(), CommandAccess.systems())
                        .get(Keys.SYSTEM));
    }

    @Test
    void theConfigurationOfThePublishedDiffuserCamProgramIsTaken() throws Exception {
        Path file = Files.writeString(directory.resolve("diffcam_tennis.yaml"), """
                raw_path: ./examples/tennis.tif
                psf_path: ./examples/psf.tif
                save_path: ./examples/checkpoint/tennis/
                num_epoch: 200
                num_lines_per_forward: 20
                batch_size: 1
                background_int: 103
                lr_init_motion: 1e-5
                annealed_rate: 0.8
                object_hash_base: [4, 4]
                object_hash_fine: [162, 192]
                update_every_motion: 1
                object_act_fn: gelu
                nonneg_reg_w: 1e-6
                """);
        List<String> notices = new ArrayList<>();
        Configuration configuration = CommandAccess.published(file, List.of(), notices::add);
        assertEquals("lensless", configuration.get(Keys.SYSTEM));
        assertEquals(Path.of("examples", "tennis.tif").toString(), configuration.get(Keys.DATA_FILE));
        assertEquals("./examples/psf.tif", configuration.get(LenslessKeys.CAMERA_PSF));
        assertEquals(20, configuration.get(LenslessKeys.CAMERA_WINDOW));
        assertEquals(4, configuration.get(LenslessKeys.CAMERA_DOWNSAMPLING));
        assertEquals(1e-6, configuration.get(Keys.LOSS_NEGATIVE_WEIGHT));
        assertEquals(0, configuration.get(Keys.TRAINING_COARSE_SHARES).length);
        assertEquals(
                List.of(
                        file
                                + ": without meaning here and ignored: save_path, object_hash_base, object_hash_fine, update_every_motion"),
                notices);
    }

    @Test
    void aScheduleChangesDefaultsButNotWhatIsGiven() throws IOException {
        Configuration published = Configuration.read(
                config, List.of("schedule=published", "motion.timeCells=3"), CommandAccess.systems());
        assertEquals("hash", published.get(Keys.GRID));
        assertEquals(1e-5, published.get(Keys.TRAINING_MOTION_RATE));
        assertEquals(0, published.get(Keys.TRAINING_COARSE_SHARES).length);
        assertEquals(2, published.get(Keys.TRAINING_EPOCHS), "given in the file");
        assertEquals(3, published.get(Keys.MOTION_TIME_CELLS), "given by --set");
        assertEquals(
                5e-4,
                Configuration.read(config, List.of(), CommandAccess.systems()).get(Keys.TRAINING_MOTION_RATE));
    }

    @Test
    void theResolvedConfigurationReadsBackToItself() throws IOException {
        Configuration configuration = Configuration.read(
                config,
                List.of("data.file=a b.npz", "optics.rotations=[0, 90]", "motion.scale=field"),
                CommandAccess.systems());
        Configuration again = Configuration.parse(configuration.toYaml(), "again", List.of(), CommandAccess.systems());
        assertEquals(configuration.toYaml(), again.toYaml());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threads 0", "--threads many", "--nonsense", "--dims 3", ""})
    void usageMistakesExitWithTwoAndOneLine(String options) throws Exception {
        String[] arguments = ("bench " + options + (options.isEmpty() ? "--steps 0" : ""))
                .trim()
                .split(" ");
        CommandLineRunner.Result result = CommandLineRunner.run(arguments);
        assertEquals(2, result.exitCode(), result.err());
        assertEquals(1, result.errorLines().size(), result.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NA: 0.3 | unknown key NA; is optics.numericalAperture meant?",
                "optics: {NA: 0.3} | unknown key optics.NA; is optics.numericalAperture meant?",
                "optics: {pixel_size: 1} | is optics.pixelSize meant?",
                "num_epoch: 3 | is training.epochs meant?",
                "training: {annealed_epoch: 30} | is training.annealedFraction meant?",
                "xyzzy: 1 | unknown key xyzzy; docs/configuration.md lists all keys",
                "data: background:blur | data is a section; keys such as \"file: ...\" are expected in it, with a space after the colon",
                "optics: {rotations: 0/90/180} | got 0/90/180; a list is written [0, 90, 180]",
                "optics: {rotations: 0 90 180} | a list is written [0, 90, 180]"
            })
    void likelyMistakesAreNamed(String yaml, String expected) {
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> Configuration.parse(
                                "system: dpc\n" + yaml + "\n", "my.yaml", List.of(), CommandAccess.systems()))
                .getMessage();
        assertTrue(message.startsWith("my.yaml, line 2: ") && message.contains(expected), message);
    }

    @Test
    void aMisspeltCommandIsNamed() throws Exception {
        CommandLineRunner.Result result = CommandLineRunner.run("reconstrct", "my.yaml");
        assertEquals(2, result.exitCode());
        assertTrue(
                result.errorLines().size() == 1 && result.err().contains("is reconstruct meant? (see nstm --help)"),
                result.err());
        assertTrue(CommandLineRunner.run("batch", "submit").err().contains("(see nstm batch submit --help)"));
    }

    @Test
    void failuresExitWithOneAndOneLineAndLeaveNothing() throws Exception {
        Path out = directory.resolve("out");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                directory.resolve("none.npz").toString(),
                "--out",
                out.toString());
        assertEquals(1, result.exitCode());
        assertEquals(1, result.errorLines().size(), result.err());
        assertFalse(Files.exists(out));
        result = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                npz(shots(2, 20, 24)).toString(),
                "--device",
                "cuda",
                "--out",
                out.toString());
        assertEquals(1, result.exitCode());
        assertSays(result.err(), "device cuda");
        assertFalse(result.err().contains("\tat "), result.err());
        Files.writeString(out.resolveSibling("file"), "in the way");
        result = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                npz(shots(2, 20, 24)).toString(),
                "--out",
                out.resolveSibling("file").resolve("x").toString());
        assertEquals(1, result.exitCode());
        assertSays(result.err(), "cannot write to the output directory");
        assertEquals(1, result.errorLines().size(), result.err());
    }

    @Test
    void aFullDiskLeavesThePreviousCheckpointIntact() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", small.toString())
                .redirectErrorStream(true)
                .start();
        assumeTrue(mount.waitFor() == 0, "a small file system cannot be mounted here");
        try {
            Path data = npz(shots(2, 20, 24));
            CommandLineRunner.Result result = CommandLineRunner.run(
                    "reconstruct",
                    config.toString(),
                    "--data",
                    data.toString(),
                    "--out",
                    small.resolve("out").toString(),
                    "--set",
                    "training.checkpointEvery=1",
                    "--set",
                    "training.epochs=40",
                    "--set",
                    "object.log2TableSize=8",
                    "--set",
                    "motion.log2TableSize=9",
                    "--set",
                    "training.batchSize=2");
            assertEquals(1, result.exitCode(), result.err());
            assertSays(result.err(), "cannot write", "No space left");
            assertFalse(result.err().contains("\tat "), result.err());
            try (var files = Files.list(small.resolve("out/checkpoints"))) {
                assertTrue(files.noneMatch(f -> f.toString().endsWith(".tmp")), "a partial checkpoint was left");
            }
        } finally {
            new ProcessBuilder("umount", small.toString()).start().waitFor();
        }
    }
}
