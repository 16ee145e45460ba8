package dev.nstm.apps.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
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

class MrcReaderTest {
    private static final int WIDTH = 5;
    private static final int HEIGHT = 3;
    private static final int SECTIONS = 4;
    private static final int EXTENDED = 128;

    @TempDir
    private Path directory;

    private static ByteBuffer header(ByteOrder order, int mode, boolean deltaVision, int bytes) {
        ByteBuffer file = ByteBuffer.allocate(1024 + EXTENDED + bytes).order(order);
        file.putInt(WIDTH).putInt(HEIGHT).putInt(SECTIONS).putInt(mode);
        file.putInt(92, EXTENDED);
        if (deltaVision) file.putShort(96, (short) 0xC0A0).putShort(196, (short) 1);
        else file.put(208, "MAP ".getBytes(StandardCharsets.US_ASCII));
        return file.position(1024 + EXTENDED);
    }

    /** Where DeltaVision's files say them: sizes and wavelength in the header, times behind it, section by section. */
    @ParameterizedTest
    @CsvSource({"LITTLE", "BIG"})
    void deltaVisionTellsWavelengthAndTimes(String endian) throws IOException {
        ByteBuffer file = header(
                endian.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                6,
                true,
                2 * SECTIONS * HEIGHT * WIDTH);
        file.putFloat(40, 0.08f).putFloat(44, 0.08f).putFloat(48, 0.125f);
        file.putShort(198, (short) 525);
        file.putShort(128, (short) 3).putShort(130, (short) 4);
        for (int section = 0; section < SECTIONS; section++)
            file.putFloat(1024 + 28 * section + 4 * (3 + 1), 10 + section * section);
        Path path = Files.write(directory.resolve("a.dv"), file.array());
        Calibration told = ImageFiles.read(List.of(path), Selection.ALL).calibration();
        assertEquals(0.08, told.pixelSize().orElseThrow(), 1e-7);
        assertEquals(0.125, told.zStep().orElseThrow(), 1e-7);
        assertEquals(0.525, told.wavelength().orElseThrow(), 1e-9);
        assertEquals(List.of(10.0, 11.0, 14.0, 19.0), told.moments());
        assertArrayEquals(
                new double[] {-1, -7.0 / 9, -1.0 / 9, 1}, told.times(4).orElseThrow(), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({
        "0,true,LITTLE",
        "0,false,BIG",
        "1,true,BIG",
        "1,false,LITTLE",
        "2,true,LITTLE",
        "2,false,BIG",
        "6,true,BIG",
        "4,false,LITTLE",
        "12,false,LITTLE",
        "12,false,BIG"
    })
    void everyModeOrderAndVariantIsRead(int mode, boolean deltaVision, String endian) throws IOException {
        SplittableRandom random = Seeds.random();
        int values = SECTIONS * HEIGHT * WIDTH * (mode == 4 ? 2 : 1);
        ByteBuffer file = header(
                endian.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, mode, deltaVision, 8 * values);
        double[] expected = new double[values];
        for (int i = 0; i < values; i++) {
            switch (mode) {
                case 0 -> {
                    expected[i] = random.nextInt(256) - (deltaVision ? 0 : 128);
                    file.put((byte) (int) expected[i]);
                }
                case 1, 6 -> {
                    expected[i] = random.nextInt(65536) - (mode == 1 ? 32768 : 0);
                    file.putShort((short) (int) expected[i]);
                }
                case 12 -> {
                    file.putShort((short) random.nextInt(0x7C00));
                    expected[i] = Float.float16ToFloat(file.getShort(file.position() - 2));
                }
                default -> {
                    expected[i] = (float) random.nextGaussian();
                    file.putFloat((float) expected[i]);
                }
            }
        }
        Path path = Files.write(directory.resolve("raw.dv"), Arrays.copyOf(file.array(), file.position()));
        List<Grid2D> pages = ImageFiles.read(path);
        assertEquals(SECTIONS, pages.size());
        int section = values / SECTIONS;
        int row = section / HEIGHT;
        for (int page = 0; page < SECTIONS; page++) {
            for (int y = 0; y < HEIGHT; y++) {
                // The lowest row of a picture is stored first; transforms lie as they are.
                int stored = mode == 4 ? y : HEIGHT - 1 - y;
                assertArrayEquals(
                        Arrays.copyOfRange(
                                expected, page * section + stored * row, page * section + (stored + 1) * row),
                        Arrays.copyOfRange(pages.get(page).values(), y * row, (y + 1) * row));
            }
        }
    }

    /** A width of 256 or more in the other byte order may be one too: the machine stamp tells. */
    @Test
    void theMachineStampTellsTheByteOrder() throws IOException {
        ByteBuffer file = ByteBuffer.allocate(1024 + 512).order(ByteOrder.BIG_ENDIAN);
        file.putInt(256).putInt(2).putInt(1).putInt(0);
        file.put(208, "MAP ".getBytes(StandardCharsets.US_ASCII))
                .put(212, (byte) 0x11)
                .put(213, (byte) 0x11)
                .put(1024, (byte) 5);
        Grid2D page = ImageFiles.read(Files.write(directory.resolve("big.mrc"), file.array()))
                .getFirst();
        assertEquals("2x256", page.size());
        assertEquals(5, page.values()[256]);
    }

    /** IMOD's stamp, and its flag for bytes with a sign: without the flag they count from 0. */
    @ParameterizedTest
    @CsvSource({"0,200", "1,-56"})
    void bytesOfImodCountFromZeroUnlessItSaysOtherwise(int flags, double expected) throws IOException {
        ByteBuffer file = header(ByteOrder.LITTLE_ENDIAN, 0, false, SECTIONS * HEIGHT * WIDTH);
        file.putInt(152, 1146047817).putInt(156, flags).put(1024 + EXTENDED, (byte) 200);
        assertEquals(
                expected,
                ImageFiles.read(Files.write(directory.resolve("imod.mrc"), file.array()))
                        .getFirst()
                        .values()[(HEIGHT - 1) * WIDTH]);
    }

    private String refusal(ByteBuffer file, int length) throws IOException {
        Path path = Files.write(directory.resolve("raw.mrc"), Arrays.copyOf(file.array(), length));
        return assertThrows(InvalidInputException.class, () -> ImageFiles.read(path))
                .getMessage();
    }

    @Test
    void damageIsNamed() throws IOException {
        int bytes = SECTIONS * HEIGHT * WIDTH * 2;
        ByteBuffer file = header(ByteOrder.LITTLE_ENDIAN, 1, true, bytes);
        assertTrue(refusal(file, file.capacity() - 1).contains("cut off"));
        assertTrue(refusal(file.putInt(8, 100_001), file.capacity()).contains("claims 100001 sections"));
        assertTrue(refusal(file.putInt(8, SECTIONS).putShort(196, (short) 3), file.capacity())
                .contains("4 sections are not a whole number for each of 3 channels"));
        assertTrue(refusal(file.putShort(196, (short) 2), file.capacity())
                .contains("holds 2 channels; choose one with data.channel"));
        assertTrue(refusal(file.putShort(196, (short) 1).putInt(12, 3), file.capacity())
                .contains("mode 3"));
        assertTrue(refusal(file.putInt(12, 1).putInt(4, -5), file.capacity()).contains("damaged"));
    }
}
