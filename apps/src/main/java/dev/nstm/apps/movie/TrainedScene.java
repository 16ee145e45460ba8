package dev.nstm.apps.movie;

import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.field.FieldSpec;
import dev.nstm.training.SceneRenderer;
import dev.nstm.training.TrainingState;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Scene and motion of a finished training, at any times. */
public final class TrainedScene {
    private final SceneRenderer renderer;
    private final int channels;
    private final int[] extents;
    private final Path directory;

    /**
     * @param grid where scene and motion are shown
     * @param channelUnits physical value of 1 in each channel
     * @param moving false where the motion was not trained: every time shows the same scene
     * @param directory for what is kept while a movie is written
     */
    public TrainedScene(
            Device device,
            FieldSpec field,
            PixelGrid grid,
            double[] channelUnits,
            boolean moving,
            TrainingState state,
            Path directory) {
        renderer = new SceneRenderer(
                device,
                field,
                grid,
                channelUnits,
                moving,
                state.object().parameters(),
                state.motion().parameters());
        channels = channelUnits.length;
        extents = grid.extents().extents();
        this.directory = directory;
    }

    /** The scene at a time, {@code [channel][sample]}. */
    public float[] at(double time) {
        return renderer.at(time).scene();
    }

    /** Frames at some times, rendered when they are first asked for. */
    public Frames frames(double[] times) {
        return frames(times, UnaryOperator.identity());
    }

    /** @param seen what is shown of a scene, {@code [channel][sample]} */
    public Frames frames(double[] times, UnaryOperator<float[]> seen) {
        return new RenderedFrames(renderer, times, channels, extents, seen, directory);
    }
}
