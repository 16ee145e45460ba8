package dev.nstm.apps.codec;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.InvalidInputException;

/**
 * Unpacks blocks of LZ4 (github.com/lz4/lz4, doc/lz4_Block_format.md): literals, then a copy of something before, again
 * and again. The libraries that do so have no module descriptor.
 */
final class Lz4Block {
    private static final int LONG = 15;
    private static final int SHORTEST_COPY = 4;

    private final byte[] packed;
    private final int end;
    private final byte[] plain;
    private final String where;
    private int from;
    private int to;

    private Lz4Block(byte[] packed, int from, int end, byte[] plain, int to, String where) {
        this.packed = packed;
        this.from = from;
        this.end = end;
        this.plain = plain;
        this.to = to;
        this.where = where;
    }

    /**
     * @param packed block from one index to another
     * @param plain receives {@code size} bytes from {@code to} on
     * @param where file and place, for messages
     */
    static void unpack(byte[] packed, int from, int end, byte[] plain, int to, int size, String where) {
        Lz4Block block = new Lz4Block(packed, from, end, plain, to, where);
        try {
            block.unpack(to, to + size);
        } catch (ArrayIndexOutOfBoundsException beyond) {
            throw new InvalidInputException(where + " is cut off or damaged: a block of LZ4 ends too early", beyond);
        }
        require(block.to == to + size, "%s is cut off or damaged: a block of LZ4 holds too little", where);
    }

    private void unpack(int first, int last) {
        while (from < end) {
            int token = Byte.toUnsignedInt(packed[from++]);
            int literals = length(token >> 4);
            require(literals <= last - to && literals <= end - from, "%s is damaged: LZ4 goes beyond its end", where);
            System.arraycopy(packed, from, plain, to, literals);
            from += literals;
            to += literals;
            // The last sequence has literals only.
            if (from >= end) return;
            int distance = Byte.toUnsignedInt(packed[from]) | Byte.toUnsignedInt(packed[from + 1]) << 8;
            from += 2;
            int copied = length(token & LONG) + SHORTEST_COPY;
            require(
                    distance > 0 && distance <= to - first && copied <= last - to,
                    "%s is damaged: LZ4 copies what is not there",
                    where);
            // What is copied may be what the copy has just written.
            for (int i = 0; i < copied; i++, to++) plain[to] = plain[to - distance];
        }
    }

    private int length(int nibble) {
        int length = nibble;
        if (nibble < LONG) return length;
        int more;
        do {
            more = Byte.toUnsignedInt(packed[from++]);
            length += more;
            require(length >= 0, "%s is damaged: LZ4 claims a length beyond 2 GB", where);
        } while (more == 255);
        return length;
    }
}
