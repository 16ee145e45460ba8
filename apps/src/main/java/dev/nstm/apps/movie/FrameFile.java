package dev.nstm.apps.movie;

import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Sizes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Frames in a temporary file, which is deleted on closing, so that many times need no memory. Values that were never
 * written are zero if they lie before the last value written.
 */
public final class FrameFile implements Frames {
    private final int channels;
    private final int axes;
    private final int samples;
    private final Path directory;
    private final FileChannel kept;

    /**
     * @param channels of the scene
     * @param axes of the motion
     * @param samples of a channel at one time
     * @param directory in which the file lies
     * @throws InvalidInputException where it cannot be written there
     */
    public FrameFile(int channels, int axes, int samples, Path directory) {
        this.channels = channels;
        this.axes = axes;
        this.samples = samples;
        this.directory = directory;
        try {
            Files.createDirectories(directory);
            kept = FileChannel.open(
                    Files.createTempFile(directory, ".frames", ".part"),
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    @Override
    public float[] scene(int time, int channel, int first, int count) {
        return read(time, channel, first, count);
    }

    @Override
    public float[] motion(int time, int axis, int first, int count) {
        return read(time, channels + axis, first, count);
    }

    @Override
    public int motionAxes() {
        return axes;
    }

    /**
     * Some values of a part.
     *
     * @param part counted over the channels of the scene, then the axes of the motion
     */
    public float[] read(int time, int part, int first, int count) {
        ByteBuffer bytes = buffer(count);
        long position = position(time, part, first);
        try {
            while (bytes.hasRemaining())
                if (kept.read(bytes, position + bytes.position()) < 0)
                    throw new EOFException("the frames kept are cut off");
        } catch (IOException failure) {
            throw failed(failure);
        }
        float[] values = new float[count];
        bytes.flip().asFloatBuffer().get(values);
        return values;
    }

    /**
     * Keeps some values of a part.
     *
     * @param part as for {@link #read}
     * @param from index in {@code values} of the first
     */
    public void write(int time, int part, int first, float[] values, int from, int count) {
        ByteBuffer bytes = buffer(count);
        bytes.asFloatBuffer().put(values, from, count);
        long position = position(time, part, first);
        try {
            while (bytes.hasRemaining()) kept.write(bytes, position + bytes.position());
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    private long position(int time, int part, int first) {
        return 4L * (samples * ((long) time * (channels + axes) + part) + first);
    }

    private static ByteBuffer buffer(int values) {
        return ByteBuffer.allocate(Sizes.product("bytes of a frame", 4, values)).order(ByteOrder.nativeOrder());
    }

    private InvalidInputException failed(IOException failure) {
        return new InvalidInputException(
                "cannot write the frames of a movie to " + directory + ": " + AtomicFile.reason(failure), failure);
    }

    @Override
    public void close() {
        try {
            kept.close();
        } catch (IOException failure) {
            throw failed(failure);
        }
    }
}
