package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.optics.Grid2D;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leaves the program has the unit and the sign that docs/quantities.md gives it, in every file alike. */
class QuantitiesTest {
    private static final int HEIGHT = 64;
    private static final int WIDTH = 72;
    private static final int PIXELS = HEIGHT * WIDTH;
    private static final double DOWN = 4;
    private static final double RIGHT = -2;

    @TempDir
    private static Path directory;

    private static Path config;
    private static Path shots;
    private static Path out;

    /** Cells that drift down and to the left, imaged by Abbe's method. */
    @BeforeAll
    static void reconstruct() throws Exception {
        config = Files.writeString(directory.resolve("cells.yaml"), """
                system: dpc
                optics: {wavelength: 0.65, numericalAperture: 0.4, pixelSize: 0.4}
                simulation: {height: %d, width: %d, noise: 0.002, keyTimes: [-1, 1], shiftRows: [0, %s], shiftColumns: [0, %s]}
                object: {width: 32, log2TableSize: 12}
                motion: {log2TableSize: 10}
                loss: {motionRoughness: 1}
                training: {epochs: 150}
                """.formatted(HEIGHT, WIDTH, DOWN, RIGHT));
        shots = directory.resolve("shots.npz");
        assertEquals(
                0,
                CommandLineRunner.run("simulate", config.toString(), "--out", shots.toString())
                        .exitCode());
        out = directory.resolve("out");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "reconstruct", config.toString(), "--data", shots.toString(), "--out", out.toString());
        assertEquals(0, result.exitCode(), result.err());
        assertFalse(result.out().contains("sign turned"), result.out());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** One component of the motion of the last of four times, over the middle of the field. */
    private static double[] last(NpyArray motion, int axis) {
        int times = motion.shape()[0];
        return IntStream.range(0, PIXELS)
                .filter(i -> i / WIDTH > 15 && i / WIDTH < HEIGHT - 15 && i % WIDTH > 15 && i % WIDTH < WIDTH - 15)
                .mapToDouble(i -> motion.values()[((times - 1) * PIXELS + i) * 2 + axis])
                .toArray();
    }

    @Test
    void motionIsTheDisplacementOfTheSpecimenSinceTheFirstShot() throws Exception {
        NpyArray known = Npz.open(shots).get("motion");
        assertEquals(DOWN, median(last(known, 0)), 1e-3, "rows, of the truth");
        assertEquals(RIGHT, median(last(known, 1)), 1e-3, "columns, of the truth");
        NpyArray found = Npz.open(out.resolve("recon.npz")).get("motion");
        for (int i = 0; i < 2 * PIXELS; i++) assertEquals(0, found.values()[i], 1e-3, "at the first shot");
        assertEquals(DOWN, median(last(found, 0)), 1, "rows");
        assertEquals(RIGHT, median(last(found, 1)), 1, "columns");
    }

    @Test
    void pointsGoWithTheSpecimen() throws Exception {
        Path points = Files.writeString(directory.resolve("points.csv"), "y,x\n30,36\n");
        assertEquals(
                0,
                CommandLineRunner.run("track", out.toString(), "--points", points.toString())
                        .exitCode());
        List<String> lines = Files.readAllLines(out.resolve("tracks.csv"));
        String[] first = lines.get(1).split(",");
        String[] last = lines.getLast().split(",");
        assertEquals(DOWN, Double.parseDouble(last[2]) - Double.parseDouble(first[2]), 1.2, "rows: " + lines);
        assertEquals(RIGHT, Double.parseDouble(last[3]) - Double.parseDouble(first[3]), 1.2, "columns: " + lines);
        assertEquals("point,time,y [px],x [px],y [um],x [um]", lines.getFirst());
        assertEquals(
                Double.parseDouble(last[3]) / Double.parseDouble(last[2]),
                Double.parseDouble(last[5]) / Double.parseDouble(last[4]),
                1e-3,
                "micrometres");
        for (String turned : List.of("x,y\n36,30\n", "column [px], row [px]\n36, 30\n", "30,36\n")) {
            assertEquals(
                    0,
                    CommandLineRunner.run(
                                    "track",
                                    out.toString(),
                                    "--points",
                                    Files.writeString(points, turned).toString())
                            .exitCode());
            assertEquals(lines, Files.readAllLines(out.resolve("tracks.csv")), turned);
        }
        CommandLineRunner.Result wrong = CommandLineRunner.run(
                "track",
                out.toString(),
                "--points",
                Files.writeString(points, "x,q\n36,30\n").toString());
        assertTrue(
                wrong.exitCode() == 1
                        && wrong.err().contains("the columns are called \"x,q\"; y, x are expected, in any order"),
                wrong.err());
    }

