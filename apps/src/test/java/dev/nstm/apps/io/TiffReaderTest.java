package dev.nstm.apps.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TiffReaderTest {
    private static final int HEIGHT = 3;
    private static final int WIDTH = 5;

    @TempDir
    private Path directory;

    private final SplittableRandom random = Seeds.random();

    /** A stack written byte by byte, pages in strips of two rows. */
    private Path stack(int pages, boolean big, ByteOrder order, int bits, int format, double[][] values)
            throws IOException {
        int bytes = bits / 8;
        int entries = 9;
        int directorySize = big ? 8 + 20 * entries + 8 : 2 + 12 * entries + 4;
        int strips = (HEIGHT + 1) / 2;
        int listSize = strips * 8;
        int pageSize = directorySize + listSize + HEIGHT * WIDTH * bytes;
        ByteBuffer file = ByteBuffer.allocate(16 + pages * pageSize).order(order);
        file.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'))
                .put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'));
        if (big)
            file.putShort((short) 43).putShort((short) 8).putShort((short) 0).putLong(16);
        else file.putShort((short) 42).putInt(16);
        for (int page = 0; page < pages; page++) {
            int start = 16 + page * pageSize;
            int list = start + directorySize;
            int pixels = list + listSize;
            file.position(start);
            if (big) file.putLong(entries);
            else file.putShort((short) entries);
            entry(file, big, 256, WIDTH);
            entry(file, big, 257, HEIGHT);
            entry(file, big, 258, bits);
            entry(file, big, 259, 1);
            entry(file, big, 262, 1);
            listEntry(file, big, 273, strips, list);
            entry(file, big, 277, 1);
            entry(file, big, 278, 2);
            entry(file, big, 339, format);
            long next = page + 1 < pages ? start + pageSize : 0;
            if (big) file.putLong(next);
            else file.putInt((int) next);
            file.position(list);
            for (int strip = 0; strip < strips; strip++) {
                if (big) file.putLong(pixels + strip * 2 * WIDTH * bytes);
                else file.putInt(pixels + strip * 2 * WIDTH * bytes);
            }
            file.position(pixels);
            for (double value : values[page]) {
                switch (bits * 10 + format) {
                    case 81, 82 -> file.put((byte) (int) value);
                    case 161, 162 -> file.putShort((short) (int) value);
                    case 321, 322 -> file.putInt((int) (long) value);
                    case 323 -> file.putFloat((float) value);
                    default -> file.putDouble(value);
                }
            }
        }
        return Files.write(directory.resolve("stack.tif"), file.array());
    }

    private static void entry(ByteBuffer file, boolean big, int tag, int value) {
        file.putShort((short) tag).putShort((short) 4);
        if (big) file.putLong(1).putInt(value).putInt(0);
        else file.putInt(1).putInt(value);
    }

    private static void listEntry(ByteBuffer file, boolean big, int tag, int count, int at) {
        file.putShort((short) tag).putShort((short) (big ? 16 : 4));
        if (big) file.putLong(count).putLong(at);
        else file.putInt(count).putInt(at);
    }

    private double[][] values(int pages, int bits, int format) {
        double[][] values = new double[pages][HEIGHT * WIDTH];
        double span = Math.pow(2, Math.min(bits, 31));
        for (double[] page : values) {
            for (int i = 0; i < page.length; i++)
                page[i] = format == 3
                        ? (float) random.nextGaussian()
                        : Math.floor(random.nextDouble() * span - (format == 2 ? span / 2 : 0));
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "8,1,false,II",
        "8,2,true,MM",
        "16,1,false,MM",
        "16,2,true,II",
        "32,1,true,II",
        "32,2,false,MM",
        "32,3,false,II",
        "32,3,true,MM",
        "64,3,true,II"
    })
    void everySampleTypeOrderAndKindIsRead(int bits, int format, boolean big, String mark) throws IOException {
        double[][] values = values(3, bits, format);
        Path file =
                stack(3, big, mark.equals("II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN, bits, format, values);
        List<Grid2D> pages = ImageFiles.read(file);
        assertEquals(3, pages.size());
        for (int page = 0; page < 3; page++)
            assertArrayEquals(values[page], pages.get(page).values(), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"20", "60", "150", "300", "700"})
    void aFileThatIsCutOffSaysSo(int bytes) throws IOException {
        Path file = stack(3, true, ByteOrder.LITTLE_ENDIAN, 16, 1, values(3, 16, 1));
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), bytes));
        assertThrows(InvalidInputException.class, () -> ImageFiles.read(file));
    }

    @Test
    void aListOfPagesThatRunsInACircleIsRefused() throws IOException {
        Path file = stack(2, false, ByteOrder.LITTLE_ENDIAN, 16, 1, values(2, 16, 1));
        byte[] bytes = Files.readAllBytes(file);
        int pageSize = (bytes.length - 16) / 2;
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(16 + pageSize + 2 + 12 * 9, 16);
        Files.write(file, bytes);
        assertTrue(assertThrows(InvalidInputException.class, () -> ImageFiles.read(file))
                .getMessage()
                .contains("circle"));
    }

    @Test
    void aHeaderThatClaimsTooManyPixelsIsRefused() throws IOException {
        Path file = stack(1, false, ByteOrder.LITTLE_ENDIAN, 16, 1, values(1, 16, 1));
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(16 + 2 + 8, 100_000);
        Files.write(file, bytes);
        String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file))
                .getMessage();
        assertTrue(message.contains("stack.tif"), message);
    }

    /**
     * ImageJ describes the first page of a stack beyond 4 GB and lays the others behind it; the file here is a sparse
     * one.
     */
    @Test
    void imageJStacksBeyondFourGigabytesAreReadToTheirEnd() throws IOException {
        int side = 8192;
        int count = 65;
        long planeBytes = 2L * side * side;
        String description = "ImageJ=1.54f\nimages=" + count + "\nslices=" + count + "\n\0";
        ByteBuffer head = ByteBuffer.allocate(512).order(ByteOrder.BIG_ENDIAN);
        head.put((byte) 'M').put((byte) 'M').putShort((short) 42).putInt(8).putShort((short) 8);
        entry(head, false, 256, side);
        entry(head, false, 257, side);
        entry(head, false, 258, 16);
        entry(head, false, 259, 1);
        head.putShort((short) 270)
                .putShort((short) 2)
                .putInt(description.length())
                .putInt(200);
        entry(head, false, 273, 512);
        entry(head, false, 277, 1);
        entry(head, false, 278, side);
        head.putInt(0).position(200);
        head.put(description.getBytes(StandardCharsets.ISO_8859_1));
        File file = directory.resolve("large.tif").toFile();
        try (RandomAccessFile out = new RandomAccessFile(file, "rw")) {
            out.write(head.array());
            out.setLength(512 + count * planeBytes - 1);
        }
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> ImageFiles.read(file.toPath()).size())
                .getMessage();
        assertTrue(
                message.contains("page 65"), "the pages before the last, which is a byte short, are found: " + message);
    }
}
