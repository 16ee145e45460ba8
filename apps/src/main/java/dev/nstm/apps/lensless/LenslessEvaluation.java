package dev.nstm.apps.lensless;

import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Evaluation;
import dev.nstm.apps.instrument.Uncertainty;
import dev.nstm.apps.movie.Movie;
import dev.nstm.metrics.ImageMetrics;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** A movie beside the truth of simulated data: all colours together, their values absolute. */
final class LenslessEvaluation {
    /** Centres of mass count what is brighter than this share of a frame's brightest value. */
    private static final double BRIGHT = 0.1;

    private LenslessEvaluation() {}

    /**
     * @param still conventional picture at every time, where there is one
     * @param stated how far off the movie says that it may be
     */
    static Comparison of(Movie movie, Optional<Movie> still, Optional<Uncertainty> stated, Movie truth, int margin) {
        double[] offCentre = IntStream.range(0, movie.times().length)
                .mapToDouble(time -> distance(centre(movie, time), centre(truth, time)))
                .toArray();
        Evaluation model = Evaluation.of(movie, truth, ImageMetrics.Freedom.NONE, margin, false)
                .with(new Evaluation.Measure("", "off centre", "px", offCentre));
        return Comparison.counted(
                "frame",
                still.map(conventional -> Evaluation.of(conventional, truth, ImageMetrics.Freedom.NONE, margin, false)),
                model,
                stated.map(known -> Uncertainty.told(
                                movie, known.covered(movie, truth, margin, ImageMetrics.Freedom.OFFSET)))
                        .orElse(""));
    }

    private static double distance(double[] a, double[] b) {
        return Math.hypot(a[0] - b[0], a[1] - b[1]);
    }

    /** Centre of mass of the brightness, row and column. */
    private static double[] centre(Movie movie, int time) {
        double[] brightness = new double[movie.samples()];
        for (int channel = 0; channel < movie.channels().size(); channel++) {
            float[] colour = movie.scene(time, channel);
            for (int i = 0; i < brightness.length; i++) brightness[i] += colour[i];
        }
        double least = BRIGHT * Arrays.stream(brightness).max().orElseThrow();
        double sum = 0;
        double[] centre = new double[2];
        for (int i = 0; i < brightness.length; i++) {
            if (brightness[i] < least) continue;
            sum += brightness[i];
            centre[0] += brightness[i] * (i / movie.width());
            centre[1] += brightness[i] * (i % movie.width());
        }
        return new double[] {centre[0] / sum, centre[1] / sum};
    }
}
