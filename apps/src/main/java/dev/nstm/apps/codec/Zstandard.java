package dev.nstm.apps.codec;

import static dev.nstm.tensor.InvalidInputException.require;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.nstm.tensor.InvalidInputException;

/** Unpacks frames of zstd. */
public final class Zstandard {
    private Zstandard() {}

    /**
     * @param size bytes that it must become
     * @param where file and place, for messages
     */
    public static byte[] unpacked(byte[] frame, int size, String where) {
        try {
            byte[] plain = new byte[size];
            long got = Zstd.decompressByteArray(plain, 0, size, frame, 0, frame.length);
            if (Zstd.isError(got))
                throw new InvalidInputException(where + " is cut off or damaged: " + Zstd.getErrorName(got));
            require(got == size, "%s is cut off or damaged: it holds %d of %d bytes", where, got, size);
            return plain;
        } catch (ZstdException broken) {
            throw new InvalidInputException(where + " is cut off or damaged: " + broken.getMessage(), broken);
        }
    }
}
