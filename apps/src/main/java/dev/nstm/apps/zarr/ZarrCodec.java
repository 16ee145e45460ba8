package dev.nstm.apps.zarr;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.codec.Blosc;
import dev.nstm.apps.codec.Zstandard;
import dev.nstm.tensor.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** One step by which chunks are packed. */
enum ZarrCodec {
    ZLIB {
        @Override
        byte[] unpacked(byte[] packed, int size, String where) {
            return read(where, size, () -> new InflaterInputStream(new ByteArrayInputStream(packed)));
        }
    },
    GZIP {
        @Override
        byte[] unpacked(byte[] packed, int size, String where) {
            return read(where, size, () -> new GZIPInputStream(new ByteArrayInputStream(packed)));
        }
    },
    ZSTD {
        @Override
        byte[] unpacked(byte[] packed, int size, String where) {
            return Zstandard.unpacked(packed, size, where);
        }
    },
    BLOSC {
        @Override
        byte[] unpacked(byte[] packed, int size, String where) {
            return Blosc.unpacked(packed, size, where);
        }
    },
    /** A checksum behind the rest, which is not looked at. */
    CRC32C {
        @Override
        byte[] unpacked(byte[] packed, int size, String where) {
            require(packed.length >= CHECKSUM, "%s is cut off", where);
            return Arrays.copyOf(packed, packed.length - CHECKSUM);
        }
    };

    /** Bytes of a checksum. */
    static final int CHECKSUM = 4;

    /**
     * Undoes the step.
     *
     * @param size bytes that it must leave
     * @param where its file
     */
    abstract byte[] unpacked(byte[] packed, int size, String where);

    /** @throws InvalidInputException naming the codec and the array where it is not read */
    static ZarrCodec named(String name, Path where) {
        return switch (name) {
            case "zlib", "numcodecs.zlib" -> ZLIB;
            case "gzip" -> GZIP;
            case "zstd" -> ZSTD;
            case "blosc" -> BLOSC;
            case "crc32c" -> CRC32C;
            case "sharding_indexed" ->
                throw new InvalidInputException(
                        where + " is sharded, which is not read; write it with a file for every chunk");
            default ->
                throw new InvalidInputException(where + " is packed with the codec \"" + name
                        + "\", which is not read; write it with zlib, gzip, zstd or blosc");
        };
    }

    private interface Opening {
        InputStream open() throws IOException;
    }

    /** No more than one byte too many is ever unpacked. */
    private static byte[] read(String where, int size, Opening opening) {
        try (InputStream in = opening.open()) {
            return in.readNBytes(size + 1);
        } catch (IOException broken) {
            throw new InvalidInputException(where + " is cut off or damaged: " + broken.getMessage(), broken);
        }
    }
}
