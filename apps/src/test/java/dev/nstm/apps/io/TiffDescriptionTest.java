package dev.nstm.apps.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which plane a page is, as the text on the first page tells: every page holds its own number. */
class TiffDescriptionTest {
    @TempDir
    private Path directory;

    private Path write(String name, int pages, String description) throws IOException {
        List<byte[]> data = IntStream.range(0, pages)
                .mapToObj(page -> HandmadeTiff.words(
                        IntStream.generate(() -> page).limit(30).toArray(), ByteOrder.LITTLE_ENDIAN))
                .toList();
        return HandmadeTiff.write(
                directory.resolve(name),
                ByteOrder.LITTLE_ENDIAN,
                data,
                page -> page > 0
                        ? HandmadeTiff.tags(5, 6, 16, 1, 1)
                        : HandmadeTiff.tags(5, 6, 16, 1, 1, HandmadeTiff.description(description)));
    }

    private static String ome(String sizes, String inside) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\"><Image ID=\"Image:0\"><Pixels "
                + sizes.replace('\'', '"') + ">" + inside.replace('\'', '"') + "</Pixels></Image></OME>";
    }

    private static List<Integer> pages(Path file, Integer series, Integer channel) throws IOException {
        Selection selection = new Selection(Optional.ofNullable(series), Optional.ofNullable(channel), false);
        return ImageFiles.read(List.of(file), selection).grey().stream()
                .map(page -> (int) page.values()[7])
                .toList();
    }

    @Test
    void pagesOutOfOrderComeInTheOrderOfTheirPlanes() throws IOException {
        String blocks =
                "<Channel SamplesPerPixel='1'/><Channel SamplesPerPixel='1'/><TiffData IFD='0' FirstT='2' FirstC='1' PlaneCount='1'/><TiffData IFD='1' FirstT='0' FirstC='1'/><TiffData IFD='2' FirstT='0' PlaneCount='2'/>"
                        + "<TiffData IFD='4' FirstT='2'/><TiffData IFD='5' FirstT='1' FirstC='1'/>";
        Path file = write("order.ome.tif", 6, ome("DimensionOrder='XYTZC' SizeT='3' SizeC='2' SizeZ='1'", blocks));
        assertEquals(List.of(2, 3, 4), pages(file, null, 1));
        assertEquals(List.of(1, 5, 0), pages(file, null, 2));
    }

    @Test
    void ofASetOfFilesOnlyTheOwnBlocksCount() throws IOException {
        String blocks =
                "<Channel/><TiffData FirstC='0' PlaneCount='3'><UUID FileName='a.ome.tif'>urn:uuid:1</UUID></TiffData><TiffData FirstC='1' FirstT='2' IFD='0'><UUID FileName='b.ome.tif'>urn:uuid:2</UUID></TiffData>"
                        + "<TiffData FirstC='1' FirstT='0' IFD='1' PlaneCount='2'><UUID FileName='b.ome.tif'>urn:uuid:2</UUID></TiffData>";
        String description = ome("DimensionOrder='XYTZC' SizeT='3' SizeC='2' SizeZ='1'", blocks);
        assertEquals(List.of(0, 1, 2), pages(write("a.ome.tif", 3, description), null, null));
        assertEquals(List.of(1, 2, 0), pages(write("b.ome.tif", 3, description), null, null));
        assertEquals(
                List.of(1, 2, 0),
                pages(write("renamed.tif", 3, description.replace("<OME ", "<OME UUID=\"urn:uuid:2\" ")), null, 2));
        assertTrue(assertThrows(InvalidInputException.class, () -> pages(directory.resolve("b.ome.tif"), null, 1))
                .getMessage()
                .contains("has no channel 1; it has 2"));
    }

    @Test
    void seriesFollowEachOther() throws IOException {
        String one = ome("DimensionOrder='XYCZT' SizeT='2' SizeC='1' SizeZ='1'", "<TiffData IFD='0' PlaneCount='2'/>");
        String both = one.replace(
                "</OME>",
                "<Image ID=\"Image:1\"><Pixels DimensionOrder=\"XYCZT\" SizeT=\"3\" SizeC=\"1\" SizeZ=\"1\"><TiffData IFD=\"2\" PlaneCount=\"3\"/></Pixels></Image></OME>");
        Path file = write("series.ome.tif", 5, both);
        assertTrue(assertThrows(InvalidInputException.class, () -> pages(file, null, null))
                .getMessage()
                .contains("2 series (1: 2 pages of 5x6, 2: 3 pages of 5x6); choose one with data.series"));
        assertEquals(List.of(2, 3, 4), pages(file, 2, null));
    }

    @ParameterizedTest
    @CsvSource({"cut short", "not XML"})
    void aChannelIsNotGuessed(String fault) throws IOException {
        String whole =
                ome("DimensionOrder='XYCZT' SizeT='3' SizeC='2' SizeZ='1'", "<TiffData IFD='0' PlaneCount='4'/>");
        Path file = write("part.ome.tif", 5, fault.equals("cut short") ? whole : whole.replace("/>", ">"));
        assertEquals(List.of(0, 1, 2, 3, 4), pages(file, null, null));
        String message = assertThrows(InvalidInputException.class, () -> pages(file, null, 1))
                .getMessage();
        assertTrue(
                message.contains("does not tell for each of its 5 pages to which it belongs")
                        && message.contains("data.pages"),
                message);
    }

    @Test
    void channelsOfImageJAreFastestEvenWhereTheEndIsMissing() throws IOException {
        Path file = write("part.tif", 5, "ImageJ=1.54f\nimages=6\nchannels=2\nframes=3\nhyperstack=true\n");
        assertEquals(List.of(0, 2, 4), pages(file, null, 1));
        assertEquals(List.of(1, 3), pages(file, null, 2));
    }

    @Test
    void aListOfManySeriesIsNotSpelledOut() throws IOException {
        int[] widths = IntStream.range(0, 40).map(i -> 3 + i).toArray();
        Path file = HandmadeTiff.write(
                directory.resolve("many.tif"),
                ByteOrder.BIG_ENDIAN,
                Arrays.stream(widths).mapToObj(width -> new byte[10 * width]).toList(),
                page -> HandmadeTiff.tags(5, widths[page], 16, 1, 1));
        String message = assertThrows(InvalidInputException.class, () -> pages(file, null, null))
                .getMessage();
        assertTrue(
                message.contains("40 series (1: 1 page of 5x3")
                        && message.contains(", ...)")
                        && message.length() < 400 + file.toString().length(),
                message);
        assertTrue(assertThrows(InvalidInputException.class, () -> pages(file, 41, null))
                .getMessage()
                .contains("has no series 41; it has 40 (data.series)"));
    }
}
