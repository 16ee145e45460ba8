package dev.nstm.apps.instrument;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.report.TextTable;
import dev.nstm.metrics.ImageMetrics;
import dev.nstm.optics.Grid2D;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Frames of a scene beside their truth.
 *
 * @param psnr {@code [channel][frame]}, dB, means removed
 */
public record SceneEvaluation(double[][] psnr) {
    private static final int ROWS = 11;

    /** Pictures by time and channel. */
    public interface Scene {
        Grid2D picture(int time, int channel);
    }

    /** @param margin pixels left out at each border */
    public static SceneEvaluation of(Scene reconstructed, Scene truth, int times, int channels, int margin) {
        return new SceneEvaluation(IntStream.range(0, channels)
                .mapToObj(c -> IntStream.range(0, times).mapToDouble(t -> ImageMetrics.psnr(reconstructed.picture(t, c), truth.picture(t, c), margin)).toArray()).toArray(double[][]::new));
    }

    /** Pictures of an array {@code [time, row, column, channel]}. */
    public static Scene of(NpyArray array) {
        int[] shape = array.shape();
        require(shape.length == 4, "a scene has times, rows, columns and channels; the array is %s", array.size());
        return (time, channel) -> {
            Grid2D picture = new Grid2D(shape[1], shape[2]);
            int first = time * shape[1] * shape[2];
            for (int i = 0; i < picture.values().length; i++) picture.values()[i] = array.values()[(first + i) * shape[3] + channel];
            return picture;
        };
    }

    /** Mean over the frames, dB. */
    public double mean(int channel) {
        return Arrays.stream(psnr[channel]).average().orElseThrow();
    }

    /** Some frames and the mean of all. */
    public TextTable table(List<String> channels) {
        TextTable table = new TextTable(1, Stream.concat(Stream.of("frame"), channels.stream().map(name -> name + " PSNR")).toArray(String[]::new));
        shownFrames(psnr[0].length).forEach(frame -> add(table, Integer.toString(frame + 1), Arrays.stream(psnr).mapToDouble(channel -> channel[frame])));
        add(table, "mean", IntStream.range(0, psnr.length).mapToDouble(this::mean));
        return table;
    }

    /** Frames that a table lists: all of a few, else some from the first to the last. */
    public static IntStream shownFrames(int frames) {
        int rows = Math.min(ROWS, frames);
        return IntStream.range(0, rows).map(row -> rows == 1 ? 0 : row * (frames - 1) / (rows - 1));
    }

    private static void add(TextTable table, String name, DoubleStream decibels) {
        table.add(Stream.concat(Stream.of(name), decibels.mapToObj(value -> TextTable.decibels(value))).toArray(String[]::new));
    }
}
