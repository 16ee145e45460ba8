package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.NpyFloats;
import dev.nstm.apps.io.Npz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Systems of users: the examples of the documentation, and what goes wrong in such. */
class OwnSystemTest {
    private static final Path EXAMPLES = Path.of("../examples/own-system");
    private static final String SERVICE = "META-INF/services/dev.nstm.imaging.ImagingSystem";

    @TempDir
    private static Path directory;

    private static Path examples;

    @BeforeAll
    static void build() throws Exception {
        List<Path> sources;
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        examples = jar("examples", sources, Files.readString(EXAMPLES.resolve(SERVICE)));
    }

    private static Path jar(String name, List<Path> sources, String services) throws IOException, InterruptedException {
        Path classes = Files.createDirectory(directory.resolve(name));
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                "-proc:none",
                "-Xlint:all",
                "-Werror",
                "-cp",
                Path.of("../core/target/classes").toAbsolutePath().toString(),
                "-d",
                classes.toString()));
        for (Path source : sources) words.add(source.toString());
        Process compiler = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(compiler.getInputStream().readAllBytes());
        assertEquals(0, compiler.waitFor(), said);
        Path jar = directory.resolve(name + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> found = Files.walk(classes)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                out.write(Files.readAllBytes(file));
            }
            out.putNextEntry(new JarEntry(SERVICE));
            out.write(services.getBytes());
        }
        return jar;
    }

    @Test
    void theExamplesAreShort() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList())
                assertTrue(Files.readAllLines(file).size() < 100, file.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"coded-video, 18x64x64x1, training.epochs=12", "matrix-imager, 4x24x24x1, training.epochs=40"})
    void anExampleIsSimulatedReconstructedAndRendered(String name, String size, String setting) throws Exception {
        String config = EXAMPLES.resolve(name + ".yaml").toString();
        Path shots = directory.resolve(name + ".npz");
        Path out = directory.resolve(name + "-out");
        CommandLineRunner.Result simulated =
                CommandLineRunner.run("simulate", config, "--plugin", examples.toString(), "--out", shots.toString());
        assertEquals(0, simulated.exitCode(), simulated.err());
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct",
                config,
                "--plugin",
                examples.toString(),
                "--data",
                shots.toString(),
                "--out",
                out.toString(),
                "--set",
                setting);
        assertEquals(0, result.exitCode(), result.err());
        NpyArray recon = Npz.open(out.resolve("recon.npz")).get("recon");
        assertEquals(size, recon.size());
        List<String> losses = Files.readAllLines(out.resolve("metrics.csv"));
        assertTrue(
                loss(losses.getLast()) < 0.5 * loss(losses.get(1)),
                "the loss falls: " + losses.get(1) + " to " + losses.getLast());
        assertTrue(Files.readString(out.resolve("report.html")).contains(name));
        if (name.equals("coded-video")) hasATruthAndAConventionalView(config, shots, out, result);
        CommandLineRunner.Result render = CommandLineRunner.run("render", out.toString(), "--times", "5");
        assertEquals(0, render.exitCode(), render.err());
        assertEquals(5, Npz.open(out.resolve("movie.npz")).get("recon").shape()[0]);
        ImageJ.assertReads(out, "pixel", 1, 0);
    }

    @Test
    void ownSystemsHaveDemoAndBenchmarkLikeTheBuiltInOnes() throws Exception {
        Path out = directory.resolve("demo");
        CommandLineRunner.Result demo = CommandLineRunner.run(
                "demo",
                "coded-video",
                "--plugin",
                examples.toString(),
                "--out",
                out.toString(),
                "--set",
                "own.size=48",
                "--set",
                "training.epochs=3");
        assertEquals(0, demo.exitCode(), demo.err());
        assertTrue(demo.out().contains("mean"), demo.out());
        assertEquals(
                "18x48x48x1", Npz.open(out.resolve("recon.npz")).get("recon").size());
        CommandLineRunner.Result bench = bench("--set", "own.size=32", "--steps", "1");
        assertEquals(0, bench.exitCode(), bench.err());
        assertTrue(bench.out().contains("pass over 3 shots of 32x32 at 6 moments"), bench.out());
        CommandLineRunner.Result sized = bench("--dims", "64x64");
        assertEquals(2, sized.exitCode(), sized.err());
        assertTrue(sized.err().contains("--set own.NAME=VALUE"), sized.err());
        CommandLineRunner.Result unconfigured = bench("--data", "shots.npz");
        assertEquals(2, unconfigured.exitCode(), unconfigured.err());
        assertTrue(unconfigured.err().contains("--data needs a configuration"), unconfigured.err());
        CommandLineRunner.Result whole = CommandLineRunner.run(
                "bench",
                EXAMPLES.resolve("coded-video.yaml").toString(),
                "--plugin",
                examples.toString(),
                "--data",
                out.resolve("shots.npz").toString(),
                "--set",
                "training.epochs=20");
        assertEquals(0, whole.exitCode(), whole.err());
        for (String row : List.of("reading and preparing", "epochs, pictures in full", "writing with NpzOutput"))
            assertTrue(
                    whole.out().lines().anyMatch(line -> line.matches(row + " +\\d+\\.\\d\\d +\\d+\\.\\d %.*")),
                    whole.out());
        assertOneLine(
                CommandLineRunner.run("demo", "coded-vidoe", "--plugin", examples.toString()),
                "there is no demo of \"coded-vidoe\"",
                "dpc, sim, sim2d, lensless, coded-video, matrix-imager");
    }

    private static CommandLineRunner.Result bench(String... words) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("bench", "--system", "coded-video", "--plugin", examples.toString()));
        all.addAll(List.of(words));
        return CommandLineRunner.run(all.toArray(String[]::new));
    }

    private void hasATruthAndAConventionalView(String config, Path shots, Path out, CommandLineRunner.Result result)
            throws Exception {
        String mean = result.out()
                .lines()
                .filter(line -> line.startsWith("mean"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(result.out()));
        assertTrue(Files.readString(out.resolve("report.html")).contains("brightness, conventional"));
        assertEquals(
                "1x64x64x1", Npz.open(out.resolve("baseline.npz")).get("recon").size());
        CommandLineRunner.Result evaluated = CommandLineRunner.run(
                "evaluate", "--recon", out.resolve("recon.npz").toString(), "--truth", shots.toString());
        assertEquals(0, evaluated.exitCode(), evaluated.err());
        assertTrue(
                evaluated.out().replaceAll(" +", " ").contains(mean.replaceAll(" +", " ")),
                evaluated.out() + " against " + mean);
        CommandLineRunner.Result baseline = CommandLineRunner.run(
                "baseline",
                config,
                "--plugin",
                examples.toString(),
                "--data",
                shots.toString(),
                "--out",
                directory.resolve("seen").toString());
        assertEquals(0, baseline.exitCode(), baseline.err());
        assertTrue(Files.exists(directory.resolve("seen/conventional-1.png")));
    }

    private static double loss(String line) {
        return Double.parseDouble(line.split(",")[1]);
    }

    private CommandLineRunner.Result reconstruct(String system, Path plugin) throws Exception {
        Path config = Files.writeString(directory.resolve("own.yaml"), "system: " + system + "\n");
        Path data = directory.resolve("data.npz");
        Npz.write(data, Map.of("img", new NpyFloats(new int[] {1, 32, 32}, new float[32 * 32])));
        return CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--plugin",
                plugin.toString(),
                "--data",
                data.toString(),
                "--out",
                directory.resolve("never").toString(),
                "--set",
                "training.epochs=1",
                "--device",
                "cpu");
    }

    private void assertOneLine(CommandLineRunner.Result result, String... parts) {
        assertEquals(1, result.exitCode(), result.out());
        assertEquals(1, result.errorLines().size(), result.err());
        for (String part : parts) assertTrue(result.err().contains(part), result.err());
    }

    @Test
    void aSystemThatIsNotThereOrWantsOtherDataIsTold() throws Exception {
        assertOneLine(
                reconstruct("coded-vidoe", examples),
                "no system \"coded-vidoe\"",
                "dpc, sim, lensless, coded-video, matrix-imager");
        assertOneLine(
                reconstruct("coded-video", examples), "the system coded-video failed: there is no array \"mask\"");
        assertOneLine(reconstruct("coded-video", directory.resolve("none.jar")), "none.jar: no such file");
    }

    @Test
    void aSystemThatThrowsOrIsWrongIsNamedWithItsCause() throws Exception {
        List<Path> sources = new ArrayList<>();
        String services = "";
        String[][] broken = {
            {"Throws", "throw new IllegalStateException(\"the diffuser fell off\");"},
            {"WrongShape", "return terms(ops.squaredError(\"data\", scene, device.allocate(1, 8, 8), 0, 1));"},
            {
                "WrongAdjoint",
                "return terms(ops.squaredError(\"data\", ops.linear(\"the shear\", new Shear(), scene, 1, 32, 32), device.allocate(1, 32, 32), 0, 1));"
            },
            {"NoLoss", "return terms();"},
        };
        for (String[] system : broken) {
            sources.add(Files.writeString(
                    directory.resolve(system[0] + ".java"), SYSTEM.formatted(system[0], system[0], system[1])));
            services += system[0] + "\n";
        }
        Path jar = jar("broken", sources, services);
        assertOneLine(
                reconstruct("Throws", jar), "the system Throws failed: IllegalStateException: the diffuser fell off");
        assertOneLine(reconstruct("WrongShape", jar), "the system WrongShape", "shapes");
        assertOneLine(
                reconstruct("WrongAdjoint", jar),
                "the system WrongAdjoint failed: the adjoint of the shear is not its own: <Ax, y> = ");
        assertOneLine(reconstruct("NoLoss", jar), "the system NoLoss has no loss");
    }

    private static final String SYSTEM = """
            import dev.nstm.autodiff.*;
            import dev.nstm.device.*;
            import dev.nstm.imaging.*;
            import dev.nstm.tensor.*;
            import java.util.List;

            public final class %s implements ImagingSystem {
                @Override public String name() { return "%s"; }
                @Override public ForwardModel open(Recording recording, Settings settings) {
                    return new ForwardModel() {
                        @Override public int shots() { return 1; }
                        @Override public double[] moments(int shot) { return new double[] {0}; }
                        @Override public int channels() { return 1; }
                        @Override public double channelUnit(int channel) { return 1; }
                        @Override public PixelGrid samples() { return PixelGrid.of(Shape.of(32, 32)); }
                        @Override public Comparison attach(Device device, Node scene, Node parameters) {
                            Operations ops = new Operations(device);
                            %s
                        }
                    };
                }
                private static ForwardModel.Comparison terms(LossTerm... terms) {
                    return new ForwardModel.Comparison() {
                        @Override public void select(int shot) {}
                        @Override public List<LossTerm> terms() { return List.of(terms); }
                    };
                }
                private static final class Shear implements LinearMap {
                    @Override public int inputs() { return 1024; }
                    @Override public int outputs() { return 1024; }
                    @Override public void apply(float[] x, float[] y) { for (int i = 0; i < 1024; i++) y[i] = x[(i + i / 32) %% 1024]; }
                    @Override public void adjoint(float[] y, float[] x) { apply(y, x); }
                }
            }
            """;
}
