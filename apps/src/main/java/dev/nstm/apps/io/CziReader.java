package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.codec.Zstandard;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Reads Zeiss CZI files (ZISRAW): a directory of sub-blocks, each one plane. Pages come in the order time, rotation,
 * plane, phase, slowest first, whatever their order in the file; sub-blocks may be uncompressed or zstd.
 */
final class CziReader {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int SEGMENT_HEADER = 32;
    private static final int DIRECTORY_POSITION = SEGMENT_HEADER + 52;
    private static final int METADATA_POSITION = SEGMENT_HEADER + 60;
    private static final int METADATA_HEADER = 256;
    private static final int DIRECTORY_HEADER = 128;
    private static final int ENTRY = 32;
    private static final int DIMENSION = 20;
    private static final int BLOCK_HEADER = 16;
    /** Header and entry of a sub-block together take at least this. */
    private static final int BLOCK_LEAST = 256;

    private static final int ZSTD0 = 5;
    private static final int ZSTD1 = 6;
    private static final Map<Integer, String> COMPRESSIONS = Map.of(1, "JPEG", 2, "LZW", 4, "JPEG XR");
    private static final String PAGE_ORDER = "TRZH";

    private CziReader() {}

    /** One entry of the directory: a plane. */
    private record Entry(
            long position,
            int pixelType,
            int compression,
            int size,
            int width,
            int height,
            Map<Character, Integer> starts) {
        int start(char dimension) {
            return starts.getOrDefault(dimension, 0);
        }

        int valueBytes() {
            return switch (pixelType) {
                case 0 -> 1;
                case 1 -> 2;
                default -> 4;
            };
        }
    }

    /** The wanted pages; empty where the file is of another kind. */
    static Optional<Pictures> read(Path file, Selection selection, int mostPages) throws IOException {
        return MappedFile.look(file, bytes -> {
            if (bytes.byteSize() < SEGMENT_HEADER) return Optional.empty();
            if (!id(bytes, 0).equals("ZISRAWFILE")) return Optional.empty();
            try {
                List<Entry> all = entries(file, bytes, mostPages);
                List<Entry> entries =
                        selection.of(file, planes(all)).stream().map(all::get).toList();
                checkSeries(file, entries);
                for (Entry entry : entries) selection.check(entries.size(), 1, entry.height, entry.width, file);
                List<List<Grid2D>> pages = new ArrayList<>();
                for (Entry entry : entries) pages.add(selection.cut(List.of(page(file, bytes, entry))));
                return Optional.of(new Pictures(pages, calibration(bytes)));
            } catch (IndexOutOfBoundsException beyond) {
                throw new InvalidInputException(
                        file + " is cut off or damaged: it points beyond its end at byte " + bytes.byteSize(), beyond);
            }
        });
    }

    /** Scenes are series. */
    private static List<Selection.Plane> planes(List<Entry> entries) {
        List<Integer> scenes = entries.stream()
                .map(entry -> entry.start('S'))
                .distinct()
                .sorted()
                .toList();
        List<Integer> channels = entries.stream()
                .map(entry -> entry.start('C'))
                .distinct()
                .sorted()
                .toList();
        return IntStream.range(0, entries.size())
                .mapToObj(i -> new Selection.Plane(
                        scenes.indexOf(entries.get(i).start('S')) + 1,
                        channels.indexOf(entries.get(i).start('C')) + 1,
                        i,
                        entries.get(i).height + "x" + entries.get(i).width))
                .toList();
    }

