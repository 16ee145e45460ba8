package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The pages that a TIFF file lists, classic or BigTIFF, with their tags: nothing is believed that lies beyond the
 * file's end (TIFF 6.0; BigTIFF of the libtiff project). Tags are looked up in the file: those that nobody asks for
 * cost nothing, and may be as wrong as they like.
 */
final class TiffDirectory {
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    private static final int RATIONAL = 5;
    private static final int MOST_TAGS = 4096;

    private final Path file;
    private final MemorySegment bytes;
    private final ByteOrder order;
    private final boolean big;
    private final ValueLayout.OfShort shortLayout;
    private final ValueLayout.OfInt intLayout;
    private final ValueLayout.OfLong longLayout;

    private TiffDirectory(Path file, MemorySegment bytes, ByteOrder order, boolean big) {
        this.file = file;
        this.bytes = bytes;
        this.order = order;
        this.big = big;
        shortLayout = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        intLayout = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        longLayout = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
    }

    /** Empty where the file is no TIFF. */
    static Optional<TiffDirectory> of(Path file, MemorySegment bytes) {
        if (bytes.byteSize() < 8) return Optional.empty();
        byte first = bytes.get(ValueLayout.JAVA_BYTE, 0);
        if (first != bytes.get(ValueLayout.JAVA_BYTE, 1) || first != 'I' && first != 'M') return Optional.empty();
        ByteOrder order = first == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        int version = bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), 2);
        if (version != 42 && version != 43) return Optional.empty();
        require(
                version == 42 || bytes.byteSize() >= 16,
                "%s is cut off: a BigTIFF has a header of 16 bytes, it has %d",
                file,
                bytes.byteSize());
        return Optional.of(new TiffDirectory(file, bytes, order, version == 43));
    }

    Path file() {
        return file;
    }

    MemorySegment bytes() {
        return bytes;
    }

    ByteOrder order() {
        return order;
    }

    boolean big() {
        return big;
    }

    /** Where a tag's values lie. */
    private record Entry(int type, long count, long at) {}

    /** One page: its tags. */
    final class Page {
        private final int number;
        private final long firstTag;
        private final int tags;

        private Page(int number, long firstTag, int tags) {
            this.number = number;
            this.firstTag = firstTag;
            this.tags = tags;
        }

        /** Place in the file's list, from 0. */
        int number() {
            return number;
        }

        /** File and page, for messages. */
        String where() {
            return file + ": page " + (number + 1);
        }

        boolean has(int tag) {
            return entry(tag) != null;
        }

        long count(int tag) {
            Entry entry = entry(tag);
            return entry == null ? 0 : entry.count;
        }

        /** A whole number that must be there. */
        long value(int tag, String meaning) {
            require(has(tag), "%s says nothing of its %s (tag %d)", where(), meaning, tag);
            return value(tag, 0, 0);
        }

        /** A whole number, or what stands for it where the tag is missing. */
        long value(int tag, int index, long fallback) {
            Entry entry = entry(tag);
            if (entry == null) return fallback;
            require(
                    index < entry.count,
                    "%s is damaged: tag %d has %d values where %d are needed",
                    where(),
                    tag,
                    entry.count,
                    index + 1);
            return switch (TYPE_BYTES[entry.type]) {
                case 1 -> Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, entry.at + index));
                case 2 -> Short.toUnsignedInt(bytes.get(shortLayout, entry.at + 2L * index));
                case 4 -> unsigned(entry.at + 4L * index);
                default -> bytes.get(longLayout, entry.at + 8L * index);
            };
        }

        /** A fraction; NaN where it is missing. */
        double fraction(int tag) {
            Entry entry = entry(tag);
            return entry == null || entry.type != RATIONAL
                    ? Double.NaN
                    : (double) unsigned(entry.at) / unsigned(entry.at + 4);
        }

        String text(int tag) {
            Entry entry = entry(tag);
            if (entry == null || entry.count > 1 << 24) return "";
            String text = new String(
                    bytes.asSlice(entry.at, entry.count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            return text.replace("\0", "");
        }

        /** Null where the page has no such tag, or one of a kind or length that says nothing. */
        private Entry entry(int tag) {
            int size = entrySize();
            for (long at = firstTag; at < firstTag + (long) tags * size; at += size) {
                if (Short.toUnsignedInt(bytes.get(shortLayout, at)) != tag) continue;
                int type = Short.toUnsignedInt(bytes.get(shortLayout, at + 2));
                long values = big ? bytes.get(longLayout, at + 4) : unsigned(at + 4);
                if (type >= TYPE_BYTES.length || TYPE_BYTES[type] == 0 || values < 1) return null;
                require(
                        values <= bytes.byteSize(),
                        "%s is cut off or damaged: tag %d has %d values, more than the file has bytes (%d)",
                        where(),
                        tag,
                        values,
                        bytes.byteSize());
                long field = at + (big ? 12 : 8);
                boolean inside = values * TYPE_BYTES[type] <= (big ? 8 : 4);
                long place = inside ? field : big ? bytes.get(longLayout, field) : unsigned(field);
                return new Entry(type, values, check(place, values * TYPE_BYTES[type], number));
            }
            return null;
        }
    }

    /** All pages in the order of the file. */
    List<Page> pages(int most) {
        List<Page> pages = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (long at = big ? bytes.get(longLayout, 8) : unsigned(4); at != 0; at = next(at, pages.size())) {
            require(
                    seen.add(at),
                    "%s is damaged: the list of its pages runs in a circle after page %d",
                    file,
                    pages.size());
            require(pages.size() < most, "%s claims more than %d pages", file, most);
            pages.add(page(at, pages.size()));
        }
        require(!pages.isEmpty(), "%s holds no page", file);
        return pages;
    }

    private Page page(long at, int number) {
        long count = big
                ? bytes.get(longLayout, check(at, 8, number))
                : Short.toUnsignedInt(bytes.get(shortLayout, check(at, 2, number)));
        require(count > 0 && count < MOST_TAGS, "%s is damaged: page %d claims %d tags", file, number + 1, count);
        long first = at + (big ? 8 : 2);
        check(first, count * entrySize(), number);
        return new Page(number, first, (int) count);
    }

    private int entrySize() {
        return big ? 20 : 12;
    }

    private long next(long at, int pagesRead) {
        long count = big ? bytes.get(longLayout, at) : Short.toUnsignedInt(bytes.get(shortLayout, at));
        long field = at + (big ? 8 : 2) + count * entrySize();
        return big ? bytes.get(longLayout, check(field, 8, pagesRead - 1)) : unsigned(check(field, 4, pagesRead - 1));
    }

    private long unsigned(long at) {
        return Integer.toUnsignedLong(bytes.get(intLayout, at));
    }

    /** The position, once so many bytes from there are known to be inside the file. */
    long check(long at, long count, int page) {
        require(
                at >= 0 && count >= 0 && at <= bytes.byteSize() - count,
                "%s is cut off or damaged: page %d reaches beyond its end (%d bytes)",
                file,
                page + 1,
                bytes.byteSize());
        return at;
    }
}
