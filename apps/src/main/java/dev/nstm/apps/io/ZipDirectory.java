package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.InvalidInputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * The members of a ZIP archive (APPNOTE.TXT 6.3, with members beyond 4 GB). The directory at the archive's end and the
 * header of each member must agree. The JDK's reader trusts the directory alone, loses a member whose entry is damaged,
 * and never compares a checksum.
 */
final class ZipDirectory {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int LONG_END_LOCATOR = 0x07064b50;
    private static final int LONG_END = 0x06064b50;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int END_SIZE = 22;
    private static final int LOCATOR_SIZE = 20;
    private static final int LONGEST_COMMENT = 0xFFFF;
    private static final long IN_EXTRA = 0xFFFF_FFFFL;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final Map<Integer, String> METHODS =
            Map.of(9, "deflate64", 12, "bzip2", 14, "LZMA", 93, "zstd", 95, "xz");
    /** What deflate makes at most of a byte. */
    private static final long LARGEST_RATIO = 1032;

    private final Path file;
    private final MemorySegment bytes;
    private final List<Member> members = new ArrayList<>();

    /**
     * A file in the archive.
     *
     * @param header where its own header begins
     * @param packed bytes as stored
     * @param size bytes once unpacked
     */
    record Member(String name, long header, int method, int flags, long checksum, long packed, long size) {}

    /** @throws InvalidInputException naming the file where it is no archive, cut off or damaged */
    ZipDirectory(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
        try {
            readDirectory();
            checkHeaders();
        } catch (IndexOutOfBoundsException | ArithmeticException beyond) {
            throw new InvalidInputException(
                    file + " is not an NPZ file or is cut off: it points beyond its end at byte " + bytes.byteSize(),
                    beyond);
        }
    }

    List<Member> members() {
        return members;
    }

    private void readDirectory() {
        long end = end();
        long count = Short.toUnsignedInt(bytes.get(SHORT, end + 10));
        long size = unsigned(end + 12);
        long at = unsigned(end + 16);
        if (end >= LOCATOR_SIZE && bytes.get(INT, end - LOCATOR_SIZE) == LONG_END_LOCATOR) {
            long longEnd = bytes.get(LONG, end - LOCATOR_SIZE + 8);
            require(
                    bytes.get(INT, longEnd) == LONG_END,
                    "%s is damaged: its directory does not end where it says",
                    file);
            count = bytes.get(LONG, longEnd + 32);
            size = bytes.get(LONG, longEnd + 40);
            at = bytes.get(LONG, longEnd + 48);
        } else {
            require(
                    at + size == end,
                    "%s is damaged: its directory of %d bytes from byte %d on does not end at byte %d",
                    file,
                    size,
                    at,
                    end);
        }
        require(
                at >= 0 && size >= 0 && at + size <= end,
                "%s is damaged: its directory of %d bytes from byte %d on does not end at byte %d",
                file,
                size,
                at,
                end);
        for (long stop = at + size; at < stop; ) {
            require(
                    bytes.get(INT, at) == CENTRAL,
                    "%s is damaged: byte %d should begin an entry of its directory",
                    file,
                    at);
            int nameLength = Short.toUnsignedInt(bytes.get(SHORT, at + 28));
            int extraLength = Short.toUnsignedInt(bytes.get(SHORT, at + 30));
            members.add(member(at, nameLength, extraLength));
            at += 46 + nameLength + extraLength + Short.toUnsignedInt(bytes.get(SHORT, at + 32));
        }
        require(
                members.size() == count,
                "%s is damaged: its directory has %d entries but claims %d",
                file,
                members.size(),
                count);
    }

    private long end() {
        long size = bytes.byteSize();
        for (long at = size - END_SIZE; at >= Math.max(0, size - END_SIZE - LONGEST_COMMENT); at--) {
            if (bytes.get(INT, at) == END && at + END_SIZE + Short.toUnsignedInt(bytes.get(SHORT, at + 20)) == size)
                return at;
        }
        throw new InvalidInputException(file + " is not an NPZ file or is cut off: there is no directory at its end");
    }

    private Member member(long at, int nameLength, int extraLength) {
        long[] sizes = {unsigned(at + 24), unsigned(at + 20), unsigned(at + 42)};
        long extra = at + 46 + nameLength;
        for (long next = extra;
                next + 4 <= extra + extraLength;
                next += 4 + Short.toUnsignedInt(bytes.get(SHORT, next + 2))) {
            if (bytes.get(SHORT, next) != 1) continue;
            long value = next + 4;
            for (int i = 0; i < sizes.length; i++) {
                if (sizes[i] != IN_EXTRA) continue;
                sizes[i] = bytes.get(LONG, value);
                value += 8;
            }
        }
        return new Member(
                text(at + 46, nameLength),
                sizes[2],
                Short.toUnsignedInt(bytes.get(SHORT, at + 10)),
                Short.toUnsignedInt(bytes.get(SHORT, at + 8)),
                unsigned(at + 16),
                sizes[1],
                sizes[0]);
    }

