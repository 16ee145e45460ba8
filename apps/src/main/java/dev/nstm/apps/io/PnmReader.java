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

/** Reads PGM and PPM pictures of Netpbm, as text (P2, P3) or bytes (P5, P6) of 8 or 16 bits. */
final class PnmReader {
    private final Path file;
    private final MemorySegment bytes;
    private long at = 2;

    private PnmReader(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** Empty where the file is of another kind. */
    static Optional<Pictures> read(Path file) throws IOException {
        return MappedFile.look(file, bytes -> {
            if (bytes.byteSize() < 3 || bytes.get(ValueLayout.JAVA_BYTE, 0) != 'P' || !Character.isWhitespace(bytes.get(ValueLayout.JAVA_BYTE, 2))) return Optional.empty();
            char kind = (char) bytes.get(ValueLayout.JAVA_BYTE, 1);
            if ("2356".indexOf(kind) < 0) return Optional.empty();
            return Optional.of(new Pictures(List.of(new PnmReader(file, bytes).picture(kind == '3' || kind == '6' ? 3 : 1, kind <= '3')), Calibration.NONE));
        });
    }

    private List<Grid2D> picture(int colours, boolean text) {
        int width = number("width");
        int height = number("height");
        int largest = number("largest value");
        require(width > 0 && height > 0 && largest > 0 && largest < 65536, "%s is damaged: it claims %dx%d pixels up to %d", file, height, width, largest);
        int wide = largest > 255 ? 2 : 1;
        long count = (long) width * height * colours;
        if (!text) at++;
        require(count <= (bytes.byteSize() - at + 1) / (text ? 2 : wide), "%s is cut off: %dx%d pixels need %d bytes, it has %d", file, height, width, count * wide, bytes.byteSize() - at);
        Room.forValues(count, file.toString());
        List<Grid2D> grids = new ArrayList<>();
        for (int colour = 0; colour < colours; colour++) grids.add(new Grid2D(height, width));
        ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
        for (int i = 0; i < count; i++) {
            int value = text ? number("pixel") : wide == 2 ? Short.toUnsignedInt(bytes.get(shorts, at + 2L * i)) : Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, at + i));
            require(value <= largest, "%s is damaged: pixel %d is %d where %d is the largest", file, i / colours, value, largest);
            grids.get(i % colours).values()[i / colours] = value;
        }
        return grids;
    }

    /** The next number, comments passed over. */
    private int number(String meaning) {
        boolean comment = false;
        while (at < bytes.byteSize() && (comment || !isDigit())) {
            byte next = bytes.get(ValueLayout.JAVA_BYTE, at++);
            comment = next == '#' || comment && next != '\n';
            require(comment || next == '\n' || Character.isWhitespace(next), "%s is damaged: there is no number at byte %d (%s)", file, at - 1, meaning);
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
