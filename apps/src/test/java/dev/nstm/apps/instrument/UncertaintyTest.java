package dev.nstm.apps.instrument;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.apps.io.NpyContent;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.Axis;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.KeptFrames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.Outputs;
import dev.nstm.metrics.ImageMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UncertaintyTest {
    private static final int HEIGHT = 40;
    private static final int WIDTH = 60;
    private static final double[] TIMES = {-1, 1};

    private final SplittableRandom random = Seeds.random();

    private float[] noise(double deviation) {
        float[] noise = new float[HEIGHT * WIDTH];
        for (int i = 0; i < noise.length; i++) noise[i] = (float) (deviation * random.nextGaussian());
        return noise;
    }

    /** Channels that deviate by 0.1 and 0.3 about an offset of their own, and a motion that deviates by 0.2 and 0.4. */
    private Movie movie(Map<String, NpyContent> notes, double... times) {
        float[][][] scenes = new float[2][2][];
        float[][][] motions = new float[2][2][];
        for (int time = 0; time < 2; time++) {
            for (int k = 0; k < 2; k++) {
                scenes[time][k] = noise(0.1 + 0.2 * k);
                float offset = (float) random.nextGaussian();
                for (int i = 0; i < scenes[time][k].length; i++) scenes[time][k][i] += offset;
                motions[time][k] = noise(0.2 + 0.2 * k);
            }
        }
        return new Movie(
                Axis.ofPictures(HEIGHT, WIDTH),
                Channel.numbered(Channel.namesOf(2)),
                Movie.Look.GREY,
                times.length == 0 ? TIMES : times,
                Optional.empty(),
                notes,
                new KeptFrames(scenes, motions));
    }

    private Uncertainty uncertainty(double... factors) {
        return Uncertainty.of(
                IntStream.range(0, 12).mapToObj(i -> movie(Map.of())).toList(), factors);
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) sum += value;
        return sum / values.length;
    }

    @Test
    void replicasThatDifferByNoiseAreAsUncertainAsTheNoise() {
        Uncertainty uncertainty = uncertainty(1, 2, 0.5);
        assertEquals(0.1, mean(uncertainty.channel(0).get(1)), 0.004);
        assertEquals(2 * 0.3, mean(uncertainty.channel(1).get(0)), 0.024);
        assertEquals(0.5 * Math.hypot(0.2, 0.4), mean(uncertainty.motions()[1]), 0.01);
    }

    @Test
    void whatIsStatedIsFoundAgainBesideTheTruth() {
        Uncertainty stated = uncertainty(Math.sqrt(2), Math.sqrt(2), 1);
        Map<String, NpyContent> notes = stated.notes(HEIGHT, WIDTH);
        assertArrayEquals(
                new int[] {2, HEIGHT, WIDTH, 2}, notes.get("uncertainty").shape());
        assertArrayEquals(
                new int[] {2, HEIGHT, WIDTH}, notes.get("motion_uncertainty").shape());
        // Both movies are noise: they differ by sqrt(2) times as much, in 68 % of the pixels by less.
        double[] shares = stated.covered(movie(Map.of()), movie(Map.of()), 5, ImageMetrics.Freedom.OFFSET);
        assertEquals(0.68, shares[0], 0.04);
        assertEquals(0.68, shares[1], 0.04);
        assertEquals(3, shares.length);
        assertTrue(shares[2] > 0.2 && shares[2] < 0.6, "motion " + shares[2]);
    }

    @Test
    void whatIsWrittenIsReadAgain(@TempDir Path directory) throws IOException {
        Uncertainty stated = uncertainty(1, 1, 1);
        Outputs.write(
                movie(stated.notes(HEIGHT, WIDTH)), directory, new Output.Names("result", "", 1), List.of(Outputs.NPZ));
        Movie read = Archives.pictures(directory.resolve("result.npz"), Movie.Look.GREY);
        Uncertainty again = Uncertainty.in(read).orElseThrow();
        assertTrue(Arrays.deepEquals(stated.scenes(), again.scenes()));
        assertTrue(Arrays.deepEquals(stated.motions(), again.motions()));
        assertTrue(Uncertainty.in(movie(Map.of())).isEmpty());
    }

    /** The shots may come in any order of their times. */
    @Test
    void theEarliestTimeHasNoMotionToState() {
        Uncertainty stated = new Uncertainty(new float[2][2][HEIGHT * WIDTH], new float[][] {filled(10), filled(0)});
        assertEquals(
                1, stated.covered(movie(Map.of(), 1, -1), movie(Map.of(), 1, -1), 5, ImageMetrics.Freedom.OFFSET)[2]);
    }

    private static float[] filled(float value) {
        float[] values = new float[HEIGHT * WIDTH];
        Arrays.fill(values, value);
        return values;
    }
}