    /** Slope of a channel of a reconstruction's first time on the truth, both about their means. */
    private static double slope(NpyArray recon, int channel, NpyArray truth) {
        double mean = IntStream.range(0, PIXELS)
                .mapToDouble(i -> truth.values()[i])
                .average()
                .orElseThrow();
        double covariance = 0;
        double variance = 0;
        for (int i = 0; i < PIXELS; i++) {
            covariance += (truth.values()[i] - mean) * recon.values()[2 * i + channel];
            variance += (truth.values()[i] - mean) * (truth.values()[i] - mean);
        }
        return covariance / variance;
    }

    @Test
    void phaseIsInRadiansAndAbsorptionPositiveWhereLightIsLost() throws Exception {
        NpyArray recon = Npz.open(out.resolve("recon.npz")).get("recon");
        assertEquals(1, slope(recon, 1, Npz.open(shots).get("phase")), 0.12, "phase of the model");
        assertTrue(slope(recon, 0, Npz.open(shots).get("absorption")) > 0.5, "absorption of the model");
        Path still = directory.resolve("still.npz");
        assertEquals(
                0,
                CommandLineRunner.run(
                                "simulate",
                                config.toString(),
                                "--out",
                                still.toString(),
                                "--set",
                                "simulation.shiftRows=[0, 0]",
                                "--set",
                                "simulation.shiftColumns=[0, 0]",
                                "--set",
                                "simulation.noise=0")
                        .exitCode());
        Path base = directory.resolve("base");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "baseline", config.toString(), "--data", still.toString(), "--out", base.toString());
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.out().contains("of the shots' energy unexplained"), result.out());
        NpyArray conventional = Npz.open(base.resolve("baseline.npz")).get("recon");
        assertEquals(1, slope(conventional, 1, Npz.open(still).get("phase")), 0.1, "phase of Tikhonov");
        assertEquals(1, slope(conventional, 0, Npz.open(still).get("absorption")), 0.3, "absorption of Tikhonov");
        Grid2D stack = ImageFiles.read(base.resolve("baseline-phase.tif")).getFirst();
        for (int i = 0; i < PIXELS; i++)
            assertEquals(conventional.values()[2 * i + 1], stack.values()[i], "the TIFF holds radians too");
        assertTrue(Files.size(base.resolve("baseline-phase.png")) > 0
                && Files.size(base.resolve("baseline-absorption.png")) > 0);
        assertTrue(Files.readString(out.resolve("report.html")).contains("\"unit\":\"rad\""));
    }

    @Test
    void aTruthThatCountsGainedLightIsComparedWithItsSignTurned() throws Exception {
        var arrays = AllArrays.in(shots);
        NpyArray absorption = arrays.get("absorption");
        arrays.remove("absorption_sign");
        arrays.put(
                "absorption",
                new NpyArray(
                        absorption.shape(),
                        Arrays.stream(absorption.values()).map(value -> -value).toArray()));
        Path published = directory.resolve("published.npz");
        Npz.write(published, arrays);
        String ours = CommandLineRunner.run(
                        "evaluate",
                        "--recon",
                        out.resolve("recon.npz").toString(),
                        "--truth",
                        shots.toString(),
                        "--margin",
                        "8")
                .out();
        String theirs = CommandLineRunner.run(
                        "evaluate",
                        "--recon",
                        out.resolve("recon.npz").toString(),
                        "--truth",
                        published.toString(),
                        "--margin",
                        "8")
                .out();
        assertTrue(theirs.startsWith(ours) && theirs.contains("positive where light is gained"), theirs);
    }

    @Test
    void aCroppedFieldIsThePartOfTheWhole() throws Exception {
        Path part = directory.resolve("part");
        CommandLineRunner.Result result = CommandLineRunner.run(
                "baseline",
                config.toString(),
                "--data",
                shots.toString(),
                "--out",
                part.toString(),
                "--set",
                "data.crop=[8, 10, 40, 44]");
        assertEquals(1, result.exitCode());
        assertTrue(
                result.err().contains("data.crop changes the frequencies that array \"s\" is given for"), result.err());
        var arrays = AllArrays.in(shots);
        arrays.remove("s");
        Path plain = directory.resolve("plain.npz");
        Npz.write(plain, arrays);
        result = CommandLineRunner.run(
                "baseline",
                config.toString(),
                "--data",
                plain.toString(),
                "--out",
                part.toString(),
                "--set",
                "data.crop=[8, 10, 40, 44]");
        assertEquals(0, result.exitCode(), result.err());
        assertArrayEquals(
                new int[] {4, 40, 44, 2},
                Npz.open(part.resolve("baseline.npz")).get("recon").shape());
    }
}
