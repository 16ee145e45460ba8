package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads PGM and PPM pictures of Netpbm, as text (P2, P3) or bytes (P5, P6) of 8 or 16 bits; several may follow each
 * other.
 */
final class PnmReader {
    private final Path file;
    private final MemorySegment bytes;
    private long at;

    private PnmReader(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** Empty where the file is of another kind. */
    static Optional<Pictures> read(Path file, int mostPages) throws IOException {
        return MappedFile.look(file, bytes -> {
            PnmReader reader = new PnmReader(file, bytes);
            List<List<Grid2D>> pictures = new ArrayList<>();
            while (reader.begins()) {
                require(pictures.size() < mostPages, "%s holds more than %d pictures", file, mostPages);
                pictures.add(reader.picture());
            }
            return pictures.isEmpty() ? Optional.empty() : Optional.of(new Pictures(pictures, Calibration.NONE));
        });
    }

    private boolean begins() {
        return at + 3 <= bytes.byteSize()
                && bytes.get(ValueLayout.JAVA_BYTE, at) == 'P'
                && "2356".indexOf(bytes.get(ValueLayout.JAVA_BYTE, at + 1)) >= 0
                && Character.isWhitespace(bytes.get(ValueLayout.JAVA_BYTE, at + 2));
    }

    private List<Grid2D> picture() {
        byte kind = bytes.get(ValueLayout.JAVA_BYTE, at + 1);
        int colours = kind == '3' || kind == '6' ? 3 : 1;
        boolean text = kind <= '3';
        at += 2;
        int width = number("width");
        int height = number("height");
        int largest = number("largest value");
        require(
                width > 0 && height > 0 && largest > 0 && largest < 65536,
                "%s is damaged: it claims %dx%d pixels up to %d",
                file,
                height,
                width,
                largest);
        int wide = largest > 255 ? 2 : 1;
        long count = (long) width * height * colours;
        if (!text) at++;
        require(
                count <= (bytes.byteSize() - at + 1) / (text ? 2 : wide),
                "%s is cut off: %dx%d pixels need %d bytes, it has %d",
                file,
                height,
                width,
                count * wide,
                bytes.byteSize() - at);
        Room.forValues(count, file.toString());
        List<Grid2D> grids = new ArrayList<>();
        for (int colour = 0; colour < colours; colour++) grids.add(new Grid2D(height, width));
        ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
        for (int i = 0; i < count; i++) {
            int value = text
                    ? number("pixel")
                    : wide == 2
                            ? Short.toUnsignedInt(bytes.get(shorts, at + 2L * i))
                            : Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, at + i));
            require(
                    value <= largest,
                    "%s is damaged: pixel %d is %d where %d is the largest",
                    file,
                    i / colours,
                    value,
                    largest);
            grids.get(i % colours).values()[i / colours] = value;
        }
        if (!text) at += count * wide;
        while (at < bytes.byteSize() && Character.isWhitespace(bytes.get(ValueLayout.JAVA_BYTE, at))) at++;
        return grids;
    }

    /** The next number, comments passed over. */
    private int number(String meaning) {
        boolean comment = false;
        while (at < bytes.byteSize() && (comment || !isDigit())) {
            byte next = bytes.get(ValueLayout.JAVA_BYTE, at++);
            comment = next == '#' || comment && next != '\n';
            require(
                    comment || next == '\n' || Character.isWhitespace(next),
                    "%s is damaged: there is no number at byte %d (%s)",
                    file,
                    at - 1,
                    meaning);
        }
        long value = 0;
        require(at < bytes.byteSize(), "%s is cut off before its %s", file, meaning);
        while (at < bytes.byteSize() && isDigit()) {
            value = 10 * value + bytes.get(ValueLayout.JAVA_BYTE, at++) - '0';
            require(value <= Integer.MAX_VALUE, "%s is damaged: its %s is beyond all bounds", file, meaning);
        }
        return (int) value;
    }

    private boolean isDigit() {
        byte next = bytes.get(ValueLayout.JAVA_BYTE, at);
        return next >= '0' && next <= '9';
    }
}
