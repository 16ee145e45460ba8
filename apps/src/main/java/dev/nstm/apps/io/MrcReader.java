package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads MRC files and the DeltaVision variant of them that structured-illumination microscopes write: a header of 1024
 * bytes, an extended header, then all sections. Sections come as pages in the order of the file, rows as they lie there
 * (some programs show such files upside down). Complex sections become rows of interleaved real and imaginary parts.
 */
final class MrcReader {
    private static final int HEADER = 1024;
    private static final int MODE = 12;
    private static final int EXTENDED = 92;
    private static final int DELTAVISION_MARK = 96;
    private static final short DELTAVISION = (short) 0xC0A0;
    private static final int WAVES = 196;
    private static final int MRC_MARK = 208;
    private static final int HIGHEST_MODE = 101;
    private static final int WIDEST = 1 << 20;

    private MrcReader() {}

    /** All sections; empty where the file is of another kind. */
    static Optional<List<Grid2D>> read(Path file, int mostPages) throws IOException {
        try (FileChannel channel = FileChannel.open(file); Arena arena = Arena.ofConfined()) {
            if (channel.size() < HEADER) return Optional.empty();
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                boolean deltaVision = bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), DELTAVISION_MARK) == DELTAVISION;
                if ((deltaVision || isMrc(bytes)) && plausible(bytes, order)) return Optional.of(sections(file, bytes, order, deltaVision, mostPages));
            }
            return Optional.empty();
        }
    }

    /** The mark of the 2014 format. */
    private static boolean isMrc(MemorySegment bytes) {
        return new String(bytes.asSlice(MRC_MARK, 4).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1).startsWith("MAP");
    }

    /** A mode and width that make sense in this byte order. */
    private static boolean plausible(MemorySegment bytes, ByteOrder order) {
        int mode = bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), MODE);
        int width = bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), 0);
        return mode >= 0 && mode <= HIGHEST_MODE && width > 0 && width < WIDEST;
    }

    private static List<Grid2D> sections(Path file, MemorySegment bytes, ByteOrder order, boolean deltaVision, int mostPages) {
        ValueLayout.OfInt ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        int width = bytes.get(ints, 0);
        int height = bytes.get(ints, 4);
        int count = bytes.get(ints, 8);
        int mode = bytes.get(ints, MODE);
        long extended = bytes.get(ints, EXTENDED);
        require(width > 0 && height > 0 && count > 0 && extended >= 0 && (long) width * height <= 1 << 30, "%s is damaged: its header claims %d sections of %dx%d after %d bytes", file, count, height, width, extended);
        require(count <= mostPages, "%s claims %d sections; at most %d are read", file, count, mostPages);
        int waves = deltaVision ? bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), WAVES) : 1;
        require(waves <= 1, "%s holds %d channels; save the one to be reconstructed alone", file, waves);
        int valueBytes = switch (mode) {
            case 0 -> 1;
            case 1, 6 -> 2;
            case 2 -> 4;
            case 4 -> 8;
            default -> throw new InvalidInputException(file + " has pixels of mode " + mode + "; modes 0, 1, 2, 4 and 6 are read (8 and 16 bit integers, float, complex float)");
        };
        long first = HEADER + extended;
        long section = (long) width * height * valueBytes;
        require(first + count * section <= bytes.byteSize(), "%s is cut off: %d sections of %dx%d need %d bytes, it has %d", file, count, height, width, first + count * section, bytes.byteSize());
        ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        ValueLayout.OfFloat floats = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
        List<Grid2D> pages = new ArrayList<>();
        for (int page = 0; page < count; page++) {
            Grid2D grid = new Grid2D(height, mode == 4 ? 2 * width : width);
            long from = first + page * section;
            for (int i = 0; i < grid.values().length; i++) {
                grid.values()[i] = switch (mode) {
                    case 0 -> deltaVision ? Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, from + i)) : bytes.get(ValueLayout.JAVA_BYTE, from + i);
                    case 1 -> bytes.get(shorts, from + 2L * i);
                    case 6 -> Short.toUnsignedInt(bytes.get(shorts, from + 2L * i));
                    default -> bytes.get(floats, from + 4L * i);
                };
            }
            pages.add(grid);
        }
        return pages;
    }
}
