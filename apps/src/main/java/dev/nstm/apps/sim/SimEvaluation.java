package dev.nstm.apps.sim;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.report.TextTable;
import dev.nstm.optics.Apodization;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid3D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A reconstruction beside the truth of simulated data. The truth is seen through the same window as both
 * reconstructions: the frequencies that the bands carry, apodised. Brightness and background are fitted before PSNR is
 * taken, for both alike.
 *
 * @param wiener PSNR of the conventional reconstruction at every time, dB
 * @param model PSNR of the model at every time, dB
 * @param motionError median lateral error of the motion since the first time where the specimen is bright, voxels
 * @param truth seen through that window, {@code [time][voxel]}
 */
record SimEvaluation(double[] wiener, double[] model, double[] motionError, List<float[]> truth) {
    private static final double BRIGHT_SHARE = 0.9;

    /**
     * @param movie at the times of the images
     * @param wiener conventional reconstruction of each time point
     */
    static SimEvaluation of(SimRun run, SimTruth truth, Movie movie, List<Grid3D> wiener, Grid3D mask) {
        int times = movie.times().length;
        Grid3D window = window(run, mask);
        SimEvaluation evaluation = new SimEvaluation(new double[times], new double[times], new double[times], new ArrayList<>());
        int margin = Math.min(20, Math.min(mask.height(), mask.width()) / 8);
        for (int t = 0; t < times; t++) {
            Grid3D filtered = seen(truth.density(), t, window);
            double[] seen = filtered.values();
            evaluation.truth.add(filtered.floats());
            float[] density = movie.scene(t, 0);
            double[] model = new double[seen.length];
            for (int i = 0; i < model.length; i++) model[i] = density[i];
            evaluation.wiener[t] = psnr(wiener.get(t / (times / wiener.size())).values(), seen, mask, margin);
            evaluation.model[t] = psnr(model, seen, mask, margin);
            evaluation.motionError[t] = motionError(movie.motion(t), truth, t, seen, mask, margin);
        }
        return evaluation;
    }

    private static Grid3D window(SimRun run, Grid3D mask) {
        Grid3D inverse = Apodization.inverse(mask.depth(), mask.height(), mask.width(), run.instrument().optics(), run.instrument().largestFrequency(), Apodization.FLOOR);
        Grid3D window = new Grid3D(mask.depth(), mask.height(), mask.width());
        for (int i = 0; i < window.values().length; i++) window.values()[i] = mask.values()[i] / inverse.values()[i];
        return window;
    }

    private static Grid3D seen(NpyArray density, int time, Grid3D window) {
        int voxels = window.values().length;
        Grid3D volume = new Grid3D(window.depth(), window.height(), window.width(), Arrays.copyOfRange(density.values(), time * voxels, (time + 1) * voxels));
        return Fourier.filtered(volume, window);
    }

    private static boolean compared(int i, Grid3D size, int margin) {
        int x = i % size.width();
        int y = i / size.width() % size.height();
        return x >= margin && y >= margin && x < size.width() - margin && y < size.height() - margin;
    }

    /** After the gain and offset that bring the image nearest to the truth. */
    private static double psnr(double[] image, double[] truth, Grid3D size, int margin) {
        double n = 0;
        double x = 0;
        double y = 0;
        double xx = 0;
        double xy = 0;
        double yy = 0;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < image.length; i++) {
            if (!compared(i, size, margin)) continue;
            n++;
            x += image[i];
            y += truth[i];
            xx += image[i] * image[i];
            xy += image[i] * truth[i];
            yy += truth[i] * truth[i];
            low = Math.min(low, truth[i]);
            high = Math.max(high, truth[i]);
        }
        double variance = xx - x * x / n;
        double covariance = xy - x * y / n;
        double error = (yy - y * y / n - (variance > 0 ? covariance * covariance / variance : 0)) / n;
        return 10 * Math.log10((high - low) * (high - low) / error);
    }

    private static double motionError(float[][] motion, SimTruth truth, int time, double[] seen, Grid3D size, int margin) {
        double[] sorted = seen.clone();
        Arrays.sort(sorted);
        double bright = sorted[(int) (BRIGHT_SHARE * (sorted.length - 1))];
        int axes = motion.length;
        double[] errors = new double[seen.length];
        int count = 0;
        for (int i = 0; i < seen.length; i++) {
            if (seen[i] < bright || !compared(i, size, margin)) continue;
            double sum = 0;
            for (int axis = axes - 2; axis < axes; axis++) {
                double error = motion[axis][i] - truth.motion().values()[(time * seen.length + i) * axes + axis];
                sum += error * error;
            }
            errors[count++] = Math.sqrt(sum);
        }
        double[] found = Arrays.copyOf(errors, count);
        Arrays.sort(found);
        return count == 0 ? Double.NaN : found[count / 2];
    }

    /** A row per image, for the terminal. */
    TextTable table(int directions, int phases) {
        TextTable table = new TextTable(3, "time point", "direction", "phase", "Wiener PSNR", "model PSNR", "motion error");
        for (int t = 0; t < model.length; t++) {
            table.add(Integer.toString(t / phases / directions + 1), Integer.toString(t / phases % directions + 1), Integer.toString(t % phases + 1), TextTable.decibels(wiener[t]), TextTable.decibels(model[t]), TextTable.cell("%.2f voxels", motionError[t]));
        }
        return table.add("mean", "", "", TextTable.decibels(Arrays.stream(wiener).average().orElse(Double.NaN)), TextTable.decibels(Arrays.stream(model).average().orElse(Double.NaN)), "");
    }
}
