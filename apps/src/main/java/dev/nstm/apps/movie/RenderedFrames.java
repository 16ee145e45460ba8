package dev.nstm.apps.movie;

import dev.nstm.apps.report.Phase;
import dev.nstm.metrics.Displacements;
import dev.nstm.tensor.Sizes;
import dev.nstm.training.SceneRenderer;
import java.nio.file.Path;
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
    private final FrameFile kept;
    /** Where points look at the first time. */
    private float[][] firstMotion;

    /**
     * @param seen what is shown of a scene, {@code [channel][sample]}
     * @param directory of the temporary file
     */
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
        samples = Sizes.product("a frame", extents);
        first = Displacements.earliest(times);
        kept = new FrameFile(channels, extents.length, samples, directory);
    }

    @Override
    public float[] scene(int time, int channel, int from, int count) {
        render(time);
        return kept.scene(time, channel, from, count);
    }

    @Override
    public float[] motion(int time, int axis, int from, int count) {
        render(time);
        return kept.motion(time, axis, from, count);
    }

    @Override
    public int motionAxes() {
        return extents.length;
    }

    private synchronized void render(int time) {
        if (rendered.get(time)) return;
        try (Phase phase = Phase.of("rendering")) {
            keep(time);
        }
    }

    private void keep(int time) {
        if (firstMotion == null && time != first)
            firstMotion = axes(renderer.at(times[first]).motion());
        SceneRenderer.Moment moment = renderer.at(times[time]);
        float[][] motion = axes(moment.motion());
        if (firstMotion == null) firstMotion = motion;
        float[] scene = seen.apply(moment.scene());
        for (int channel = 0; channel < channels; channel++)
            kept.write(time, channel, 0, scene, channel * samples, samples);
        float[][] displacement = Displacements.between(firstMotion, motion, extents);
        for (int axis = 0; axis < displacement.length; axis++)
            kept.write(time, channels + axis, 0, displacement[axis], 0, samples);
        rendered.set(time);
    }

    private float[][] axes(float[] motion) {
        float[][] axes = new float[extents.length][];
        for (int axis = 0; axis < axes.length; axis++)
            axes[axis] = Arrays.copyOfRange(motion, axis * samples, (axis + 1) * samples);
        return axes;
    }

    @Override
    public void close() {
        kept.close();
    }
}
