package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.codec.Zstandard;
import dev.nstm.tensor.InvalidInputException;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks strips and tiles of TIFF pages. */
final class TiffCompression {
    private static final int NONE = 1;
    private static final int LZW = 5;
    private static final int DEFLATE = 8;
    private static final int OLD_DEFLATE = 32946;
    private static final int PACK_BITS = 32773;
    private static final int ZSTD = 50000;
    private static final Map<Integer, String> OTHERS = Map.ofEntries(
            Map.entry(2, "CCITT (fax)"),
            Map.entry(3, "CCITT (fax)"),
            Map.entry(4, "CCITT (fax)"),
            Map.entry(6, "JPEG"),
            Map.entry(7, "JPEG"),
            Map.entry(34712, "JPEG 2000"),
            Map.entry(33003, "JPEG 2000"),
            Map.entry(33005, "JPEG 2000"),
            Map.entry(34887, "LERC"),
            Map.entry(34925, "LZMA"),
            Map.entry(34892, "lossy JPEG"),
            Map.entry(50001, "WebP"),
            Map.entry(50002, "JPEG XL"),
            Map.entry(52546, "JPEG XL"));
    /** A table of LZW codes: 8 bits of data, then two marks, then strings, of up to 12 bits. */
    private static final int CLEAR = 256;

    private static final int END = 257;
    private static final int LONGEST_CODE = 12;
    private static final int CODES = 1 << LONGEST_CODE;

    private TiffCompression() {}

    /** Most bytes that a packed byte can stand for; what claims more is damaged. */
    static long largestRatio(long method) {
        return switch ((int) method) {
            case NONE -> 1;
            case PACK_BITS -> 64;
            case DEFLATE, OLD_DEFLATE -> 1032;
            case LZW -> CODES;
            default -> 1 << 15;
        };
    }

    /**
     * @param size bytes that a strip has once unpacked
     * @param where file, page and strip, for messages
     */
    static byte[] unpacked(long method, byte[] packed, int size, String where) {
        switch ((int) method) {
            case NONE -> {
                return packed;
            }
            case DEFLATE, OLD_DEFLATE -> {
                return inflated(packed, size, where);
            }
            case PACK_BITS -> {
                return runs(packed, size, where);
            }
            case LZW -> {
                return strings(packed, size, where);
            }
            case ZSTD -> {
                return Zstandard.unpacked(packed, size, where);
            }
            default ->
                throw new InvalidInputException(
                        where + " is compressed with " + OTHERS.getOrDefault((int) method, "method " + method)
                                + ", which is not read; save it uncompressed, or with deflate, LZW, PackBits or zstd");
        }
    }

    private static byte[] inflated(byte[] packed, int size, String where) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed);
            byte[] plain = new byte[size];
            int at = 0;
            while (at < size) {
                int got = inflater.inflate(plain, at, size - at);
                require(
                        got > 0 || !inflater.finished() && !inflater.needsInput() && !inflater.needsDictionary(),
                        "%s is cut off or damaged: it holds %d of %d bytes",
                        where,
                        at,
                        size);
                at += got;
            }
            return plain;
        } catch (DataFormatException broken) {
            throw new InvalidInputException(
                    where + " is cut off or damaged: "
                            + (broken.getMessage() == null ? "it cannot be unpacked" : broken.getMessage()),
                    broken);
        } finally {
            inflater.end();
        }
    }

    /** Whether values may be stored as differences from their neighbours. */
    static boolean hasDifferences(long method) {
        return method == LZW || method == DEFLATE || method == OLD_DEFLATE || method == ZSTD;
    }

    /** PackBits: n + 1 bytes as they are, or one byte 1 - n times. */
    private static byte[] runs(byte[] packed, int size, String where) {
        byte[] plain = new byte[size];
        int to = 0;
        for (int at = 0; to < size; ) {
            require(at + 1 < packed.length, "%s is cut off or damaged: it holds %d of %d bytes", where, to, size);
            int n = packed[at++];
            if (n == -128) continue;
            int count = Math.min(n >= 0 ? n + 1 : 1 - n, size - to);
            if (n >= 0) {
                require(
                        at + count <= packed.length,
                        "%s is cut off or damaged: it holds %d of %d bytes",
                        where,
                        to,
                        size);
                System.arraycopy(packed, at, plain, to, count);
                at += n + 1;
            } else {
                Arrays.fill(plain, to, to + count, packed[at++]);
            }
            to += count;
        }
        return plain;
    }

    /**
     * LZW as TIFF uses it: codes are packed from the highest bit on, and grow by a bit one code earlier than necessary.
     * A string is kept as its place in the bytes that are already unpacked.
     */
    private static byte[] strings(byte[] packed, int size, String where) {
        byte[] plain = new byte[size];
        int[] start = new int[CODES + 1];
        int[] length = new int[CODES + 1];
        int next = END + 1;
        int width = 9;
        int before = 0;
        int to = 0;
        for (long bit = 0; to < size; ) {
            require(
                    bit + width <= 8L * packed.length,
                    "%s is cut off or damaged: it holds %d of %d bytes",
                    where,
                    to,
                    size);
            int code = code(packed, bit, width);
            bit += width;
            require(code != END, "%s is cut off or damaged: it holds %d of %d bytes", where, to, size);
            if (code == CLEAR) {
                next = END + 1;
                width = 9;
                before = 0;
                continue;
            }
            require(
                    code < CLEAR || code < next || code == next && before > 0,
                    "%s is cut off or damaged: it names string %d before it is known",
                    where,
                    code);
            int from = to;
            if (code < CLEAR) {
                plain[to++] = (byte) code;
            } else {
                // The code that is defined just now: the string before, followed by its first byte.
                int source = code == next ? from - before : start[code];
                int count = Math.min(code == next ? before + 1 : length[code], size - to);
                for (int i = 0; i < count; i++) plain[to++] = plain[source + i];
            }
            if (before > 0 && next < CODES) {
                start[next] = from - before;
                length[next++] = before + 1;
                if (next == (1 << width) - 1 && width < LONGEST_CODE) width++;
            }
            before = to - from;
        }
        return plain;
    }

    private static int code(byte[] packed, long bit, int width) {
        int at = (int) (bit >>> 3);
        int three = Byte.toUnsignedInt(packed[at]) << 16
                | (at + 1 < packed.length ? Byte.toUnsignedInt(packed[at + 1]) << 8 : 0)
                | (at + 2 < packed.length ? Byte.toUnsignedInt(packed[at + 2]) : 0);
        return three >>> 24 - (int) (bit & 7) - width & (1 << width) - 1;
    }
}