    /** Sampling in the metadata's XML: {@code <Distance Id="X"><Value>metres</Value>}. */
    private static Calibration calibration(MemorySegment bytes) {
        long metadata = bytes.get(LONG, METADATA_POSITION);
        if (metadata <= 0
                || metadata > bytes.byteSize() - SEGMENT_HEADER - 4
                || !id(bytes, metadata).equals("ZISRAWMETADATA")) return Calibration.NONE;
        long from = metadata + SEGMENT_HEADER + METADATA_HEADER;
        int length = bytes.get(INT, metadata + SEGMENT_HEADER);
        if (length <= 0 || from > bytes.byteSize() - length) return Calibration.NONE;
        String xml = new String(bytes.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        return new Calibration(distance(xml, 'X'), distance(xml, 'Z'));
    }

    private static OptionalDouble distance(String xml, char axis) {
        Matcher value = Pattern.compile("<Distance Id=\"" + axis + "\"[^>]*>\\s*<Value>([0-9.eE+-]{1,30})</Value>")
                .matcher(xml);
        try {
            return value.find()
                    ? Calibration.micrometres(Double.parseDouble(value.group(1)), "m")
                    : OptionalDouble.empty();
        } catch (NumberFormatException notANumber) {
            return OptionalDouble.empty();
        }
    }

    private static String id(MemorySegment bytes, long position) {
        return new String(bytes.asSlice(position, 16).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1)
                .replace("\0", "");
    }

    /** Planes at full size in page order. */
    private static List<Entry> entries(Path file, MemorySegment bytes, int mostPages) {
        long directory = bytes.get(LONG, DIRECTORY_POSITION);
        require(directory > 0, "%s is not finished: it has no directory of its planes", file);
        require(
                id(bytes, directory).equals("ZISRAWDIRECTORY"),
                "%s is damaged: there is no directory at byte %d",
                file,
                directory);
        int count = bytes.get(INT, directory + SEGMENT_HEADER);
        require(
                count >= 1 && count <= 4L * mostPages,
                "%s claims %d sub-blocks; at most %d pages are read",
                file,
                count,
                mostPages);
        List<Entry> entries = new ArrayList<>();
        long at = directory + SEGMENT_HEADER + DIRECTORY_HEADER;
        for (int i = 0; i < count; i++) {
            Optional<Entry> entry = entry(file, bytes, at);
            entry.ifPresent(entries::add);
            at += ENTRY + (long) DIMENSION * bytes.get(INT, at + ENTRY - 4);
        }
        require(
                !entries.isEmpty() && entries.size() <= mostPages,
                "%s holds %d planes; 1 to %d are read",
                file,
                entries.size(),
                mostPages);
        Comparator<Entry> order = Comparator.comparing(entry -> 0);
        for (char dimension : PAGE_ORDER.toCharArray()) order = order.thenComparingInt(entry -> entry.start(dimension));
        entries.sort(order);
        return entries;
    }

    /** Empty for the reduced copies that a pyramid is made of. */
    private static Optional<Entry> entry(Path file, MemorySegment bytes, long at) {
        require(
                bytes.get(ValueLayout.JAVA_BYTE, at) == 'D' && bytes.get(ValueLayout.JAVA_BYTE, at + 1) == 'V',
                "%s is damaged: byte %d should begin an entry of the directory",
                file,
                at);
        int dimensions = bytes.get(INT, at + ENTRY - 4);
        require(dimensions >= 2 && dimensions <= 64, "%s is damaged: a plane with %d dimensions", file, dimensions);
        Map<Character, Integer> starts = new HashMap<>();
        int width = 0;
        int height = 0;
        boolean reduced = false;
        for (int d = 0; d < dimensions; d++) {
            long dimension = at + ENTRY + (long) d * DIMENSION;
            char name = (char) bytes.get(ValueLayout.JAVA_BYTE, dimension);
            int size = bytes.get(INT, dimension + 8);
            int stored = bytes.get(INT, dimension + 16);
            if (name == 'X') width = size;
            else if (name == 'Y') height = size;
            else
                require(size == 1, "%s keeps %d planes along %s in one block; export it as OME-TIFF", file, size, name);
            starts.put(name, bytes.get(INT, dimension + 4));
            reduced |= stored != 0 && stored != size;
        }
        if (reduced) return Optional.empty();
        require(
                width > 0 && height > 0 && (long) width * height <= 1 << 28,
                "%s is damaged: a plane of %dx%d",
                file,
                height,
                width);
        return Optional.of(new Entry(
                bytes.get(LONG, at + 6),
                bytes.get(INT, at + 2),
                bytes.get(INT, at + 18),
                ENTRY + dimensions * DIMENSION,
                width,
                height,
                starts));
    }

    /** One mosaic, one view, and every combination of times, rotations, planes and phases once. */
    private static void checkSeries(Path file, List<Entry> entries) {
        for (Entry entry : entries) {
            for (char other : entry.starts.keySet()) {
                if ("XYSC".indexOf(other) >= 0 || PAGE_ORDER.indexOf(other) >= 0) continue;
                require(
                        entry.start(other) == entries.getFirst().start(other),
                        "%s holds several images along %s (M mosaic, V view, ...); save the one to be reconstructed alone",
                        file,
                        other);
            }
        }
        long expected = 1;
        for (char dimension : PAGE_ORDER.toCharArray())
            expected *= entries.stream()
                    .mapToInt(entry -> entry.start(dimension))
                    .distinct()
                    .count();
        long different = entries.stream()
                .map(entry -> PAGE_ORDER
                        .chars()
                        .map(dimension -> entry.start((char) dimension))
                        .boxed()
                        .toList())
                .distinct()
                .count();
        require(
                entries.size() == expected && different == expected,
                "%s holds %d planes, %d of them different, but its times, rotations, planes and phases make %d; is the recording complete?",
                file,
                entries.size(),
                different,
                expected);
    }

    private static Grid2D page(Path file, MemorySegment bytes, Entry entry) {
        require(
                entry.pixelType == 0 || entry.pixelType == 1 || entry.pixelType == 2 || entry.pixelType == 12,
                "%s has pixels of type %d; grey pixels of 8, 16 or 32 bit and float are read (types 0, 1, 12 and 2)",
                file,
                entry.pixelType);
        require(
                id(bytes, entry.position).equals("ZISRAWSUBBLOCK"),
                "%s is damaged: there is no plane at byte %d",
                file,
                entry.position);
        long block = entry.position + SEGMENT_HEADER;
        long data = block + Math.max(BLOCK_LEAST, BLOCK_HEADER + entry.size) + bytes.get(INT, block);
        MemorySegment stored = bytes.asSlice(data, bytes.get(LONG, block + 8));
        long needed = (long) entry.width * entry.height * entry.valueBytes();
        MemorySegment pixels = switch (entry.compression) {
            case 0 -> stored;
            case ZSTD0 -> unpacked(file, stored, needed);
            case ZSTD1 -> unpackedWithHeader(file, stored, needed);
            default ->
                throw new InvalidInputException(file + " is compressed with "
                        + COMPRESSIONS.getOrDefault(entry.compression, "method " + entry.compression)
                        + "; save it uncompressed or with zstd");
        };
        require(
                pixels.byteSize() >= needed,
                "%s is damaged: a plane of %dx%d holds %d bytes instead of %d",
                file,
                entry.height,
                entry.width,
                pixels.byteSize(),
                needed);
        Grid2D page = new Grid2D(entry.height, entry.width);
        for (int i = 0; i < page.values().length; i++) {
            page.values()[i] = switch (entry.pixelType) {
                case 0 -> Byte.toUnsignedInt(pixels.get(ValueLayout.JAVA_BYTE, i));
                case 1 -> Short.toUnsignedInt(pixels.get(SHORT, 2L * i));
                case 2 -> pixels.get(FLOAT, 4L * i);
                default -> pixels.get(INT, 4L * i);
            };
        }
        return page;
    }

    private static MemorySegment unpacked(Path file, MemorySegment packed, long needed) {
        require(
                packed.byteSize() <= Integer.MAX_VALUE - 64,
                "%s is damaged: a compressed plane claims %d bytes",
                file,
                packed.byteSize());
        return MemorySegment.ofArray(
                Zstandard.unpacked(packed.toArray(ValueLayout.JAVA_BYTE), Math.toIntExact(needed), file + ": a plane"));
    }

    /**
     * Unpacks a plane with a header of one or three bytes. The header says whether 16-bit pixels were packed with all
     * low bytes first, then all high bytes.
     */
    private static MemorySegment unpackedWithHeader(Path file, MemorySegment packed, long needed) {
        int header = packed.get(ValueLayout.JAVA_BYTE, 0);
        require(
                header == 1 || header == 3,
                "%s is damaged: the header of a compressed plane claims %d bytes",
                file,
                header);
        boolean apart = header == 3
                && packed.get(ValueLayout.JAVA_BYTE, 1) == 1
                && (packed.get(ValueLayout.JAVA_BYTE, 2) & 1) == 1;
        MemorySegment plain = unpacked(file, packed.asSlice(header), needed);
        if (!apart) return plain;
        byte[] joined = new byte[(int) plain.byteSize()];
        int half = joined.length / 2;
        for (int i = 0; i < half; i++) {
            joined[2 * i] = plain.get(ValueLayout.JAVA_BYTE, i);
            joined[2 * i + 1] = plain.get(ValueLayout.JAVA_BYTE, half + i);
        }
        return MemorySegment.ofArray(joined);
    }
}
