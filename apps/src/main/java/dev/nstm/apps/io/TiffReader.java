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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads uncompressed grey TIFF stacks: classic and BigTIFF, and ImageJ's files beyond 4 GB, which describe only their
 * first page. Everything else a TIFF may be is left to the JDK's reader.
 */
final class TiffReader {
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int DESCRIPTION = 270;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int TILE_WIDTH = 322;
    private static final int SAMPLE_FORMAT = 339;
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    private static final Pattern IMAGES = Pattern.compile("(?m)^images=(\\d{1,9})$");

    private final Path file;
    private final MemorySegment bytes;
    private final boolean big;
    private final ValueLayout.OfShort shortLayout;
    private final ValueLayout.OfInt intLayout;
    private final ValueLayout.OfLong longLayout;
    private final ValueLayout.OfFloat floatLayout;
    private final ValueLayout.OfDouble doubleLayout;

    private TiffReader(Path file, MemorySegment bytes, ByteOrder order, boolean big) {
        this.file = file;
        this.bytes = bytes;
        this.big = big;
        shortLayout = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        intLayout = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        longLayout = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
        floatLayout = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
        doubleLayout = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order);
    }

    /** One directory: tags with type, count and where their values lie. */
    private record Entry(int type, long count, long at) {}

    /**
     * All pages; empty where the file is no TIFF or one that the JDK's reader must see to.
     *
     * @param mostPages more are refused
     * @throws InvalidInputException naming the page where the file is cut off or damaged
     */
    static Optional<List<Grid2D>> read(Path file, int mostPages) throws IOException {
        try (FileChannel channel = FileChannel.open(file); Arena arena = Arena.ofConfined()) {
            if (channel.size() < 16) return Optional.empty();
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            byte first = bytes.get(ValueLayout.JAVA_BYTE, 0);
            if (first != bytes.get(ValueLayout.JAVA_BYTE, 1) || first != 'I' && first != 'M') return Optional.empty();
            ByteOrder order = first == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            int version = bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), 2);
            if (version != 42 && version != 43) return Optional.empty();
            return new TiffReader(file, bytes, order, version == 43).pages(mostPages);
        }
    }

    private Optional<List<Grid2D>> pages(int mostPages) {
        List<Grid2D> pages = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (long at = big ? longAt(8) : unsigned(4); at != 0; ) {
            require(seen.add(at), "%s is damaged: the list of its pages runs in a circle after page %d", file, pages.size());
            require(pages.size() < mostPages, "%s claims more than %d pages", file, mostPages);
            Map<Integer, Entry> entries = entries(at, pages.size());
            if (value(entries, COMPRESSION, 1) != 1 || value(entries, SAMPLES, 1) != 1 || entries.containsKey(TILE_WIDTH)) {
                require(!big, "%s: page %d is compressed, tiled or in colour, which is not read from a BigTIFF; save it uncompressed and grey", file, pages.size());
                return Optional.empty();
            }
            Optional<Integer> contiguous = pages.isEmpty() ? contiguousPages(entries) : Optional.empty();
            if (contiguous.isPresent()) return Optional.of(contiguous(entries, contiguous.get(), mostPages));
            pages.add(page(entries, pages.size()));
            at = next(at, pages.size());
        }
        require(!pages.isEmpty(), "%s holds no page", file);
        return Optional.of(pages);
    }

    private Map<Integer, Entry> entries(long at, int page) {
        long count = big ? longAt(check(at, 8, page)) : Short.toUnsignedInt(bytes.get(shortLayout, check(at, 2, page)));
        require(count > 0 && count < 10_000, "%s is damaged: page %d claims %d tags", file, page, count);
        long first = at + (big ? 8 : 2);
        int size = big ? 20 : 12;
        check(first, count * size, page);
        Map<Integer, Entry> entries = new HashMap<>();
        for (int i = 0; i < count; i++) {
            long entry = first + (long) i * size;
            int type = Short.toUnsignedInt(bytes.get(shortLayout, entry + 2));
            long values = big ? longAt(entry + 4) : unsigned(entry + 4);
            if (type >= TYPE_BYTES.length || TYPE_BYTES[type] == 0 || values < 1) continue;
            long field = entry + (big ? 12 : 8);
            boolean inside = values <= (big ? 8 : 4) / TYPE_BYTES[type];
            long place = inside ? field : big ? longAt(field) : unsigned(field);
            entries.put(Short.toUnsignedInt(bytes.get(shortLayout, entry)), new Entry(type, values, check(place, Math.multiplyExact(Math.min(values, Integer.MAX_VALUE), TYPE_BYTES[type]), page)));
        }
        return entries;
    }

    private long next(long at, int pagesRead) {
        long count = big ? longAt(at) : Short.toUnsignedInt(bytes.get(shortLayout, at));
        long field = at + (big ? 8 + 20 * count : 2 + 12 * count);
        return big ? longAt(check(field, 8, pagesRead)) : unsigned(check(field, 4, pagesRead));
    }

    /** Number of pages where ImageJ laid them out one after the other behind a single directory. */
    private Optional<Integer> contiguousPages(Map<Integer, Entry> entries) {
        Entry description = entries.get(DESCRIPTION);
        if (description == null || description.count > 1 << 20) return Optional.empty();
        String text = new String(bytes.asSlice(check(description.at, description.count, 0), description.count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
        Matcher images = IMAGES.matcher(text.replace("\0", ""));
        if (!text.startsWith("ImageJ=") || !images.find() || big) return Optional.empty();
        int count = Integer.parseInt(images.group(1));
        long pixels = value(entries, WIDTH, 0) * value(entries, HEIGHT, 0) * value(entries, BITS, 1) / 8;
        return count > 1 && pixels * count > 0xFFFF_FFFFL ? Optional.of(count) : Optional.empty();
    }

    private List<Grid2D> contiguous(Map<Integer, Entry> entries, int count, int mostPages) {
        require(count <= mostPages, "%s claims %d pages; at most %d are read", file, count, mostPages);
        int height = (int) value(entries, HEIGHT, 0);
        int width = (int) value(entries, WIDTH, 0);
        int bits = (int) value(entries, BITS, 1);
        require(entries.containsKey(STRIP_OFFSETS), "%s says nothing of where its pixels lie", file);
        long pageBytes = (long) height * width * (bits / 8);
        long first = element(entries.get(STRIP_OFFSETS), 0);
        check(first, count * pageBytes, count - 1);
        List<Grid2D> pages = new ArrayList<>();
        for (int page = 0; page < count; page++) {
            Grid2D grid = new Grid2D(height, width);
            copy(grid, 0, height, first + page * pageBytes, bits, (int) value(entries, SAMPLE_FORMAT, 1), page);
            pages.add(grid);
        }
        return pages;
    }

    private Grid2D page(Map<Integer, Entry> entries, int page) {
        long height = value(entries, HEIGHT, 0);
        long width = value(entries, WIDTH, 0);
        require(height > 0 && width > 0 && height * width <= 1 << 30, "%s: page %d claims %dx%d pixels", file, page, height, width);
        int bits = (int) value(entries, BITS, 1);
        Entry offsets = entries.get(STRIP_OFFSETS);
        require(offsets != null, "%s: page %d says nothing of where its pixels lie", file, page);
        long rows = Math.clamp(value(entries, ROWS_PER_STRIP, height), 1, height);
        long strips = (height + rows - 1) / rows;
        require(offsets.count >= strips, "%s: page %d has %d strips of pixels but needs %d", file, page, offsets.count, strips);
        check(offsets.at, offsets.count * TYPE_BYTES[offsets.type], page);
        check(0, height * width * bits / 8, page);
        Grid2D grid = new Grid2D((int) height, (int) width);
        for (int strip = 0; strip < strips; strip++) {
            int first = (int) (strip * rows);
            int count = (int) Math.min(rows, height - first);
            copy(grid, first, count, check(element(offsets, strip), (long) count * width * bits / 8, page), bits, (int) value(entries, SAMPLE_FORMAT, 1), page);
        }
        return grid;
    }

    private void copy(Grid2D grid, int firstRow, int rows, long from, int bits, int format, int page) {
        int start = firstRow * grid.width();
        for (int i = 0; i < rows * grid.width(); i++) {
            grid.values()[start + i] = switch (bits * 10 + format) {
                case 81 -> Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, from + i));
                case 82 -> bytes.get(ValueLayout.JAVA_BYTE, from + i);
                case 161 -> Short.toUnsignedInt(bytes.get(shortLayout, from + 2L * i));
                case 162 -> bytes.get(shortLayout, from + 2L * i);
                case 321 -> Integer.toUnsignedLong(bytes.get(intLayout, from + 4L * i));
                case 322 -> bytes.get(intLayout, from + 4L * i);
                case 323 -> bytes.get(floatLayout, from + 4L * i);
                case 643 -> bytes.get(doubleLayout, from + 8L * i);
                default -> throw new InvalidInputException(file + ": page " + page + " has pixels of " + bits + " bits in sample format " + format + "; 8, 16 and 32 bit integers and floats are read");
            };
        }
    }

    private long value(Map<Integer, Entry> entries, int tag, long fallback) {
        Entry entry = entries.get(tag);
        return entry == null ? fallback : element(entry, 0);
    }

    private long element(Entry entry, int index) {
        return switch (TYPE_BYTES[entry.type]) {
            case 1 -> Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, entry.at + index));
            case 2 -> Short.toUnsignedInt(bytes.get(shortLayout, entry.at + 2L * index));
            case 4 -> unsigned(entry.at + 4L * index);
            default -> longAt(entry.at + 8L * index);
        };
    }

    private long unsigned(long at) {
        return Integer.toUnsignedLong(bytes.get(intLayout, at));
    }

    private long longAt(long at) {
        return bytes.get(longLayout, at);
    }

    /** The position, once so many bytes from there are known to be inside the file. */
    private long check(long at, long count, int page) {
        require(at >= 0 && count >= 0 && at <= bytes.byteSize() - count, "%s is cut off or damaged: page %d reaches beyond its end (%d bytes)", file, page, bytes.byteSize());
        return at;
    }
}
