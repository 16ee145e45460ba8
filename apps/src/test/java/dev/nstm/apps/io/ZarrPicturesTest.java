package dev.nstm.apps.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nstm.apps.NodeProgram;
import dev.nstm.apps.zarr.OmeZarrImage;
import dev.nstm.apps.zarr.OmeZarrWriter;
import dev.nstm.apps.zarr.ZarrVersion;
import dev.nstm.files.AtomicDirectory;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ZarrPicturesTest {
    private static final int HEIGHT = 70;
    private static final int WIDTH = 130;

    @TempDir
    private Path directory;

    private static double value(int t, int c, int z, int y, int x) {
        return (x * x + 3 * y * y + 50 * z + 7 * c + 11 * t) % 251;
    }

    private static Pictures channel(Path file, int channel) throws IOException {
        return ImageFiles.read(
                ImageFiles.named(file.toString()), new Selection(Optional.empty(), Optional.of(channel), false));
    }

    private static void assertRead(Path file) throws IOException {
        for (int c = 0; c < 3; c++) {
            List<Grid2D> pages = channel(file, c + 1).grey();
            assertEquals(4, pages.size(), file.toString());
            for (int page = 0; page < 4; page++)
                for (int y = 0; y < HEIGHT; y++)
                    for (int x = 0; x < WIDTH; x++)
                        assertEquals(
                                value(page / 2, c, page % 2, y, x),
                                pages.get(page).get(y, x),
                                file + ", page " + page);
        }
    }

    /** Types, byte orders, codecs and versions as zarrita and numcodecs write them. */
    @Test
    void whatOtherProgramsWriteIsRead() throws Exception {
        JsonNode files = NodeProgram.output("write-zarr.mjs", "zarrita", directory);
        assertEquals(12, files.size());
        for (JsonNode file : files) assertRead(Path.of(file.asText()));
        assertEquals(
                new Calibration(OptionalDouble.of(0.1), OptionalDouble.of(0.3), 2, 2),
                channel(directory.resolve("v2-lz4.ome.zarr"), 1).calibration());
    }

    /** Pages of a stack and a part of each, and what lies outside. */
    @Test
    void pagesAndPartsAreChosen() throws Exception {
        Path file = written(ZarrVersion.NGFF_0_4);
        Region region = new Region(20, 60, 30, 50);
        Selection part =
                new Selection(Optional.empty(), Optional.of(2), false, Optional.of("2,4"), Optional.of(region));
        List<Grid2D> whole = channel(file, 2).grey();
        List<Grid2D> read = ImageFiles.read(List.of(file), part).grey();
        assertEquals(2, read.size());
        assertArrayEquals(region.of(whole.get(1)).values(), read.get(0).values());
        assertArrayEquals(region.of(whole.get(3)).values(), read.get(1).values());
        Selection outside = new Selection(
                Optional.empty(), Optional.of(2), false, Optional.empty(), Optional.of(new Region(0, 100, 30, 50)));
        assertEquals(
                "data.crop: [0, 100, 30, 50] lies outside the field of 70x130 pixels",
                assertThrows(InvalidInputException.class, () -> ImageFiles.read(List.of(file), outside))
                        .getMessage());
    }

    private Path written(ZarrVersion version) {
        Path file = directory.resolve("own.ome.zarr");
        OmeZarrWriter.write(
                file,
                version,
                new OmeZarrImage(
                        "own",
                        List.of(
                                new OmeZarrImage.Axis('t', 2, 20, "millisecond"),
                                new OmeZarrImage.Axis('c', 3, 1, ""),
                                new OmeZarrImage.Axis('z', 2, 0.3, "micrometer"),
                                new OmeZarrImage.Axis('y', HEIGHT, 0.1, "micrometer"),
                                new OmeZarrImage.Axis('x', WIDTH, 0.1, "micrometer")),
                        List.of(
                                new OmeZarrImage.Channel("a", "FFFFFF", true),
                                new OmeZarrImage.Channel("b", "FFFFFF", true),
                                new OmeZarrImage.Channel("c", "FFFFFF", true)),
                        new double[] {-1, 1}),
                (t, c, z) -> {
                    float[] plane = new float[HEIGHT * WIDTH];
                    for (int i = 0; i < plane.length; i++) plane[i] = (float) value(t, c, z, i / WIDTH, i % WIDTH);
                    return plane;
                });
        return file;
    }

    @ParameterizedTest
    @EnumSource
    void whatWeWriteIsRead(ZarrVersion version) throws Exception {
        Path file = written(version);
        assertRead(file);
        assertEquals(
                new Calibration(OptionalDouble.of(0.1), OptionalDouble.of(0.3), 2, 2),
                channel(file, 1).calibration());
        assertArrayEquals(
                channel(file, 2).grey().getFirst().values(),
                channel(file.resolve("0"), 2).grey().getFirst().values(),
                "the array alone");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zlib | lzma | is packed with the codec \"lzma\", which is not read",
                "<f4 | <c8 | holds elements of type \"<c8\", which are not read",
                "\"C\" | \"F\" | lies in column-major order, which is not read",
                "70, 130 ] | 70, -1 ] | is damaged: its shape has an extent of -1",
                "1, 70, 130 ], | 90000, 70, 130000 ], | which are too large to be read"
            })
    void whatIsNotReadIsNamed(String written, String changed, String expected) throws Exception {
        Path file = written(ZarrVersion.NGFF_0_4);
        Path description = file.resolve("0/.zarray");
        Files.writeString(description, Files.readString(description).replace(written, changed));
        String message = assertThrows(InvalidInputException.class, () -> channel(file, 1))
                .getMessage();
        assertTrue(message.contains("own.ome.zarr") && message.contains(expected), message);
    }

    @Test
    void aDamagedChunkIsNamed() throws Exception {
        Path file = written(ZarrVersion.NGFF_0_5);
        Path chunk = file.resolve("0/c/1/0/0/0/0");
        Files.write(chunk, new byte[] {1, 2, 3});
        String message = assertThrows(InvalidInputException.class, () -> channel(file, 1))
                .getMessage();
        assertTrue(message.contains(chunk.toString()) && message.contains("damaged"), message);
    }

    /** A chunk that ends too early must not pass for zeros. */
    @Test
    void aStoredChunkThatIsCutOffIsNoticed() throws Exception {
        Path file = written(ZarrVersion.NGFF_0_4).resolve("0");
        Path description = file.resolve(".zarray");
        Files.writeString(description, Files.readString(description).replace("\"zlib\"", "\"blosc\""));
        byte[] stored = new byte[16 + 4 * HEIGHT * WIDTH];
        ByteBuffer.wrap(stored)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {2, 1, 0x33, 4})
                .putInt(4 * HEIGHT * WIDTH)
                .putInt(4 * HEIGHT * WIDTH)
                .putInt(stored.length)
                .putFloat(7);
        for (String chunk : List.of("0/0/0", "0/0/1", "1/0/0", "1/0/1"))
            Files.write(file.resolve(chunk + "/0/0"), stored);
        assertEquals(7, channel(file, 1).grey().getFirst().get(0, 0));
        Files.write(file.resolve("1/0/1/0/0"), Arrays.copyOf(stored, stored.length - 5));
        assertTrue(assertThrows(InvalidInputException.class, () -> channel(file, 1))
                .getMessage()
                .contains("is cut off"));
    }

    @Test
    void scalesOfTheWholeArePartOfTheSpacing() throws Exception {
        Path file = written(ZarrVersion.NGFF_0_4);
        Path description = file.resolve(".zattrs");
        Files.writeString(
                description,
                Files.readString(description)
                        .replace(
                                "\"type\" : \"mean\",",
                                "\"coordinateTransformations\": [{\"type\": \"scale\", \"scale\": [1, 1, 2, 3, 3]}],"));
        Calibration calibration = channel(file, 1).calibration();
        assertEquals(0.3, calibration.pixelSize().orElseThrow(), 1e-9);
        assertEquals(0.6, calibration.zStep().orElseThrow(), 1e-9);
    }

    /** Chunks of several planes, nested without the description saying so. */
    @Test
    void planesThatShareAChunkAreRead() throws Exception {
        Path array = Files.createDirectories(directory.resolve("shared.zarr"));
        Files.writeString(array.resolve(".zarray"), """
                {"zarr_format": 2, "shape": [5, 6, 7], "chunks": [2, 4, 7], "dtype": ">i2", "fill_value": 9,
                 "order": "C", "filters": null, "compressor": null}
                """);
        for (int z = 0; z < 3; z++) {
            for (int row = 0; row < 2; row++) {
                if (z == 2 && row == 1) continue;
                ByteBuffer chunk = ByteBuffer.allocate(2 * 2 * 4 * 7);
                for (int i = 0; i < 56; i++) {
                    int plane = 2 * z + i / 28;
                    chunk.putShort((short) (-1000 * plane - 10 * (4 * row + i / 7 % 4) - i % 7));
                }
                Files.createDirectories(array.resolve(z + "/" + row));
                Files.write(array.resolve(z + "/" + row + "/0"), chunk.array());
            }
        }
        List<Grid2D> pages = ImageFiles.read(array);
        assertEquals(5, pages.size());
        for (int z = 0; z < 5; z++)
            for (int y = 0; y < 6; y++)
                for (int x = 0; x < 7; x++)
                    assertEquals(
                            z == 4 && y >= 4 ? 9 : -1000 * z - 10 * y - x,
                            pages.get(z).get(y, x));
    }

    @Test
    void anArrayWithoutChunksIsRefused() throws Exception {
        Path file = written(ZarrVersion.NGFF_0_5);
        AtomicDirectory.delete(file.resolve("0/c"));
        assertTrue(assertThrows(InvalidInputException.class, () -> channel(file, 1))
                .getMessage()
                .contains("describes an array of which no chunk is there"));
    }

    @Test
    void aDatasetOutsideIsRefused() throws Exception {
        Path file = written(ZarrVersion.NGFF_0_4);
        Path description = file.resolve(".zattrs");
        Files.writeString(
                description, Files.readString(description).replace("\"path\" : \"0\"", "\"path\" : \"../0\""));
        assertTrue(assertThrows(InvalidInputException.class, () -> channel(file, 1))
                .getMessage()
                .contains("names a dataset outside of itself"));
    }
}
