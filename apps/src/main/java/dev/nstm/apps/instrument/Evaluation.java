package dev.nstm.apps.instrument;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.Movie;
import dev.nstm.metrics.ImageMetrics;
import dev.nstm.metrics.MotionMetrics;
import dev.nstm.optics.Grid3D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How near a movie comes to the truth.
 *
 * @param pictures figures of every channel's pictures
 * @param further figures of the whole scene, such as of its motion
 * @param details further figures of the whole scene for which tables have no room
 */
public record Evaluation(List<Measure> pictures, List<Measure> further, List<Measure> details) {
    private static final String PSNR = "PSNR";
    private static final String SSIM = "SSIM";
    private static final String MOTION_ERROR = "motion error";
    /** Error that nine places in ten stay below. */
    private static final String MOTION_ERROR_OF_MOST = "motion error p90";

    private static final double MOST = 0.9;
    private static final int MOST_MARGIN = 20;

    /**
     * One figure at every time.
     *
     * @param channel that it is of; empty where there is one only
     * @param name such as PSNR
     * @param unit such as dB; empty for pure numbers
     * @param values NaN where nothing is known
     */
    public record Measure(String channel, String name, String unit, double[] values) {
        public double mean() {
            return Arrays.stream(values).average().orElse(Double.NaN);
        }
    }

    /** Pixels at each border that no comparison counts: 20, less of small pictures. */
    public static int margin(int height, int width) {
        return Math.min(MOST_MARGIN, Math.min(height, width) / 6);
    }

    /** The margin somebody asked for, or else that of the movie's size. */
    public static int margin(Movie movie, OptionalInt chosen) {
        return chosen.orElse(margin(movie.height(), movie.width()));
    }

    /**
     * PSNR of every channel, or of all colours together, and, where both movies know the motion, the motion error: its
     * median and 90th percentile where the gradient of the last channel is in its top fifth.
     *
     * @param freedom what the measurement leaves open
     * @param margin pixels left out at each border
     * @param likeness whether the channels' structural similarity is told besides
     */
    public static Evaluation of(Movie movie, Movie truth, ImageMetrics.Freedom freedom, int margin, boolean likeness) {
        int times = movie.times().length;
        require(
                truth.times().length == times,
                "the reconstruction has %d times but the truth %d",
                times,
                truth.times().length);
        require(
                movie.samples() == truth.samples()
                        && movie.height() == truth.height()
                        && movie.channels().size() == truth.channels().size(),
                "the reconstruction is %s but the truth %s",
                size(movie),
                size(truth));
        List<Measure> pictures = new ArrayList<>();
        List<Measure> further = new ArrayList<>();
        List<Measure> details = new ArrayList<>();
        List<Channel> channels = truth.channels();
        if (movie.look() == Movie.Look.COLOURS) {
            pictures.add(new Measure(
                    "",
                    PSNR,
                    "dB",
                    each(times, t -> ImageMetrics.psnr(colours(movie, t), colours(truth, t), margin, freedom))));
        } else {
            for (int channel = 0; channel < channels.size(); channel++) {
                int one = channel;
                String name = channels.size() == 1 ? "" : channels.get(channel).name();
                pictures.add(new Measure(
                        name,
                        PSNR,
                        "dB",
                        each(
                                times,
                                t -> ImageMetrics.psnr(
                                        volume(movie, t, one), volume(truth, t, one), margin, freedom))));
                if (likeness)
                    pictures.add(new Measure(
                            name,
                            SSIM,
                            "",
                            each(times, t -> ImageMetrics.ssim(movie.picture(t, one), truth.picture(t, one), margin))));
            }
        }
        if (movie.frames().motionAxes() > 0 && truth.frames().motionAxes() > 0) {
            double[][] errors = IntStream.range(0, times)
                    .mapToObj(t -> MotionMetrics.errors(
                            lateral(movie, t), lateral(truth, t), volume(truth, t, channels.size() - 1), margin))
                    .toArray(double[][]::new);
            further.add(new Measure("", MOTION_ERROR, "px", each(times, t -> MotionMetrics.quantile(errors[t], 0.5))));
            details.add(new Measure(
                    "", MOTION_ERROR_OF_MOST, "px", each(times, t -> MotionMetrics.quantile(errors[t], MOST))));
        }
        return new Evaluation(pictures, further, details);
    }

    /** The same with a figure of the whole scene more. */
    public Evaluation with(Measure measure) {
        return new Evaluation(pictures, and(further, measure), details);
    }

    /** The same with a figure more for which tables have no room. */
    public Evaluation withDetail(Measure measure) {
        return new Evaluation(pictures, further, and(details, measure));
    }

    private static List<Measure> and(List<Measure> measures, Measure more) {
        return Stream.concat(measures.stream(), Stream.of(more)).toList();
    }

    /** PSNR at every time of a channel, or of all colours, dB. */
    public double[] psnr(int channel) {
        return measure(channel).values;
    }

    /** Its mean over the times. */
    public double meanPsnr(int channel) {
        return measure(channel).mean();
    }

    private Measure measure(int channel) {
        return pictures.stream()
                .filter(measure -> measure.name.equals(PSNR))
                .skip(channel)
                .findFirst()
                .orElseThrow();
    }

    private static double[] each(int times, IntToDoubleFunction value) {
        return IntStream.range(0, times).mapToDouble(value).toArray();
    }

    private static String size(Movie movie) {
        return movie.depth() + "x" + movie.height() + "x" + movie.width() + " in "
                + movie.channels().size() + " channels";
    }

    private static Grid3D volume(Movie movie, int time, int channel) {
        return Grid3D.of(movie.depth(), movie.height(), movie.width(), movie.scene(time, channel));
    }

    /** All colours as the planes of a volume. */
    private static Grid3D colours(Movie movie, int time) {
        Grid3D colours = new Grid3D(movie.channels().size(), movie.height(), movie.width());
        for (int channel = 0; channel < movie.channels().size(); channel++) {
            double[] one = movie.picture(time, channel).values();
            System.arraycopy(one, 0, colours.values(), channel * one.length, one.length);
        }
        return colours;
    }

    private static float[][] lateral(Movie movie, int time) {
        float[][] motion = movie.motion(time);
        return Arrays.copyOfRange(motion, motion.length - 2, motion.length);
    }
}
