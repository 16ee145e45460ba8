package dev.nstm.apps.instrument;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.report.Clock;
import dev.nstm.device.Device;
import dev.nstm.device.ElementFunction;
import dev.nstm.device.PixelGrid;
import dev.nstm.metrics.Displacements;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.Shape;
import dev.nstm.training.SceneRenderer;
import dev.nstm.training.TrainingState;
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
 * @param motion displacement of the specimen since the first time (see {@link Displacements}), {@code [time][axis][pixel]}, in pixels;
 *     empty for a conventional reconstruction
 * @param channelUnits physical value of 1 in each channel of the trained scene; {@code frames} have it in already
 * @param clock what the times are in the data, where that is known
 */
public record SceneMovie(double[] times, int height, int width, float[][][] frames, float[][][] motion, double[] channelUnits, Optional<Clock> clock) {
    private static final int MOST_VALUES = Integer.MAX_VALUE / 4 - 64;

    public static SceneMovie render(SceneRenderer renderer, double[] times, int height, int width, double[] channelUnits, Optional<Clock> clock) {
        int channels = channelUnits.length;
        int pixels = height * width;
        require((long) times.length * pixels * Math.max(2, channels) <= MOST_VALUES, "%d times of %dx%d are too much for one file; ask for fewer", times.length, height, width);
        float[][][] frames = new float[times.length][channels][];
        float[][][] motion = new float[times.length][2][];
        for (int t = 0; t < times.length; t++) {
            SceneRenderer.Moment moment = renderer.at(times[t]);
            for (int c = 0; c < channels; c++) frames[t][c] = Arrays.copyOfRange(moment.scene(), c * pixels, (c + 1) * pixels);
            for (int axis = 0; axis < 2; axis++) motion[t][axis] = Arrays.copyOfRange(moment.motion(), axis * pixels, (axis + 1) * pixels);
        }
        return new SceneMovie(times, height, width, frames, Displacements.sinceFirst(motion, times, height, width), channelUnits, clock);
    }

    /**
     * A finished reconstruction of pictures at other times.
     *
     * @param directory that the run wrote
     * @param output function of the scene network's output
     * @param timeUnit of the system's clocks
     */
    public static SceneMovie again(Path directory, Configuration c, TrainingState state, Device device, double[] times, Optional<ElementFunction> output, String timeUnit) throws IOException {
        Path result = Run.result(directory);
        Npz arrays = Npz.open(result);
        int[] shape = arrays.get("recon").shape();
        require(shape.length == 4, "%s was not written by nstm reconstruct", result);
        double[] units = arrays.get("channel_units").values();
        SceneRenderer renderer = new SceneRenderer(device, Networks.ofPictures(c, shape[1], shape[2], shape[3], output), PixelGrid.of(Shape.of(shape[1], shape[2])), units, c.get(Keys.MOTION_RATE) > 0,
                state.object().parameters(), state.motion().parameters());
        return render(renderer, times, shape[1], shape[2], units, Clock.kept(arrays, timeUnit));
    }

    /** A scene that does not move, the same at every time. */
    public static SceneMovie still(List<float[]> channels, int height, int width, double[] times) {
        float[][][] frames = new float[times.length][][];
        Arrays.fill(frames, channels.toArray(float[][]::new));
        double[] units = new double[channels.size()];
        Arrays.fill(units, 1);
        return new SceneMovie(times, height, width, frames, new float[0][][], units, Optional.empty());
    }

    /** Reads what {@link #write} wrote, or arrays like it of others. */
    public static SceneMovie read(Path file) throws IOException {
        Npz arrays = Npz.open(file);
        NpyArray recon = arrays.get("recon");
        int[] shape = recon.shape();
        require(shape.length == 4, "%s: array \"recon\" is %s; time, row, column and channel are expected", file, recon.size());
        Optional<NpyArray> motion = arrays.has("motion") ? Optional.of(arrays.get("motion")) : Optional.empty();
        require(motion.stream().allMatch(moved -> Arrays.equals(moved.shape(), new int[] {shape[0], shape[1], shape[2], 2})), "%s: array \"motion\" does not fit \"recon\" of %s", file, recon.size());
        double[] times = arrays.has("t") ? arrays.get("t").values() : Times.evenly(shape[0]);
        require(times.length == shape[0], "%s: array \"t\" has %d times but \"recon\" is %s", file, times.length, recon.size());
        double[] units = new double[shape[3]];
        Arrays.fill(units, 1);
        return new SceneMovie(times, shape[1], shape[2], parts(recon), motion.map(SceneMovie::parts).orElse(new float[0][][]), units, Optional.empty());
    }

    /** Values of an array {@code [time, row, column, part]} as {@code [time][part][pixel]}. */
    public static float[][][] parts(NpyArray array) {
        int[] shape = array.shape();
        int pixels = shape[1] * shape[2];
        float[][][] parts = new float[shape[0]][shape[3]][pixels];
        for (int i = 0; i < array.values().length; i++) parts[i / shape[3] / pixels][i % shape[3]][i / shape[3] % pixels] = (float) array.values()[i];
        return parts;
    }

    /** Every so many-th time, beginning with the first. */
    public SceneMovie every(int step) {
        int[] kept = IntStream.range(0, Math.ceilDiv(times.length, step)).map(i -> i * step).toArray();
        return new SceneMovie(Times.every(step, times), height, width, Arrays.stream(kept).mapToObj(i -> frames[i]).toArray(float[][][]::new),
                Arrays.stream(kept).mapToObj(i -> motion[i]).toArray(float[][][]::new), channelUnits, clock);
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

    /** Writes {@code recon} [t,y,x,channel], {@code motion} [t,y,x,axis] where there is any, {@code t}, {@code channel_units} and, where it is known, the clock. */
    public void write(Path file) throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("recon", NpyArray.ofParts(frames, times.length, height, width, channels()));
        if (motion.length > 0) arrays.put("motion", NpyArray.ofParts(motion, times.length, height, width, 2));
        arrays.put("t", NpyArray.of(times));
        arrays.put("channel_units", NpyArray.of(channelUnits));
        clock.ifPresent(known -> known.keep(arrays));
        Npz.write(file, arrays);
    }
}
