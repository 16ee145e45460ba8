package dev.nstm.apps.instrument;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.report.Clock;
import dev.nstm.metrics.Displacements;
import dev.nstm.optics.Grid2D;
import dev.nstm.training.SceneRenderer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Pictures of a scene and its motion at several times.
 *
 * @param times in [-1, 1]
 * @param frames {@code [time][channel][pixel]}, in physical units
 * @param motion displacement of the specimen since the first time (see {@link Displacements}), {@code [time][axis][pixel]}, in pixels
 * @param clock what the times are in the data, where that is known
 */
public record SceneMovie(double[] times, int height, int width, float[][][] frames, float[][][] motion, Optional<Clock> clock) {
    private static final int MOST_VALUES = Integer.MAX_VALUE / 4 - 64;

    public static SceneMovie render(SceneRenderer renderer, double[] times, int height, int width, int channels, Optional<Clock> clock) {
        int pixels = height * width;
        require((long) times.length * pixels * Math.max(2, channels) <= MOST_VALUES, "%d times of %dx%d are too much for one file; ask for fewer", times.length, height, width);
        float[][][] frames = new float[times.length][channels][];
        float[][][] motion = new float[times.length][2][];
        for (int t = 0; t < times.length; t++) {
            SceneRenderer.Moment moment = renderer.at(times[t]);
            for (int c = 0; c < channels; c++) frames[t][c] = Arrays.copyOfRange(moment.scene(), c * pixels, (c + 1) * pixels);
            for (int axis = 0; axis < 2; axis++) motion[t][axis] = Arrays.copyOfRange(moment.motion(), axis * pixels, (axis + 1) * pixels);
        }
        return new SceneMovie(times, height, width, frames, Displacements.sinceFirst(motion, times, height, width), clock);
    }

    /** Every so many-th time, beginning with the first. */
    public SceneMovie every(int step) {
        int[] kept = IntStream.range(0, Math.ceilDiv(times.length, step)).map(i -> i * step).toArray();
        return new SceneMovie(Arrays.stream(kept).mapToDouble(i -> times[i]).toArray(), height, width, Arrays.stream(kept).mapToObj(i -> frames[i]).toArray(float[][][]::new),
                Arrays.stream(kept).mapToObj(i -> motion[i]).toArray(float[][][]::new), clock);
    }

    public int channels() {
        return frames[0].length;
    }

    /** A channel at a time. */
    public Grid2D picture(int time, int channel) {
        return Grid2D.of(height, width, frames[time][channel]);
    }

    /** A channel at every time. */
    public List<float[]> channel(int channel) {
        return Arrays.stream(frames).map(frame -> frame[channel]).toList();
    }

    /** Writes {@code recon} [t,y,x,channel], {@code motion} [t,y,x,axis], {@code t}, {@code channel_units} and, where it is known, the clock. */
    public void write(Path file, double[] channelUnits) throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("recon", NpyArray.ofParts(frames, times.length, height, width, channels()));
        arrays.put("motion", NpyArray.ofParts(motion, times.length, height, width, 2));
        arrays.put("t", NpyArray.of(times));
        arrays.put("channel_units", NpyArray.of(channelUnits));
        clock.ifPresent(known -> known.keep(arrays));
        Npz.write(file, arrays);
    }

    /**
     * What {@link #write} needs to know to show a finished reconstruction again.
     *
     * @param channels of the scene
     * @param channelUnits physical value of 1 in each
     * @param clock what its times are in the data, where that is known
     */
    public record Layout(int height, int width, int channels, double[] channelUnits, Optional<Clock> clock) {
        /**
         * Of a file that {@link #write} wrote.
         *
         * @param timeUnit of the system's clocks
         */
        public static Layout read(Path file, String timeUnit) throws IOException {
            Npz arrays = Npz.open(file);
            int[] shape = arrays.get("recon").shape();
            require(shape.length == 4, "%s was not written by nstm reconstruct", file);
            return new Layout(shape[1], shape[2], shape[3], arrays.get("channel_units").values(), Clock.kept(arrays, timeUnit));
        }
    }
}
