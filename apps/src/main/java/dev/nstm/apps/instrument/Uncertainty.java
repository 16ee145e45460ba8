package dev.nstm.apps.instrument;

import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.NpyContent;
import dev.nstm.apps.io.NpyParts;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.Axis;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.Companion;
import dev.nstm.apps.movie.Movie;
import dev.nstm.device.Device;
import dev.nstm.metrics.Displacements;
import dev.nstm.metrics.ImageMetrics;
import dev.nstm.optics.GaussianBlur;
import dev.nstm.optics.Grid2D;
import dev.nstm.training.DivergedException;
import dev.nstm.training.Replicas;
import dev.nstm.training.TrainingState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How far off a reconstruction may be: about 68 % of its pixels are within. It is the standard deviation over replicas
 * (see {@link dev.nstm.training.Replicas}) of each channel about its mean, and of the displacement, its variance
 * averaged over the neighbourhood, times what makes it right on simulated specimens.
 *
 * @param scenes {@code [time][channel][pixel or voxel]}, in the channels' units
 * @param motions {@code [time][pixel or voxel]}, of the length of the displacement's error, in pixels
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

    /** The neighbourhood is that of a plane. */
    private static float[] deviations(double[] variances, Movie size, double factor) {
        int plane = size.height() * size.width();
        float[] deviations = new float[variances.length];
        for (int first = 0; first < variances.length; first += plane) {
            double[] own = Arrays.copyOfRange(variances, first, first + plane);
            double[] around = GaussianBlur.of(new Grid2D(size.height(), size.width(), own), NEIGHBOURHOOD)
                    .values();
            for (int i = 0; i < plane; i++) deviations[first + i] = (float) (factor * Math.sqrt((float) around[i]));
        }
        return deviations;
    }

    /**
     * As arrays of a result: {@code uncertainty} [t, y, x, channel] and {@code motion_uncertainty} [t, y, x]; of
     * volumes, which have one channel, both [t, z, y, x].
     *
     * @param extents rows and columns, of volumes planes before
     */
    public Map<String, NpyContent> notes(int... extents) {
        int channels = scenes[0].length;
        int times = scenes.length;
        Map<String, NpyContent> notes = new LinkedHashMap<>();
        int[] ofMotion = shape(times, extents);
        int[] ofScenes = extents.length == 3 ? ofMotion : Arrays.copyOf(ofMotion, 4);
        if (extents.length == 2) ofScenes[3] = channels;
        notes.put(SCENES, new NpyParts(ofScenes, times, time -> {
            float[] values = new float[scenes[time][0].length * channels];
            for (int i = 0; i < values.length; i++) values[i] = scenes[time][i % channels][i / channels];
            return values;
        }));
        notes.put(MOTIONS, new NpyParts(ofMotion, times, time -> motions[time]));
        return notes;
    }

    private static int[] shape(int times, int[] extents) {
        int[] shape = new int[extents.length + 1];
        shape[0] = times;
        System.arraycopy(extents, 0, shape, 1, extents.length);
        return shape;
    }

    /** To be shown beside the movie that it is of; that of the motion in the unit of the pixels. */
    public List<Companion> companions(Movie movie) {
        int plane = movie.height() * movie.width();
        List<Companion> companions = new ArrayList<>();
        for (int c = 0; c < movie.channels().size(); c++) {
            int channel = c;
            companions.add(new Companion(
                    "uncertainty of " + movie.channels().get(channel).name(),
                    movie.channels().get(channel).unit(),
                    (time, z) -> Arrays.copyOfRange(scenes[time][channel], z * plane, (z + 1) * plane)));
        }
        float spacing = (float) movie.pixel().spacing();
        companions.add(new Companion("uncertainty of motion", movie.pixel().unit(), (time, z) -> {
            float[] lengths = Arrays.copyOfRange(motions[time], z * plane, (z + 1) * plane);
            for (int i = 0; i < lengths.length; i++) lengths[i] *= spacing;
            return lengths;
        }));
        return companions;
    }

    /** What a movie that was read from a result states; empty where it states none. */
    public static Optional<Uncertainty> in(Movie movie) {
        int[] extents = movie.axes().stream().mapToInt(Axis::size).toArray();
        int[] size = shape(movie.times().length, extents);
        int[] ofScenes = movie.volumes() ? size : Arrays.copyOf(size, 4);
        if (!movie.volumes()) ofScenes[3] = movie.channels().size();
        int axes = size.length;
        return movie.note(SCENES)
                .filter(known -> Arrays.equals(known.shape(), ofScenes))
                .flatMap(known -> movie.note(MOTIONS)
                        .filter(moved -> Arrays.equals(moved.shape(), size))
                        .map(moved -> new Uncertainty(
                                Archives.parts(known.floats(), axes),
                                Arrays.stream(Archives.parts(moved.floats(), axes))
                                        .map(parts -> parts[0])
                                        .toArray(float[][]::new))));
    }

    /**
     * Shares of the pixels that are within this uncertainty of the truth, of each channel about its mean and, where the
     * truth has one, of the motion after the earliest time: about 68 % are expected.
     *
     * @param movie that it is of
     * @param freedom in which unit and zero of the scene are compared
     */
    public double[] covered(Movie movie, Movie truth, int margin, ImageMetrics.Freedom freedom) {
        int channels = movie.channels().size();
        int height = movie.height();
        int width = movie.width();
        boolean moving = scenes.length > 1 && truth.frames().motionAxes() > 0;
        int earliest = Displacements.earliest(movie.times());
        long[] within = new long[channels + (moving ? 1 : 0)];
        int[] inside = IntStream.range(0, movie.samples())
                .filter(i -> i / width % height >= margin
                        && i / width % height < height - margin
                        && i % width >= margin
                        && i % width < width - margin)
                .toArray();
        for (int time = 0; time < scenes.length; time++) {
            for (int channel = 0; channel < channels; channel++) {
                float[] shown = movie.scene(time, channel);
                float[] known = truth.scene(time, channel);
                double scale = freedom == ImageMetrics.Freedom.SCALE_AND_OFFSET ? slope(shown, known, inside) : 1;
                double offset = IntStream.of(inside)
                        .mapToDouble(i -> shown[i] - scale * known[i])
                        .average()
                        .orElse(0);
                for (int i : inside)
                    if (Math.abs(shown[i] - scale * known[i] - offset) <= scenes[time][channel][i]) within[channel]++;
            }
            if (!moving || time == earliest) continue;
            float[][] shown = movie.motion(time);
            float[][] known = truth.motion(time);
            for (int i : inside) if (distance(shown, known, i) <= motions[time][i]) within[channels]++;
        }
        double[] shares = new double[within.length];
        for (int i = 0; i < shares.length; i++)
            shares[i] = (double) within[i] / inside.length / (i < channels ? scenes.length : scenes.length - 1);
        return shares;
    }

    /**
     * What {@link #covered} found, a line without its end.
     *
     * @param movie that was compared
     */
    public static String told(Movie movie, double[] shares) {
        List<String> names =
                new ArrayList<>(movie.channels().stream().map(Channel::name).toList());
        names.add("motion");
        return "within the stated uncertainty (68 % are expected): "
                + IntStream.range(0, shares.length)
                        .mapToObj(i -> names.get(i) + String.format(Locale.ROOT, " %.0f %%", 100 * shares[i]))
                        .collect(Collectors.joining(", "))
                + (movie.volumes() ? " of the voxels" : " of the pixels");
    }

    /**
     * Whole trainings beside that of a run, as many as its configuration asks for; none where they are fewer than two,
     * stopped or diverge.
     *
     * @param log receives why there are none although they were asked for, a line
     */
    public static List<TrainingState> wholeReplicas(
            Run run, Device device, Consumer<String> log, BooleanSupplier stop) {
        int count = run.configuration().get(Keys.UNCERTAINTY_REPLICAS);
        if (count < 2) return List.of();
        try {
            return Replicas.trainWhole(device, run.system(), run.field(), run.plan(), count, stop);
        } catch (DivergedException diverged) {
            log.accept("no uncertainty: in a replica " + diverged.getMessage());
            return List.of();
        }
    }

    /** Of the regression of what is shown on what is true. */
    private static double slope(float[] shown, float[] known, int[] inside) {
        double mean = IntStream.of(inside).mapToDouble(i -> known[i]).average().orElse(0);
        double covariance = 0;
        double variance = 0;
        for (int i : inside) {
            covariance += (known[i] - mean) * shown[i];
            variance += (known[i] - mean) * (known[i] - mean);
        }
        return variance > 0 ? covariance / variance : 1;
    }

    private static double distance(float[][] a, float[][] b, int sample) {
        double squares = 0;
        for (int axis = 0; axis < a.length; axis++) squares += Math.pow(a[axis][sample] - b[axis][sample], 2);
        return Math.sqrt(squares);
    }

    /** A channel at all times. */
    public List<float[]> channel(int channel) {
        return Arrays.stream(scenes).map(scene -> scene[channel]).toList();
    }
}
