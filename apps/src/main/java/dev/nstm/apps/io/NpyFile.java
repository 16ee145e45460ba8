package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.Sizes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A file of one single-precision array, as this program writes it, of which some values at a time are read. */
public final class NpyFile implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final int[] shape;
    private final long begin;

    private NpyFile(Path file, FileChannel channel, int[] shape, long begin) {
        this.file = file;
        this.channel = channel;
        this.shape = shape;
        this.begin = begin;
    }

    /** Writes an array, whole or not at all. */
    public static void write(Path file, NpyContent array) {
        AtomicFile.write(file, out -> NpyFormat.write(out, array));
    }

    /** @throws dev.nstm.tensor.InvalidInputException naming the file where it is another or damaged */
    public static NpyFile open(Path file) throws IOException {
        require(Files.isRegularFile(file), "%s: no such file", file);
        FileChannel channel = FileChannel.open(file);
        try {
            InputStream in = Channels.newInputStream(channel);
            int[] shape = NpyFormat.shape(in, file.toString());
            long begin = channel.position();
            long bytes = 4 * Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
            require(
                    channel.size() == begin + bytes,
                    "%s is cut off or damaged: %d bytes are expected behind its header, it has %d",
                    file,
                    bytes,
                    channel.size() - begin);
            return new NpyFile(file, channel, shape, begin);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /** Extents, outermost first. */
    public int[] shape() {
        return shape.clone();
    }

    /**
     * Some values.
     *
     * @param first index of the first, row-major
     */
    public float[] read(long first, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Sizes.product("bytes of an array", 4, count))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long at = begin + 4 * first; bytes.hasRemaining(); ) {
            int got = channel.read(bytes, at);
            require(got > 0, "%s was cut off while it was read", file);
            at += got;
        }
        float[] values = new float[count];
        bytes.flip().asFloatBuffer().get(values);
        return values;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
