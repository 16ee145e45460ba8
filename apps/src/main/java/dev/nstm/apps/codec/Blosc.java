package dev.nstm.apps.codec;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks chunks of Blosc (github.com/Blosc/c-blosc, README_CHUNK_FORMAT.rst, version 1): blocks that are compressed
 * one by one, with the bytes of all elements sorted by their place before.
 */
public final class Blosc {
    private static final int HEADER = 16;
    private static final int SHUFFLED = 1;
    private static final int STORED = 2;
    private static final int BIT_SHUFFLED = 4;
    private static final int WHOLE_BLOCKS = 16;
    private static final String[] CODECS = {"blosclz", "lz4", "snappy", "zlib", "zstd"};

    private final byte[] packed;
    private final ByteBuffer header;
    private final int elementBytes;
    private final int codec;
    private final byte[] plain;
    private final String where;

    private Blosc(byte[] packed, int size, String where) {
        this.packed = packed;
        this.where = where;
        header = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
        elementBytes = Math.max(1, Byte.toUnsignedInt(packed[3]));
        codec = flags() >> 5;
        plain = new byte[size];
    }

    /**
     * @param size bytes that it must become
     * @param where file and place, for messages
     * @throws InvalidInputException where it is damaged, or packed in a way that is not read
     */
    public static byte[] unpacked(byte[] packed, int size, String where) {
        require(packed.length >= HEADER, "%s is cut off: a chunk of Blosc has a header of %d bytes", where, HEADER);
        try {
            return new Blosc(packed, size, where).unpacked();
        } catch (IndexOutOfBoundsException beyond) {
            throw new InvalidInputException(where + " is cut off or damaged: it points beyond its end", beyond);
        }
    }

    private int flags() {
        return Byte.toUnsignedInt(packed[2]);
    }

    private byte[] unpacked() {
        int size = header.getInt(4);
        int blockSize = header.getInt(8);
        require(
                size == plain.length && blockSize > 0,
                "%s is damaged: it holds %d bytes in blocks of %d where %d are needed",
                where,
                size,
                blockSize,
                plain.length);
        if ((flags() & STORED) != 0) {
            require(
                    packed.length - HEADER >= size,
                    "%s is cut off: %d of %d bytes are there",
                    where,
                    packed.length - HEADER,
                    size);
            return Arrays.copyOfRange(packed, HEADER, HEADER + size);
        }
        require(
                (flags() & BIT_SHUFFLED) == 0,
                "%s is packed with Blosc's shuffle of bits, which is not read; write it with that of bytes, or with zlib or zstd",
                where);
        require(
                codec < CODECS.length && codec != 0 && codec != 2,
                "%s is packed with Blosc's %s, which is not read; write it with lz4, zlib or zstd",
                where,
                codec < CODECS.length ? CODECS[codec] : "codec " + codec);
        int blocks = Math.ceilDiv(size, blockSize);
        for (int block = 0; block < blocks; block++) {
            int first = block * blockSize;
            unpackBlock(header.getInt(HEADER + 4 * block), first, Math.min(blockSize, size - first), blockSize);
        }
        return plain;
    }

    /** Blocks but for a shorter last one may be split into streams, one for every byte of an element. */
    private void unpackBlock(int at, int first, int size, int blockSize) {
        int streams = (flags() & WHOLE_BLOCKS) == 0 && size == blockSize ? elementBytes : 1;
        byte[] block = new byte[size];
        int from = at;
        for (int stream = 0; stream < streams; stream++) {
            int length = size / streams;
            int packedLength = header.getInt(from);
            from += 4;
            require(
                    packedLength >= 0 && packedLength <= packed.length - from,
                    "%s is cut off or damaged: a stream of %d bytes lies beyond its end",
                    where,
                    packedLength);
            unpackStream(from, packedLength, block, stream * length, length);
            from += packedLength;
        }
        if ((flags() & SHUFFLED) != 0 && elementBytes > 1) unshuffle(block, first);
        else System.arraycopy(block, 0, plain, first, size);
    }

    private void unpackStream(int from, int packedLength, byte[] block, int to, int length) {
        if (packedLength == length) {
            System.arraycopy(packed, from, block, to, length);
            return;
        }
        switch (CODECS[codec]) {
            case "lz4" -> Lz4Block.unpack(packed, from, from + packedLength, block, to, length, where);
            case "zlib" -> inflate(from, packedLength, block, to, length);
            default ->
                System.arraycopy(
                        Zstandard.unpacked(Arrays.copyOfRange(packed, from, from + packedLength), length, where),
                        0,
                        block,
                        to,
                        length);
        }
    }

    private void inflate(int from, int packedLength, byte[] block, int to, int length) {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(packed, from, packedLength);
            int got = inflater.inflate(block, to, length);
            require(got == length, "%s is cut off or damaged: %d of %d bytes are there", where, got, length);
        } catch (DataFormatException broken) {
            throw new InvalidInputException(where + " is damaged: " + broken.getMessage(), broken);
        }
    }

    /** First bytes of all elements lie together, then the second ones; what is left over lies as it was. */
    private void unshuffle(byte[] block, int first) {
        int elements = block.length / elementBytes;
        for (int element = 0; element < elements; element++)
            for (int b = 0; b < elementBytes; b++)
                plain[first + element * elementBytes + b] = block[b * elements + element];
        int sorted = elements * elementBytes;
        System.arraycopy(block, sorted, plain, first + sorted, block.length - sorted);
    }
}
