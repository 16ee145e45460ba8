package dev.nstm.apps.instrument;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.movie.Movie;
import dev.nstm.optics.GaussianBlur;
import dev.nstm.optics.Grid2D;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How far off a reconstruction of pictures may be: about 68 % of its pixels are within. It is the standard deviation
 * over replicas (see {@link dev.nstm.training.Replicas}) of each channel about its mean, and of the displacement, its
 * variance averaged over the neighbourhood, times what makes it right on simulated specimens.
 *
 * @param scenes {@code [time][channel][pixel]}, in the channels' units
 * @param motions {@code [time][pixel]}, of the length of the displacement's error, in pixels
 */
public record Uncertainty(float[][][] scenes, float[][] motions) {
    /** Array of a result. */
    static final String SCENES = "uncertainty";

    /** Array of a result. */
    static final String MOTIONS = "motion_uncertainty";

    /** Standard deviation of the neighbourhood, pixels. */
    private static final double NEIGHBOURHOOD = 4;

    /** Sums over the replicas of a value and of its square, over all pixels. */
    private static final class Sums {
        private final double[] values;
        private final double[] squares;

        private Sums(int pixels) {
            values = new double[pixels];
            squares = new double[pixels];
        }

        void add(float[] one, double mean) {
            for (int i = 0; i < one.length; i++) {
                double value = one[i] - mean;
                values[i] += value;
                squares[i] += value * value;
            }
        }

        /** Adds the variances over so many replicas. */
        void addVariances(int replicas, double[] variances) {
            for (int i = 0; i < values.length; i++)
                variances[i] += Math.max(0, squares[i] - values[i] * values[i] / replicas) / (replicas - 1);
        }
    }

    /**
     * The spread of replicas that show the same times.
     *
     * @param replicas two or more
     * @param factors of each channel, and of the motion last
     */
    public static Uncertainty of(List<Movie> replicas, double[] factors) {
        Movie first = replicas.getFirst();
        int channels = first.channels().size();
        float[][][] scenes = new float[first.times().length][channels][];
        float[][] motions = new float[first.times().length][];
        for (int t = 0; t < scenes.length; t++) {
            int time = t;
            for (int c = 0; c < channels; c++) {
                int channel = c;
                Sums sums = new Sums(first.samples());
                replicas.forEach(replica -> {
                    float[] scene = replica.scene(time, channel);
                    sums.add(scene, mean(scene));
                });
                double[] variances = new double[first.samples()];
                sums.addVariances(replicas.size(), variances);
                scenes[t][c] = deviations(variances, first, factors[c]);
            }
            double[] variances = new double[first.samples()];
            for (int a = 0; a < first.frames().motionAxes(); a++) {
                int axis = a;
                Sums sums = new Sums(first.samples());
                replicas.forEach(replica -> sums.add(replica.motion(time)[axis], 0));
                sums.addVariances(replicas.size(), variances);
            }
            motions[t] = deviations(variances, first, factors[channels]);
        }
        return new Uncertainty(scenes, motions);
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) sum += value;
        return sum / values.length;
    }

    private static float[] deviations(double[] variances, Movie size, double factor) {
        float[] deviations = GaussianBlur.of(new Grid2D(size.height(), size.width(), variances), NEIGHBOURHOOD)
                .floats();
        for (int i = 0; i < deviations.length; i++) deviations[i] = (float) (factor * Math.sqrt(deviations[i]));
        return deviations;
    }

    /** As arrays of a result: {@code uncertainty} [t, y, x, channel] and {@code motion_uncertainty} [t, y, x]. */
    public Map<String, NpyArray> notes(int height, int width) {
        int channels = scenes[0].length;
        double[] all = new double[scenes.length * height * width * channels];
        for (int i = 0; i < all.length; i++)
            all[i] = scenes[i / channels / (height * width)][i % channels][i / channels % (height * width)];
        Map<String, NpyArray> notes = new LinkedHashMap<>();
        notes.put(SCENES, new NpyArray(new int[] {scenes.length, height, width, channels}, all));
        notes.put(
                MOTIONS,
                new NpyArray(
                        new int[] {scenes.length, height, width},
                        Arrays.stream(motions)
                                .flatMapToDouble(
                                        map -> IntStream.range(0, map.length).mapToDouble(i -> map[i]))
                                .toArray()));
        return notes;
    }

    /**
     * Shares of the pixels that are within a movie's stated uncertainty of the truth, of each channel about its mean
     * and, where the truth has one, of the motion after the first time: about 68 % are expected. Empty where the movie
     * states none.
     */
    public static Optional<double[]> covered(Movie movie, Movie truth, int margin) {
        NpyArray scenes = movie.notes().get(SCENES);
        NpyArray motions = movie.notes().get(MOTIONS);
        int channels = movie.channels().size();
        int[] size = {movie.times().length, movie.height(), movie.width()};
        if (scenes == null
                || motions == null
                || !Arrays.equals(motions.shape(), size)
                || scenes.values().length != channels * motions.values().length) return Optional.empty();
        boolean moving = truth.frames().motionAxes() > 0 && movie.frames().motionAxes() > 0 && size[0] > 1;
        long[] within = new long[channels + (moving ? 1 : 0)];
        int[] inside = IntStream.range(0, movie.samples())
                .filter(i -> i / size[2] >= margin
                        && i / size[2] < size[1] - margin
                        && i % size[2] >= margin
                        && i % size[2] < size[2] - margin)
                .toArray();
        for (int time = 0; time < size[0]; time++) {
            for (int channel = 0; channel < channels; channel++) {
                float[] shown = movie.scene(time, channel);
                float[] known = truth.scene(time, channel);
                double offset = IntStream.of(inside)
                        .mapToDouble(i -> shown[i] - known[i])
                        .average()
                        .orElse(0);
                for (int i : inside) {
                    double stated = scenes.values()[(time * shown.length + i) * channels + channel];
                    if (Math.abs(shown[i] - known[i] - offset) <= stated) within[channel]++;
                }
            }
            if (!moving || time == 0) continue;
            float[][] shown = movie.motion(time);
            float[][] known = truth.motion(time);
            for (int i : inside) {
                double error = Math.hypot(shown[0][i] - known[0][i], shown[1][i] - known[1][i]);
                if (error <= motions.values()[time * movie.samples() + i]) within[channels]++;
            }
        }
        double[] shares = new double[within.length];
        for (int i = 0; i < shares.length; i++)
            shares[i] = (double) within[i] / inside.length / (i < channels ? size[0] : size[0] - 1);
        return Optional.of(shares);
    }

    /** A channel at all times. */
    public List<float[]> channel(int channel) {
        return Arrays.stream(scenes).map(scene -> scene[channel]).toList();
    }
}
