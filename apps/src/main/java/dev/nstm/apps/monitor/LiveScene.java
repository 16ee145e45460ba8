package dev.nstm.apps.monitor;

import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.movie.Axis;
import dev.nstm.apps.movie.KeptFrames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.Outputs;
import dev.nstm.apps.movie.Times;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.files.AtomicDirectory;
import dev.nstm.metrics.Displacements;
import dev.nstm.tensor.Shape;
import dev.nstm.training.SceneRenderer;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Small pictures of the scene and its motion while they are trained: of volumes the middle plane, at a few times. Each
 * version is an OME-Zarr of its own, so that nobody sees half of one.
 */
final class LiveScene {
    /** Rows and columns, at most. */
    private static final int MOST = 192;

    private static final int TIMES = 5;
    private static final int KEPT = 2;
    private static final String SUFFIX = ".ome.zarr";

    private final Run run;
    private final Path folder;
    private final int reduction;
    private final PixelGrid grid;
    private final List<Axis> axes;
    /** The newest last; the one before may still be looked at. */
    private final Deque<String> kept = new ArrayDeque<>();

    /**
     * @param folder that versions are written into
     * @param spacing micrometres from sample to sample of the scene, outermost first; none where lengths are counted in
     *     pixels
     */
    LiveScene(Run run, Path folder, double[] spacing) {
        this.run = run;
        this.folder = folder;
        PixelGrid samples = run.system().samples();
        int[] extents = samples.extents().extents();
        int plane = extents.length - 2;
        reduction = Math.ceilDiv(Math.max(extents[plane], extents[plane + 1]), MOST);
        double[] origin = samples.origin().clone();
        double[] steps = samples.spacing().clone();
        for (int axis = 0; axis < extents.length; axis++) {
            if (axis < plane) {
                origin[axis] = samples.position(axis, extents[axis] / 2);
                extents[axis] = 1;
            } else {
                origin[axis] += steps[axis] * (reduction - 1) / 2;
                steps[axis] *= reduction;
                extents[axis] = Math.max(1, extents[axis] / reduction);
            }
        }
        grid = new PixelGrid(Shape.of(extents), origin, steps);
        axes = spacing.length == 0
                ? Axis.ofPictures(extents[plane], extents[plane + 1])
                : Axis.ofPictures(extents[plane], extents[plane + 1], spacing[spacing.length - 1] * reduction);
    }

    /**
     * Writes the next version.
     *
     * @return the name of its directory
     */
    String write(Device device, TrainingState state) throws IOException {
        // Another run's pictures must not be taken for these.
        String name = "live-" + System.currentTimeMillis();
        double[] times = Times.evenly(TIMES);
        Movie movie = new Movie(
                axes, run.channels(), Movie.Look.GREY, times, Optional.empty(), Map.of(), frames(device, state, times));
        Outputs.write(movie, folder, new Output.Names(name, "", 1), List.of(Outputs.omeZarr(List.of())));
        kept.add(name + SUFFIX);
        if (kept.size() > KEPT) AtomicDirectory.delete(folder.resolve(kept.removeFirst()));
        return name + SUFFIX;
    }

    private KeptFrames frames(Device device, TrainingState state, double[] times) {
        double[] units = IntStream.range(0, run.system().channels())
                .mapToDouble(run.system()::channelUnit)
                .toArray();
        float[][][] scenes = new float[times.length][][];
        float[][][] motions = new float[times.length][][];
        try (Device.Scope scope = device.scope()) {
            SceneRenderer renderer = new SceneRenderer(
                    device,
                    run.field(),
                    grid,
                    units,
                    !run.plan().motion().frozen(),
                    state.object().parameters(),
                    state.motion().parameters());
            float[][] first = new float[0][];
            for (int t = 0; t < times.length; t++) {
                SceneRenderer.Moment moment = renderer.at(times[t]);
                float[][] moved = lateral(moment.motion());
                if (t == 0) first = moved;
                scenes[t] = parts(moment.scene(), units.length);
                motions[t] = Displacements.between(
                        first, moved, new int[] {axes.get(0).size(), axes.get(1).size()});
            }
        }
        return new KeptFrames(scenes, motions);
    }

    /** Motion along rows and columns, in pixels of these pictures. */
    private float[][] lateral(float[] motion) {
        float[][] all = parts(motion, grid.axes());
        float[][] lateral = Arrays.copyOfRange(all, all.length - 2, all.length);
        for (float[] axis : lateral) for (int i = 0; i < axis.length; i++) axis[i] /= reduction;
        return lateral;
    }

    private static float[][] parts(float[] values, int count) {
        int size = values.length / count;
        return IntStream.range(0, count)
                .mapToObj(part -> Arrays.copyOfRange(values, part * size, (part + 1) * size))
                .toArray(float[][]::new);
    }
}
