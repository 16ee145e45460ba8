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
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                new Calibration(OptionalDouble.of(0.1), OptionalDouble.of(0.3), 2),
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
                        (t, c, z) -> {
                            float[] plane = new float[HEIGHT * WIDTH];
                            for (int i = 0; i < plane.length; i++)
                                plane[i] = (float) value(t, c, z, i / WIDTH, i % WIDTH);
                            return plane;
                        },
                        new double[] {-1, 1}));
        return file;
    }

    @ParameterizedTest
    @EnumSource
    void whatWeWriteIsRead(ZarrVersion version) throws Exception {
        Path file = written(version);
        assertRead(file);
        assertEquals(
                new Calibration(OptionalDouble.of(0.1), OptionalDouble.of(0.3), 2),
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
