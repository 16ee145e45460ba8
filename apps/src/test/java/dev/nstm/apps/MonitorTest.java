package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.Selection;
import dev.nstm.apps.monitor.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run is followed and steered from outside, by its output and by files in its directory. */
class MonitorTest {
    @TempDir
    private Path directory;

    private Path config;
    private Path shots;
    private Path out;

    @BeforeEach
    void simulate() throws Exception {
        config = Files.writeString(directory.resolve("c.yaml"), """
                optics: {wavelength: 0.525, numericalAperture: 0.25, pixelSize: 0.454}
                simulation: {height: 48, width: 64}
                training: {epochs: 100000}
                object: {width: 32, log2TableSize: 10}
                loss: {light: even, motionRoughness: 0.03}
                uncertainty: {replicas: 0}
                """);
        shots = directory.resolve("shots.npz");
        assertEquals(
                0,
                CommandLineRunner.run("simulate", config.toString(), "--out", shots.toString())
                        .exitCode());
        out = directory.resolve("out");
    }

    private JsonNode status() throws IOException {
        return new ObjectMapper()
                .readTree(out.resolve("monitor").resolve("status.json").toFile());
    }

    private String phase() {
        try {
            return status().path("phase").asText();
        } catch (IOException notYet) {
            return "";
        }
    }

    private void until(String phase) throws InterruptedException {
        for (int i = 0; i < 600 && !phase().equals(phase); i++) Thread.sleep(50);
        assertEquals(phase, phase());
    }

    private List<String> checkpoints() throws IOException {
        Path folder = out.resolve("checkpoints");
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aRunRestsGoesOnWritesCheckpointsAndEndsWhenItIsAsked() throws Exception {
        Process process = CommandLineRunner.start(
                directory.resolve("out.txt"),
                directory.resolve("err.txt"),
                "reconstruct",
                config.toString(),
                "--data",
                shots.toString(),
                "--out",
                out.toString(),
                "--monitor");
        try {
            until("training");
            Request.PAUSE.leave(out);
            until("paused");
            int epoch = status().get("epoch").asInt();
            assertTrue(epoch > 0);
            assertEquals(List.of(), checkpoints());
            Request.CHECKPOINT.leave(out);
            for (int i = 0; i < 600 && checkpoints().isEmpty(); i++) Thread.sleep(50);
            assertEquals(1, checkpoints().size());
            for (int i = 0; i < 600 && !Files.exists(out.resolve("preview/recon.npz")); i++) Thread.sleep(50);
            assertTrue(Files.exists(out.resolve("preview/recon.ome.zarr/.zattrs")), "the results so far");
            assertEquals(epoch, status().get("epoch").asInt(), "it still rests");
            assertTrue(
                    Files.readAllLines(out.resolve("metrics.csv")).size() == epoch + 1, "all epochs are in the table");
            aPictureOfTheSceneIsThere();
            Request.GO.leave(out);
            until("training");
            for (int i = 0; i < 600 && status().get("epoch").asInt() <= epoch; i++) Thread.sleep(50);
            assertTrue(status().get("epoch").asInt() > epoch, "it goes on");
            Request.STOP.leave(out);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(130, process.exitValue());
            until("interrupted");
            assertEquals(2, checkpoints().size());
            assertFalse(Files.exists(out.resolve("monitor/request")), "what was asked was taken");
        } finally {
            process.destroyForcibly();
        }
    }

    /** The small pictures that the page shows: absorption, phase, and the motion along rows and columns. */
    private void aPictureOfTheSceneIsThere() throws IOException {
        Path live = out.resolve("monitor").resolve(status().get("live").asText());
        JsonNode told = new ObjectMapper().readTree(live.resolve(".zattrs").toFile());
        List<String> labels = told.at("/omero/channels").findValuesAsText("label");
        assertEquals(List.of("absorption", "phase (rad)", "motion y (\u00b5m)", "motion x (\u00b5m)"), labels);
        Selection phase = new Selection(java.util.Optional.empty(), java.util.Optional.of(2), true);
        var pages = ImageFiles.read(List.of(live), phase).grey();
        assertEquals(5, pages.size(), "times");
        assertEquals("48x64", pages.getFirst().size());
    }

    @Test
    void programsReadALineOfJsonPerUpdate() throws Exception {
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                shots.toString(),
                "--out",
                out.toString(),
                "--set",
                "training.epochs=40",
                "--progress",
                "json");
        assertEquals(0, result.exitCode(), result.err());
        List<JsonNode> lines = new ArrayList<>();
        for (String line : result.out().lines().toList()) lines.add(new ObjectMapper().readTree(line));
        assertEquals("preparing", lines.getFirst().get("phase").asText());
        int epoch = 0;
        for (JsonNode line : lines) {
            boolean read = lines.indexOf(line) > 0;
            assertEquals(read ? 40 : 0, line.get("epochs").asInt(), "planned, as soon as the data are read");
            assertTrue(line.get("epoch").asInt() >= epoch, "epochs go up");
            epoch = line.get("epoch").asInt();
            if (line.get("phase").asText().equals("training")) {
                assertTrue(line.get("loss").asDouble() > 0);
                assertTrue(line.get("secondsPerEpoch").asDouble() > 0);
            }
        }
        assertEquals(40, epoch);
        assertEquals("done", lines.getLast().get("phase").asText());
        assertTrue(lines.getLast().get("text").asText().contains("dB"), "what people are told");
        assertFalse(result.err().contains("epoch 1/"), "people's lines stay away");
        assertFalse(Files.exists(out.resolve("monitor")), "nobody asked for it");
    }

    @Test
    void whatFailsSaysWhy() throws Exception {
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct",
                config.toString(),
                "--data",
                shots.toString(),
                "--out",
                out.toString(),
                "--set",
                "training.objectRate=1e30",
                "--monitor");
        assertEquals(1, result.exitCode());
        assertEquals("failed", phase());
        String said = result.errorLines().getLast();
        assertEquals(said, "nstm: " + status().get("text").asText());
    }
}
