package dev.nstm.apps.movie;

import dev.nstm.files.AtomicFile;
import dev.nstm.metrics.Displacements;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Sizes;
import dev.nstm.training.SceneRenderer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.UnaryOperator;

/**
 * Frames of a trained field. Each is rendered when it is first asked for and kept in a temporary file, so that several
 * outputs share one rendering and none needs all frames in memory.
 */
final class RenderedFrames implements Frames {
    private final SceneRenderer renderer;
    private final double[] times;
    private final int channels;
    private final int[] extents;
    private final int samples;
    private final UnaryOperator<float[]> seen;
    private final int first;
    private final BitSet rendered = new BitSet();
    private final FileChannel kept;
    private final Path directory;
    /** Where points look at the first time. */
    private float[][] firstMotion;

    /** @param seen what is shown of a scene, {@code [channel][sample]} */
    RenderedFrames(
            SceneRenderer renderer,
            double[] times,
            int channels,
            int[] extents,
            UnaryOperator<float[]> seen,
            Path directory) {
        this.renderer = renderer;
        this.times = times.clone();
        this.channels = channels;
        this.extents = extents;
        this.seen = seen;
        this.directory = directory;
        samples = Sizes.product("a frame", extents);
        first = Displacements.earliest(times);
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
    public float[] scene(int time, int channel, int from, int count) {
        return read(time, channel, from, count);
    }

    @Override
    public float[] motion(int time, int axis, int from, int count) {
        return read(time, channels + axis, from, count);
    }

    @Override
    public int motionAxes() {
        return extents.length;
    }

    private synchronized float[] read(int time, int part, int from, int count) {
        try {
            if (!rendered.get(time)) render(time);
            ByteBuffer bytes = buffer(count);
            long position = position(time, part) + 4L * from;
            while (bytes.hasRemaining())
                if (kept.read(bytes, position + bytes.position()) < 0)
                    throw new EOFException("the frames kept are cut off");
            float[] values = new float[count];
            bytes.flip().asFloatBuffer().get(values);
            return values;
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    private void render(int time) throws IOException {
        if (firstMotion == null && time != first)
            firstMotion = axes(renderer.at(times[first]).motion());
        SceneRenderer.Moment moment = renderer.at(times[time]);
        float[][] motion = axes(moment.motion());
        if (firstMotion == null) firstMotion = motion;
        float[] scene = seen.apply(moment.scene());
        for (int channel = 0; channel < channels; channel++) write(time, channel, scene, channel * samples);
        float[][] displacement = Displacements.between(firstMotion, motion, extents);
        for (int axis = 0; axis < displacement.length; axis++) write(time, channels + axis, displacement[axis], 0);
        rendered.set(time);
    }

    private float[][] axes(float[] motion) {
        float[][] axes = new float[extents.length][];
        for (int axis = 0; axis < axes.length; axis++)
            axes[axis] = Arrays.copyOfRange(motion, axis * samples, (axis + 1) * samples);
        return axes;
    }

    private void write(int time, int part, float[] values, int from) throws IOException {
        ByteBuffer bytes = buffer(samples);
        bytes.asFloatBuffer().put(values, from, samples);
        long position = position(time, part);
        while (bytes.hasRemaining()) kept.write(bytes, position + bytes.position());
    }

    private long position(int time, int part) {
        return 4L * samples * ((long) time * (channels + extents.length) + part);
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
