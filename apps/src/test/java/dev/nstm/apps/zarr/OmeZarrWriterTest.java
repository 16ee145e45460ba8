package dev.nstm.apps.zarr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nstm.Seeds;
import dev.nstm.apps.NodeProgram;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OmeZarrWriterTest {
    private static final int TIMES = 2;
    private static final int CHANNELS = 3;
    private static final int PLANES = 2;
    private static final int HEIGHT = 301;
    private static final int WIDTH = 517;

    @TempDir
    private Path directory;

    private final SplittableRandom random = Seeds.random();
    private final float[][][][] values = new float[TIMES][CHANNELS][PLANES][];

    /** Channels of noise about their number; the last is dark but at the first time. */
    private OmeZarrImage image() {
        for (int t = 0; t < TIMES; t++) {
            for (int c = 0; c < CHANNELS; c++) {
                for (int z = 0; z < PLANES; z++) {
                    values[t][c][z] = new float[HEIGHT * WIDTH];
                    if (c == CHANNELS - 1 && t > 0) continue;
                    for (int i = 0; i < HEIGHT * WIDTH; i++)
                        values[t][c][z][i] = (float) (c + 0.1 * random.nextGaussian());
                }
            }
        }
        return new OmeZarrImage(
                "cells",
                List.of(
                        new OmeZarrImage.Axis('t', TIMES, 20, "millisecond"),
                        new OmeZarrImage.Axis('c', CHANNELS, 1, ""),
                        new OmeZarrImage.Axis('z', PLANES, 0.3, "micrometer"),
                        new OmeZarrImage.Axis('y', HEIGHT, 0.1, "micrometer"),
                        new OmeZarrImage.Axis('x', WIDTH, 0.1, "micrometer")),
                List.of(
                        new OmeZarrImage.Channel("phase (rad)", "FFFFFF", true),
                        new OmeZarrImage.Channel("motion y (\u00b5m)", "FF0000", false),
                        new OmeZarrImage.Channel("motion x (\u00b5m)", "00FF00", false)),
                new double[] {-1, 1});
    }

    private float[] plane(int t, int c, int z) {
        return values[t][c][z];
    }

    /** Mean of 2^level x 2^level pixels. */
    private float mean(int level, int t, int c, int z, int y, int x) {
        int block = 1 << level;
        double sum = 0;
        for (int dy = 0; dy < block; dy++)
            for (int dx = 0; dx < block; dx++) sum += values[t][c][z][(y * block + dy) * WIDTH + x * block + dx];
        return (float) (sum / block / block);
    }

    @ParameterizedTest
    @EnumSource
    void anotherProgramReadsWhatWasWritten(ZarrVersion version) throws Exception {
        Path file = directory.resolve("cells.ome.zarr");
        OmeZarrWriter.write(file, version, image(), this::plane);
        JsonNode read = NodeProgram.output("read-zarr.mjs", "zarrita", file);
        assertEquals(3, read.get("arrays").size());
        for (int level = 0; level < 3; level++) {
            JsonNode array = read.get("arrays").get(level);
            int height = HEIGHT >> level;
            int width = WIDTH >> level;
            assertEquals(
                    "[" + TIMES + "," + CHANNELS + "," + PLANES + "," + height + "," + width + "]",
                    array.get("shape").toString());
            assertEquals(
                    "[1,1,1," + Math.min(256, height) + "," + Math.min(256, width) + "]",
                    array.get("chunks").toString());
            assertEquals("float32", array.get("type").asText());
            int at = 0;
            for (int t = 0; t < TIMES; t++)
                for (int c = 0; c < CHANNELS; c++)
                    for (int z = 0; z < PLANES; z++)
                        for (int y = 0; y < height; y++)
                            for (int x = 0; x < width; x++)
                                assertEquals(
                                        mean(level, t, c, z, y, x),
                                        array.get("values").get(at++).floatValue(),
                                        level == 0 ? 0 : 1e-6);
        }
        checkDescription(version, read.get("attributes"));
    }

    private void checkDescription(ZarrVersion version, JsonNode attributes) {
        JsonNode ome = version == ZarrVersion.NGFF_0_4 ? attributes : attributes.get("ome");
        JsonNode multiscale = ome.get("multiscales").get(0);
        assertEquals(
                version.number(),
                (version == ZarrVersion.NGFF_0_4 ? multiscale : ome)
                        .get("version")
                        .asText());
        assertEquals(
                "[{\"name\":\"t\",\"type\":\"time\",\"unit\":\"millisecond\"},{\"name\":\"c\",\"type\":\"channel\"},"
                        + "{\"name\":\"z\",\"type\":\"space\",\"unit\":\"micrometer\"},{\"name\":\"y\",\"type\":\"space\",\"unit\":\"micrometer\"},"
                        + "{\"name\":\"x\",\"type\":\"space\",\"unit\":\"micrometer\"}]",
                multiscale.get("axes").toString());
        JsonNode transformations = multiscale.get("datasets").get(2).get("coordinateTransformations");
        assertEquals("[20,1,0.3,0.4,0.4]", transformations.get(0).get("scale").toString());
        double[] translation = new double[5];
        for (int i = 0; i < 5; i++)
            translation[i] = transformations.get(1).get("translation").get(i).asDouble();
        assertArrayEquals(new double[] {0, 0, 0, 0.15, 0.15}, translation, 1e-12);
        JsonNode channel = ome.get("omero").get("channels").get(1);
        assertEquals("motion y (\u00b5m)", channel.get("label").asText());
        assertEquals("FF0000", channel.get("color").asText());
        assertFalse(channel.get("active").asBoolean());
        // A thousandth of normally distributed values lies beyond 3.09 deviations.
        assertEquals(1 - 0.309, channel.get("window").get("start").asDouble(), 0.01);
        assertEquals(1 + 0.309, channel.get("window").get("end").asDouble(), 0.01);
    }

    /** By the specification's words, where there is no other reader. */
    @ParameterizedTest
    @EnumSource
    void chunksLieWhereTheSpecificationSays(ZarrVersion version) throws IOException {
        Path file = directory.resolve("cells.ome.zarr");
        OmeZarrWriter.write(file, version, image(), this::plane);
        boolean second = version == ZarrVersion.NGFF_0_4;
        Path array = file.resolve("0");
        assertTrue(Files.exists(array.resolve(second ? ".zarray" : "zarr.json")));
        Path chunk = (second ? array : array.resolve("c")).resolve("1/0/1/1/2");
        try (InputStream in = second
                ? new InflaterInputStream(Files.newInputStream(chunk))
                : new GZIPInputStream(Files.newInputStream(chunk))) {
            ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(4 * 256 * 256, bytes.capacity());
            for (int y = 0; y < 256; y++)
                for (int x = 0; x < 256; x++)
                    assertEquals(
                            256 + y < HEIGHT && 512 + x < WIDTH ? values[1][0][1][(256 + y) * WIDTH + 512 + x] : 0,
                            bytes.getFloat(4 * (256 * y + x)));
        }
    }

    @Test
    void darkChunksTakeNoRoom() throws IOException {
        Path file = directory.resolve("cells.ome.zarr");
        OmeZarrWriter.write(file, ZarrVersion.NGFF_0_4, image(), this::plane);
        assertTrue(Files.exists(file.resolve("0/0/2/0/0/0")));
        assertFalse(Files.exists(file.resolve("0/1/2")));
    }

    @Test
    void whatWasThereStaysUntilTheNewIsComplete() throws IOException {
        Path file = directory.resolve("cells.ome.zarr");
        OmeZarrImage image = image();
        OmeZarrWriter.write(file, ZarrVersion.NGFF_0_5, image, this::plane);
        OmeZarrImage.Planes broken = (t, c, z) -> {
            if (t == 1) throw new InvalidInputException("no more");
            return values[t][c][z];
        };
        assertThrows(InvalidInputException.class, () -> OmeZarrWriter.write(file, ZarrVersion.NGFF_0_4, image, broken));
        assertTrue(Files.exists(file.resolve("zarr.json")));
        assertFalse(Files.exists(file.resolve(".zgroup")));
        OmeZarrWriter.write(file, ZarrVersion.NGFF_0_4, image, this::plane);
        assertFalse(Files.exists(file.resolve("zarr.json")));
        try (var files = Files.list(directory)) {
            assertEquals(1, files.count(), "nothing temporary is left");
        }
    }
}
