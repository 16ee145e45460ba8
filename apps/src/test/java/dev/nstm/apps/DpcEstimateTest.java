package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The light of moving cells, imaged by Abbe's method, is found from the shots. */
class DpcEstimateTest {
    @TempDir
    private static Path directory;

    private static Path config;
    private static Path withLight;
    private static Path shots;

    @BeforeAll
    static void simulate() throws Exception {
        config = Files.writeString(directory.resolve("cells.yaml"), """
                system: dpc
                optics: {wavelength: 0.525, numericalAperture: 0.25, pixelSize: 0.454, rotations: [0, 90, 180, 270]}
                simulation: {height: 96, width: 110, drift: 5, deformation: 0.5}
                """);
        withLight = directory.resolve("with-light.npz");
        CommandLineRunner.Result result =
                CommandLineRunner.run("simulate", config.toString(), "--out", withLight.toString());
        assertEquals(0, result.exitCode(), result.err());
        Map<String, NpyArray> arrays = AllArrays.in(withLight);
        arrays.remove("s");
        shots = directory.resolve("shots.npz");
        Npz.write(shots, arrays);
    }

    private static CommandLineRunner.Result estimate(Path data, String rotations) throws Exception {
        return CommandLineRunner.run(
                "dpc",
                "estimate",
                config.toString(),
                "--data",
                data.toString(),
                "--set",
                "optics.rotations=" + rotations);
    }

    @Test
    void theRightLightIsTheBest() throws Exception {
        CommandLineRunner.Result result = estimate(shots, "[0, 90, 180, 270]");
        assertEquals(0, result.exitCode(), result.out() + result.err());
        assertTrue(result.out().endsWith("the light is as good as any that was tried\n"), result.out());
    }

    @Test
    void theOrderIsFound() throws Exception {
        CommandLineRunner.Result result = estimate(shots, "[0, 180, 90, 270]");
        assertEquals(1, result.exitCode(), result.out() + result.err());
        assertTrue(result.out().endsWith("[0, 90, 180, 270] is better\n"), result.out());
    }

    @Test
    void theTurnIsFound() throws Exception {
        CommandLineRunner.Result result = estimate(shots, "[15, 105, 195, 285]");
        assertEquals(1, result.exitCode(), result.out() + result.err());
        Matcher turn =
                Pattern.compile("([-+]\\d+\\.\\d) degrees: .* is better\\n$").matcher(result.out());
        assertTrue(turn.find(), result.out());
        assertEquals(-15, Double.parseDouble(turn.group(1)), 3, result.out());
    }

    /** Of moving cells 12 micrometres out of focus, one and a half depths of field. */
    @Test
    void theFocusIsFound() throws Exception {
        Path away = directory.resolve("away.npz");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "simulate", config.toString(), "--out", away.toString(), "--set", "optics.defocus=12");
        assertEquals(0, result.exitCode(), result.err());
        Map<String, NpyArray> arrays = AllArrays.in(away);
        arrays.remove("s");
        Npz.write(away, arrays);
        result = estimate(away, "[0, 90, 180, 270]");
        assertEquals(1, result.exitCode(), result.out() + result.err());
        Matcher focus =
                Pattern.compile("optics.defocus: (-?\\d+\\.\\d) is better\\n$").matcher(result.out());
        assertTrue(focus.find(), result.out());
        assertEquals(12, Double.parseDouble(focus.group(1)), 2, result.out());
    }

    @Test
    void lightThatTheFileGivesIsNotGuessed() throws Exception {
        CommandLineRunner.Result result = estimate(withLight, "[0, 90, 180, 270]");
        assertEquals(1, result.exitCode());
        assertEquals(1, result.errorLines().size(), result.err());
        assertTrue(result.err().contains("the light is given by array \"s\" of "), result.err());
    }

    @Test
    void otherSystemsAreRefused() throws Exception {
        Path sim = Files.writeString(directory.resolve("sim.yaml"), "system: sim\n");
        CommandLineRunner.Result result =
                CommandLineRunner.run("dpc", "estimate", sim.toString(), "--data", shots.toString());
        assertEquals(1, result.exitCode());
        assertEquals(List.of("nstm: the lights of system: dpc can be estimated, got sim"), result.errorLines());
    }
}