    /**
     * Every member's own header says the same, and the members follow each other without a gap that could hide another.
     */
    private void checkHeaders() {
        long expected = 0;
        for (Member member : members.stream()
                .sorted(Comparator.comparingLong(Member::header))
                .toList()) {
            String where = file + ": \"" + member.name + "\"";
            require(
                    member.header == expected,
                    "%s is damaged: it should begin at byte %d, not %d; an entry of the directory may be lost",
                    where,
                    expected,
                    member.header);
            require(
                    bytes.get(INT, member.header) == LOCAL,
                    "%s is damaged: there is no header at byte %d",
                    where,
                    member.header);
            int nameLength = Short.toUnsignedInt(bytes.get(SHORT, member.header + 26));
            boolean described = (member.flags & 8) != 0;
            require(
                    text(member.header + 30, nameLength).equals(member.name)
                            && Short.toUnsignedInt(bytes.get(SHORT, member.header + 8)) == member.method
                            && Short.toUnsignedInt(bytes.get(SHORT, member.header + 6)) == member.flags
                            && (described || unsigned(member.header + 14) == member.checksum),
                    "%s is damaged: its header and the archive's directory disagree",
                    where);
            require((member.flags & 1) == 0, "%s is encrypted", where);
            require(
                    member.packed >= 0
                            && member.size >= 0
                            && switch (member.method) {
                                case STORED -> member.size == member.packed;
                                case DEFLATED -> member.size / LARGEST_RATIO <= member.packed;
                                default -> true;
                            },
                    "%s is damaged: %d bytes cannot be made of %d",
                    where,
                    member.size,
                    member.packed);
            long data = data(member);
            require(
                    data + member.packed <= bytes.byteSize(),
                    "%s is cut off: it should reach byte %d",
                    where,
                    data + member.packed);
            expected = data + member.packed + (described ? descriptor(member, data + member.packed, where) : 0);
        }
    }

    /** Length of the description that follows a member written without knowing its size. */
    private long descriptor(Member member, long at, String where) {
        long checksum = bytes.get(INT, at) == DESCRIPTOR ? at + 4 : at;
        require(
                unsigned(checksum) == member.checksum,
                "%s is damaged: its checksum and the directory's disagree",
                where);
        for (int width : new int[] {4, 8}) {
            long packed = width == 4 ? unsigned(checksum + 4) : bytes.get(LONG, checksum + 4);
            long size = width == 4 ? unsigned(checksum + 8) : bytes.get(LONG, checksum + 12);
            if (packed == member.packed && size == member.size) return checksum + 4 + 2 * width - at;
        }
        throw new InvalidInputException(where + " is damaged: its sizes and the directory's disagree");
    }

    private long data(Member member) {
        return member.header
                + 30
                + Short.toUnsignedInt(bytes.get(SHORT, member.header + 26))
                + Short.toUnsignedInt(bytes.get(SHORT, member.header + 28));
    }

    private String text(long at, int length) {
        return new String(bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private long unsigned(long at) {
        return Integer.toUnsignedLong(bytes.get(INT, at));
    }

    /** What reads a member from beginning to end. */
    interface Reading<T> {
        T from(InputStream in) throws IOException;
    }

    /**
     * Reads a whole member and compares its checksum.
     *
     * @throws InvalidInputException where its content is not what was written
     */
    <T> T read(Member member, Reading<T> reading) throws IOException {
        String where = file + ": \"" + member.name + "\"";
        require(
                member.method == STORED || member.method == DEFLATED,
                "%s is packed with %s; save it with numpy.savez or numpy.savez_compressed (stored and deflated arrays are read)",
                where,
                METHODS.getOrDefault(member.method, "method " + member.method));
        Inflater inflater = new Inflater(true);
        try (InputStream stored = new SegmentInput(bytes.asSlice(data(member), member.packed));
                CheckedInputStream in = new CheckedInputStream(
                        member.method == STORED ? stored : new InflaterInputStream(stored, inflater, 1 << 16),
                        new CRC32())) {
            T content = reading.from(in);
            require(in.read() < 0, "%s is damaged: it is longer than its array", where);
            require(
                    in.getChecksum().getValue() == member.checksum,
                    "%s is damaged: its content does not agree with its checksum",
                    where);
            return content;
        } catch (ZipException | EOFException broken) {
            throw new InvalidInputException(
                    where + " is cut off or damaged" + (broken.getMessage() == null ? "" : ": " + broken.getMessage()),
                    broken);
        } finally {
            inflater.end();
        }
    }

    /** Bytes of memory as a stream. */
    private static final class SegmentInput extends InputStream {
        private final MemorySegment segment;
        private long at;

        SegmentInput(MemorySegment segment) {
            this.segment = segment;
        }

        @Override
        public int read() {
            return at < segment.byteSize() ? Byte.toUnsignedInt(segment.get(ValueLayout.JAVA_BYTE, at++)) : -1;
        }

        @Override
        public int read(byte[] buffer, int from, int length) {
            int count = (int) Math.min(length, segment.byteSize() - at);
            if (count <= 0) return length == 0 ? 0 : -1;
            MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, at, buffer, from, count);
            at += count;
            return count;
        }
    }
}
