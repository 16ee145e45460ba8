package dev.nstm.apps.instrument;

import dev.nstm.apps.io.NpyContent;
import dev.nstm.apps.io.NpyParts;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.Companion;
import dev.nstm.apps.movie.Movie;
import dev.nstm.metrics.Displacements;
import dev.nstm.optics.GaussianBlur;
import dev.nstm.optics.Grid2D;
import java.util.ArrayList;
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
        float[][] motions = new float[scenes.length][];
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
    public Map<String, NpyContent> notes(int height, int width) {
        int channels = scenes[0].length;
        Map<String, NpyContent> notes = new LinkedHashMap<>();
        notes.put(SCENES, new NpyParts(new int[] {scenes.length, height, width, channels}, scenes.length, time -> {
            float[] values = new float[height * width * channels];
            for (int i = 0; i < values.length; i++) values[i] = scenes[time][i % channels][i / channels];
            return values;
        }));
        notes.put(
                MOTIONS,
                new NpyParts(new int[] {motions.length, height, width}, motions.length, time -> motions[time]));
        return notes;
    }

    /**
     * To be shown beside the movie that it is of; that of the motion in the unit of the pixels.
     *
     * @param movie of pictures
     */
    public List<Companion> companions(Movie movie) {
        List<Companion> companions = new ArrayList<>();
        for (int c = 0; c < movie.channels().size(); c++) {
            int channel = c;
            companions.add(new Companion(
                    "uncertainty of " + movie.channels().get(channel).name(),
                    movie.channels().get(channel).unit(),
                    (time, z) -> scenes[time][channel]));
        }
        float spacing = (float) movie.pixel().spacing();
        companions.add(new Companion("uncertainty of motion", movie.pixel().unit(), (time, z) -> {
            float[] lengths = motions[time].clone();
            for (int i = 0; i < lengths.length; i++) lengths[i] *= spacing;
            return lengths;
        }));
        return companions;
    }

    /** What a movie that was read from a result states; empty where it states none. */
    public static Optional<Uncertainty> in(Movie movie) {
        int[] size = {movie.times().length, movie.height(), movie.width()};
        int[] ofScenes = {size[0], size[1], size[2], movie.channels().size()};
        return movie.note(SCENES)
                .filter(known -> Arrays.equals(known.shape(), ofScenes))
                .flatMap(known -> movie.note(MOTIONS)
                        .filter(moved -> Arrays.equals(moved.shape(), size))
                        .map(moved -> new Uncertainty(
                                Archives.parts(known.floats(), 3),
                                Arrays.stream(Archives.parts(moved.floats(), 3))
                                        .map(parts -> parts[0])
                                        .toArray(float[][]::new))));
    }

    /**
     * Shares of the pixels that are within this uncertainty of the truth, of each channel about its mean and, where the
     * truth has one, of the motion after the earliest time: about 68 % are expected.
     *
     * @param movie that it is of
     */
    public double[] covered(Movie movie, Movie truth, int margin) {
        int channels = movie.channels().size();
        int height = movie.height();
        int width = movie.width();
        boolean moving = scenes.length > 1 && truth.frames().motionAxes() > 0;
        int earliest = Displacements.earliest(movie.times());
        long[] within = new long[channels + (moving ? 1 : 0)];
        int[] inside = IntStream.range(0, movie.samples())
                .filter(i -> i / width >= margin
                        && i / width < height - margin
                        && i % width >= margin
                        && i % width < width - margin)
                .toArray();
        for (int time = 0; time < scenes.length; time++) {
            for (int channel = 0; channel < channels; channel++) {
                float[] shown = movie.scene(time, channel);
                float[] known = truth.scene(time, channel);
                double offset = IntStream.of(inside)
                        .mapToDouble(i -> shown[i] - known[i])
                        .average()
                        .orElse(0);
                for (int i : inside)
                    if (Math.abs(shown[i] - known[i] - offset) <= scenes[time][channel][i]) within[channel]++;
            }
            if (!moving || time == earliest) continue;
            float[][] shown = movie.motion(time);
            float[][] known = truth.motion(time);
            for (int i : inside)
                if (Math.hypot(shown[0][i] - known[0][i], shown[1][i] - known[1][i]) <= motions[time][i])
                    within[channels]++;
        }
        double[] shares = new double[within.length];
        for (int i = 0; i < shares.length; i++)
            shares[i] = (double) within[i] / inside.length / (i < channels ? scenes.length : scenes.length - 1);
        return shares;
    }

    /** A channel at all times. */
    public List<float[]> channel(int channel) {
        return Arrays.stream(scenes).map(scene -> scene[channel]).toList();
    }
}
