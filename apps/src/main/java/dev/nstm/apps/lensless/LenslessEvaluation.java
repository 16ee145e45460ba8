package dev.nstm.apps.lensless;

import dev.nstm.apps.instrument.SceneEvaluation;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.report.TextTable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A movie beside the truth of simulated data. The conventional picture stands for every frame.
 *
 * @param conventional PSNR of every frame, dB
 * @param model PSNR of every frame, dB
 * @param offCentre distance of the brightness's centre of mass from the true one, pixels
 */
record LenslessEvaluation(double[] conventional, double[] model, double[] offCentre) {
    /** Centres of mass count what is brighter than this share of a frame's brightest value. */
    private static final double BRIGHT = 0.1;

    static LenslessEvaluation of(Movie movie, Movie still, LenslessMeasurement.Truth truth) {
        int frames = movie.times().length;
        int colours = movie.channels().size();
        int pixels = movie.height() * movie.width();
        double[] scene = truth.scene().values();
        double peak = Arrays.stream(scene).max().orElseThrow();
        float[][] unmoving = scene(still, 0);
        LenslessEvaluation evaluation = new LenslessEvaluation(new double[frames], new double[frames], new double[frames]);
        for (int t = 0; t < frames; t++) {
            float[][] moving = scene(movie, t);
            double conventional = 0;
            double model = 0;
            double[] brightness = new double[pixels];
            double[] found = new double[pixels];
            for (int i = 0; i < pixels * colours; i++) {
                double known = scene[t * pixels * colours + i];
                double reconstructed = moving[i % colours][i / colours];
                conventional += Math.pow(unmoving[i % colours][i / colours] - known, 2);
                model += Math.pow(reconstructed - known, 2);
                brightness[i / colours] += known;
                found[i / colours] += reconstructed;
            }
            evaluation.conventional[t] = psnr(peak, conventional / pixels / colours);
            evaluation.model[t] = psnr(peak, model / pixels / colours);
            double[] true0 = centre(brightness, movie.width());
            double[] found0 = centre(found, movie.width());
            evaluation.offCentre[t] = Math.hypot(true0[0] - found0[0], true0[1] - found0[1]);
        }
        return evaluation;
    }

    private static float[][] scene(Movie movie, int time) {
        return IntStream.range(0, movie.channels().size()).mapToObj(channel -> movie.scene(time, channel)).toArray(float[][]::new);
    }

    private static double psnr(double peak, double error) {
        return 10 * Math.log10(peak * peak / error);
    }

    private static double[] centre(double[] brightness, int width) {
        double least = BRIGHT * Arrays.stream(brightness).max().orElseThrow();
        double sum = 0;
        double[] centre = new double[2];
        for (int i = 0; i < brightness.length; i++) {
            if (brightness[i] < least) continue;
            sum += brightness[i];
            centre[0] += brightness[i] * (i / width);
            centre[1] += brightness[i] * (i % width);
        }
        return new double[] {centre[0] / sum, centre[1] / sum};
    }

    /** Some frames and the mean of all, for the terminal. */
    TextTable table() {
        TextTable table = new TextTable(1, "frame", "conventional", "model", "off centre");
        SceneEvaluation.shownFrames(model.length).forEach(t -> add(table, Integer.toString(t + 1), conventional[t], model[t], offCentre[t]));
        add(table, "mean", mean(conventional), mean(model), mean(offCentre));
        table.add("largest", "", "", TextTable.cell("%.2f px", Arrays.stream(offCentre).max().orElseThrow()));
        return table;
    }

    private static void add(TextTable table, String name, double conventional, double model, double offCentre) {
        table.add(name, TextTable.decibels(conventional), TextTable.decibels(model), TextTable.cell("%.2f px", offCentre));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
