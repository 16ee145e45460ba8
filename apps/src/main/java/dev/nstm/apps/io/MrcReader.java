package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Reads MRC files and the DeltaVision variant of them that structured-illumination microscopes write: a header of 1024
 * bytes, an extended header, then all sections. Sections come as pages in the order of the file. The first row stored
 * is the bottom row of the picture (MRC2014; Bio-Formats and Fiji turn it too): pages come with the top row first, as
 * in every other format. Complex sections are transforms, not pictures: they become rows of interleaved real and
 * imaginary parts, in the order of the file.
 */
final class MrcReader {
    private static final int HEADER = 1024;
    private static final int MODE = 12;
    private static final int EXTENDED = 92;
    private static final int DELTAVISION_MARK = 96;
    private static final short DELTAVISION = (short) 0xC0A0;
    private static final int SAMPLING = 28;
    private static final int CELL = 40;
    private static final int TIMES = 180;
    private static final int SEQUENCE = 182;
    private static final int WAVES = 196;
    private static final int MOST_WAVES = 5;
    /** How many whole numbers, then how many floats, are kept of a section. */
    private static final int SECTION_INTEGERS = 128;
    /** Place of the time among the floats. */
    private static final int SECONDS = 1;

    private static final int MRC_MARK = 208;
    private static final int MACHINE_STAMP = 212;
    private static final byte BIG_ENDIAN_MACHINE = 0x11;
    private static final int HIGHEST_MODE = 101;
    private static final int COMPLEX = 4;
    private static final int WIDEST = 1 << 20;

    private static final int IMOD_STAMP = 152;
    private static final int IMOD = 1146047817;

    private MrcReader() {}

