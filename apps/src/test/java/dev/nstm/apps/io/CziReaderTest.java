package dev.nstm.apps.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.nstm.Seeds;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CziReaderTest {
    private static final int WIDTH = 7;
    private static final int HEIGHT = 4;
    private static final int ROTATIONS = 3;
    private static final int PLANES = 2;
    private static final int PHASES = 5;
    private static final int DIMENSIONS = 7;
    private static final int ENTRY = 32 + 20 * DIMENSIONS;

    @TempDir
    private Path directory;

    private final SplittableRandom random = Seeds.random();

    /** Where a plane belongs, and its pixels. */
    private record Plane(int time, int rotation, int z, int phase, double[] values) {}

    private List<Plane> planes(int pixelType) {
        List<Plane> planes = new ArrayList<>();
        for (int i = 0; i < 2 * ROTATIONS * PLANES * PHASES; i++) {
            double[] values = new double[WIDTH * HEIGHT];
            for (int p = 0; p < values.length; p++)
                values[p] =
                        pixelType == 2 ? (float) random.nextGaussian() : random.nextInt(pixelType == 0 ? 256 : 65536);
            planes.add(new Plane(
                    i / PHASES / PLANES / ROTATIONS,
                    i / PHASES / PLANES % ROTATIONS,
                    i / PHASES % PLANES,
                    i % PHASES,
                    values));
        }
        return planes;
    }

    /** A file with these planes in any order, 32-byte segment headers and all. */
    private Path write(List<Plane> planes, int pixelType, int compression, Consumer<ByteBuffer> change)
            throws IOException {
        List<Plane> shuffled = new ArrayList<>(planes);
        Collections.shuffle(shuffled, new Random(random.nextLong()));
        ByteBuffer file = ByteBuffer.allocate(1 << 18).order(ByteOrder.LITTLE_ENDIAN);
        segment(file, 0, "ZISRAWFILE");
        int at = 32 + 512;
        List<Integer> positions = new ArrayList<>();
        for (Plane plane : shuffled) {
            byte[] pixels = packed(plane.values, pixelType, compression);
            positions.add(at);
            segment(file, at, "ZISRAWSUBBLOCK");
            file.putInt(at + 32, 11).putLong(at + 40, pixels.length);
            entry(file, at + 48, plane, at, pixelType, compression);
            file.put(at + 32 + 256 + 11, pixels);
            at += 32 + 256 + 11 + pixels.length;
        }
        segment(file, at, "ZISRAWDIRECTORY");
        file.putLong(32 + 52, at);
        file.putInt(at + 32, shuffled.size());
        for (int i = 0; i < shuffled.size(); i++)
            entry(file, at + 32 + 128 + i * ENTRY, shuffled.get(i), positions.get(i), pixelType, compression);
        change.accept(file);
        return Files.write(
                directory.resolve("raw.czi"), Arrays.copyOf(file.array(), at + 32 + 128 + shuffled.size() * ENTRY));
    }

    private static void segment(ByteBuffer file, int at, String id) {
        file.put(at, id.getBytes(StandardCharsets.US_ASCII));
    }

    private static void entry(ByteBuffer file, int at, Plane plane, int position, int pixelType, int compression) {
        file.put(at, new byte[] {'D', 'V'})
                .putInt(at + 2, pixelType)
                .putLong(at + 6, position)
                .putInt(at + 18, compression)
                .putInt(at + 28, DIMENSIONS);
        String names = "XYCTRZH";
        int[] starts = {0, 0, 0, plane.time, plane.rotation, plane.z, plane.phase};
        for (int d = 0; d < DIMENSIONS; d++) {
            int size = d == 0 ? WIDTH : d == 1 ? HEIGHT : 1;
            int dimension = at + 32 + 20 * d;
            file.put(dimension, (byte) names.charAt(d))
                    .putInt(dimension + 4, starts[d])
                    .putInt(dimension + 8, size)
                    .putInt(dimension + 16, size);
        }
    }

    private static byte[] packed(double[] values, int pixelType, int compression) {
        ByteBuffer plain = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            switch (pixelType) {
                case 0 -> plain.put((byte) (int) value);
                case 1 -> plain.putShort((short) (int) value);
                case 2 -> plain.putFloat((float) value);
                default -> plain.putInt((int) value);
            }
        }
        byte[] bytes = Arrays.copyOf(plain.array(), plain.position());
        if (compression == 0) return bytes;
        if (compression == 5) return Zstd.compress(bytes);
        boolean apart = pixelType == 1;
        byte[] sorted = bytes.clone();
        if (apart)
            for (int i = 0; i < values.length; i++) {
                sorted[i] = bytes[2 * i];
                sorted[values.length + i] = bytes[2 * i + 1];
            }
        byte[] frame = Zstd.compress(sorted);
        byte[] header = apart ? new byte[] {3, 1, 1} : new byte[] {1};
        return ByteBuffer.allocate(header.length + frame.length)
                .put(header)
                .put(frame)
                .array();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "2,0", "12,0", "1,5", "2,5", "1,6", "0,6"})
    void pagesComeInTheOrderOfTheirDimensions(int pixelType, int compression) throws IOException {
        List<Plane> planes = planes(pixelType);
        List<Grid2D> pages = ImageFiles.read(write(planes, pixelType, compression, file -> {}));
        assertEquals(planes.size(), pages.size());
        for (int i = 0; i < planes.size(); i++) {
            assertEquals("4x7", pages.get(i).size());
            for (int p = 0; p < WIDTH * HEIGHT; p++)
                assertEquals(planes.get(i).values[p], pages.get(i).values()[p]);
        }
    }

    private String refusal(List<Plane> planes, int compression, Consumer<ByteBuffer> change) throws IOException {
        Path file = write(planes, 1, compression, change);
        return assertThrows(InvalidInputException.class, () -> ImageFiles.read(file))
                .getMessage();
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        List<Plane> planes = planes(1);
        assertTrue(
                refusal(planes, 4, file -> {}).contains("compressed with JPEG XR; save it uncompressed or with zstd"));
        assertTrue(refusal(planes.subList(1, planes.size()), 0, file -> {})
                .contains("59 planes, 59 of them different, but its times, rotations, planes and phases make 60"));
        assertTrue(refusal(planes, 0, file -> file.putLong(32 + 52, 0)).contains("not finished"));
        assertTrue(refusal(planes, 0, file -> file.putLong(32 + 52, 544)).contains("no directory at byte 544"));
        int firstChannel = 32 + 128 + 32 + 2 * 20 + 4;
        assertTrue(refusal(planes, 0, file -> file.putInt((int) file.getLong(32 + 52) + firstChannel, 1))
                .contains("holds 2 channels; choose one with data.channel (1 to 2)"));
        assertTrue(refusal(planes, 5, file -> file.put(32 + 512 + 32 + 256 + 11, new byte[8]))
                .contains("cut off or damaged"));
    }

    @Test
    void aFileThatIsCutOffOrLiesIsRefused() throws IOException {
        Path whole = write(planes(1), 1, 0, file -> {});
        byte[] bytes = Files.readAllBytes(whole);
        for (int length : new int[] {40, 600, bytes.length / 2, bytes.length - 1}) {
            Path cut = Files.write(directory.resolve("cut.czi"), Arrays.copyOf(bytes, length));
            String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(cut))
                    .getMessage();
            assertTrue(message.startsWith(cut.toString()), message);
        }
        assertTrue(refusal(planes(1), 0, file -> file.putInt((int) file.getLong(32 + 52) + 32, 100_000))
                .contains("cut off or damaged"));
    }
}