    /** The wanted sections; empty where the file is of another kind. */
    static Optional<Pictures> read(Path file, Selection selection, int mostPages) throws IOException {
        return MappedFile.look(file, bytes -> {
            if (bytes.byteSize() < HEADER) return Optional.empty();
            boolean stampedBig = bytes.get(ValueLayout.JAVA_BYTE, MACHINE_STAMP) == BIG_ENDIAN_MACHINE;
            for (ByteOrder order : stampedBig
                    ? List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)
                    : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                boolean deltaVision =
                        bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), DELTAVISION_MARK) == DELTAVISION;
                if ((deltaVision || isMrc(bytes)) && plausible(bytes, order))
                    return Optional.of(pictures(file, bytes, order, deltaVision, selection, mostPages));
            }
            return Optional.empty();
        });
    }

    /** The mark of the 2014 format. */
    private static boolean isMrc(MemorySegment bytes) {
        return new String(bytes.asSlice(MRC_MARK, 4).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1)
                .startsWith("MAP");
    }

    /** A mode and width that make sense in this byte order. */
    private static boolean plausible(MemorySegment bytes, ByteOrder order) {
        int mode = bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), MODE);
        int width = bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), 0);
        return mode >= 0 && mode <= HIGHEST_MODE && width > 0 && width < WIDEST;
    }

    /**
     * Bytes are unsigned in DV files, and in MRC files with the stamp of IMOD in which the flag for signed bytes is not
     * set; in other MRC files they are signed.
     */
    private static boolean unsignedBytes(MemorySegment bytes, ValueLayout.OfInt ints, boolean deltaVision) {
        return deltaVision || bytes.get(ints, IMOD_STAMP) == IMOD && (bytes.get(ints, IMOD_STAMP + 4) & 1) == 0;
    }

    private static Pictures pictures(
            Path file, MemorySegment bytes, ByteOrder order, boolean deltaVision, Selection selection, int mostPages) {
        ValueLayout.OfInt ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        int width = bytes.get(ints, 0);
        int height = bytes.get(ints, 4);
        int count = bytes.get(ints, 8);
        int mode = bytes.get(ints, MODE);
        long extended = bytes.get(ints, EXTENDED);
        require(
                width > 0 && height > 0 && count > 0 && extended >= 0 && (long) width * height <= 1 << 30,
                "%s is damaged: its header claims %d sections of %dx%d after %d bytes",
                file,
                count,
                height,
                width,
                extended);
        require(count <= mostPages, "%s claims %d sections; at most %d are read", file, count, mostPages);
        int waves = deltaVision ? bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), WAVES) : 1;
        require(
                waves <= 1 || count % waves == 0,
                "%s is damaged: %d sections are not a whole number for each of %d channels",
                file,
                count,
                waves);
        int valueBytes = switch (mode) {
            case 0 -> 1;
            case 1, 6, 12 -> 2;
            case 2 -> 4;
            case 4 -> 8;
            default ->
                throw new InvalidInputException(
                        file + " has pixels of mode " + mode
                                + "; modes 0, 1, 2, 4, 6 and 12 are read (8 and 16 bit integers, float, complex float, half float)");
        };
        long first = HEADER + extended;
        long section = (long) width * height * valueBytes;
        require(
                first + count * section <= bytes.byteSize(),
                "%s is cut off: %d sections of %dx%d need %d bytes, it has %d",
                file,
                count,
                height,
                width,
                first + count * section,
                bytes.byteSize());
        ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        ValueLayout.OfFloat floats = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
        boolean unsigned = unsignedBytes(bytes, ints, deltaVision);
        List<Integer> wanted = selection.of(
                file,
                planes(
                        count,
                        Math.max(1, waves),
                        deltaVision ? bytes.get(shorts, SEQUENCE) : 0,
                        bytes.get(shorts, TIMES),
                        height + "x" + width));
        selection.check(wanted.size(), 1, height, mode == COMPLEX ? 2 * width : width, file);
        List<List<Grid2D>> pages = new ArrayList<>();
        for (int page : wanted) {
            Grid2D grid = new Grid2D(height, mode == COMPLEX ? 2 * width : width);
            long from = first + page * section;
            for (int i = 0; i < grid.values().length; i++) {
                int row = i / grid.width();
                int to = mode == COMPLEX ? i : (height - 1 - row) * width + i % width;
                grid.values()[to] = switch (mode) {
                    case 0 ->
                        unsigned
                                ? Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, from + i))
                                : bytes.get(ValueLayout.JAVA_BYTE, from + i);
                    case 1 -> bytes.get(shorts, from + 2L * i);
                    case 6 -> Short.toUnsignedInt(bytes.get(shorts, from + 2L * i));
                    case 12 -> Float.float16ToFloat(bytes.get(shorts, from + 2L * i));
                    default -> bytes.get(floats, from + 4L * i);
                };
            }
            pages.add(selection.cut(List.of(grid)));
        }
        return new Pictures(
                pages,
                deltaVision
                        ? deltaVision(bytes, order, wanted, waves, selection)
                        : new Calibration(size(bytes, floats, ints, 0), size(bytes, floats, ints, 2)));
    }

    /** DeltaVision counts channels slowest (sequence 0), fastest (1), or between planes and times (2). */
    private static List<Selection.Plane> planes(int count, int waves, int sequence, int times, String size) {
        int perChannel = count / waves;
        int before = switch (sequence) {
            case 1 -> 1;
            case 2 -> Math.max(1, perChannel / Math.max(1, times));
            default -> perChannel;
        };
        return IntStream.range(0, count)
                .mapToObj(i -> new Selection.Plane(1, i / before % waves + 1, i, size))
                .toList();
    }

    /**
     * MRC keeps the size of the whole volume in angstroms. Programs that do not know the size write 1 angstrom for a
     * pixel.
     */
    private static OptionalDouble size(
            MemorySegment bytes, ValueLayout.OfFloat floats, ValueLayout.OfInt ints, int axis) {
        double pixel = bytes.get(floats, CELL) / bytes.get(ints, SAMPLING);
        double size = bytes.get(floats, CELL + 4L * axis) / bytes.get(ints, SAMPLING + 4L * axis);
        return pixel > 1.01 ? Calibration.micrometres(size * 1e-4, "um") : OptionalDouble.empty();
    }

    /**
     * DeltaVision keeps the size of a pixel in micrometres (1 where it is not known), the wavelengths of the channels
     * in nanometres, and for every section whole numbers, then floats, of which the second is the time in seconds.
     *
     * @param wanted sections
     * @param waves channels
     */
    private static Calibration deltaVision(
            MemorySegment bytes, ByteOrder order, List<Integer> wanted, int waves, Selection selection) {
        ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        ValueLayout.OfFloat floats = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
        boolean known = bytes.get(floats, CELL) != 1;
        int channel = waves > 1 ? selection.channel().orElse(0) : 1;
        double nanometres = channel >= 1 && channel <= MOST_WAVES ? bytes.get(shorts, WAVES + 2L * channel) : 0;
        return new Calibration(
                known ? Calibration.micrometres(bytes.get(floats, CELL), "um") : OptionalDouble.empty(),
                known ? Calibration.micrometres(bytes.get(floats, CELL + 8), "um") : OptionalDouble.empty(),
                0,
                0,
                true,
                seconds(bytes, order, wanted),
                Calibration.micrometres(nanometres, "nm"));
    }

    private static List<Double> seconds(MemorySegment bytes, ByteOrder order, List<Integer> wanted) {
        ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        int whole = bytes.get(shorts, SECTION_INTEGERS);
        int fractions = bytes.get(shorts, SECTION_INTEGERS + 2);
        long extended = bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), EXTENDED);
        long section = 4L * (whole + fractions);
        if (whole < 0 || fractions <= SECONDS) return List.of();
        List<Double> seconds = new ArrayList<>();
        for (int page : wanted) {
            if ((page + 1) * section > extended) return List.of();
            double time = bytes.get(
                    ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order),
                    HEADER + page * section + 4L * (whole + SECONDS));
            if (!Double.isFinite(time)) return List.of();
            seconds.add(time);
        }
        return List.copyOf(seconds);
    }
}
