package dev.nstm.apps.sim;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Evaluation;
import dev.nstm.apps.instrument.Uncertainty;
import dev.nstm.apps.io.NpyFloats;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.KeptFrames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.metrics.ImageMetrics;
import dev.nstm.optics.Apodization;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LightPattern;
import dev.nstm.optics.VolumeOptics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What simulated data know about themselves.
 *
 * @param density {@code [time, z, y, x]}
 * @param motion displacement of the specimen since the first time, {@code [time, z, y, x, axis]}, in voxels
 */
record SimTruth(NpyFloats density, NpyFloats motion) {
    static Optional<SimTruth> find(Npz arrays) throws IOException {
        if (!arrays.has("density") || !arrays.has("motion")) return Optional.empty();
        return Optional.of(new SimTruth(arrays.floats("density"), arrays.floats("motion")));
    }

    /** Whether a reconstruction has the times and voxels of this truth. */
    boolean fits(Movie movie) {
        long values = (long) movie.times().length * movie.samples();
        return density.values().length == values
                && motion.values().length == values * movie.frames().motionAxes();
    }

    /**
     * The truth as sharp as the microscope allows: through the window that both reconstructions are seen through, the
     * frequencies that the bands carry, apodised.
     *
     * @param movie that it is compared with
     * @param support 1 at the frequencies that the microscope carries
     * @param c of the run
     */
    Movie seen(Movie movie, Grid3D support, Configuration c) {
        Grid3D window = window(support, c);
        float[][][] scenes = Archives.parts(density, 4);
        for (float[][] scene : scenes) scene[0] = SimResults.filtered(scene[0], window);
        return movie.like(movie.times(), new KeptFrames(scenes, Archives.parts(motion, 4)));
    }

    private static Grid3D window(Grid3D support, Configuration c) {
        VolumeOptics optics = new VolumeOptics(
                c.get(Keys.OPTICS_WAVELENGTH),
                c.get(SimKeys.OPTICS_EXCITATION_WAVELENGTH),
                c.get(Keys.OPTICS_NUMERICAL_APERTURE),
                c.get(Keys.OPTICS_MEDIUM_INDEX),
                c.get(Keys.OPTICS_PIXEL_SIZE) / c.get(SimKeys.SIM_ZOOM),
                c.get(SimKeys.OPTICS_Z_STEP));
        double farthest = Patterns.configured(c).stream()
                .mapToDouble(LightPattern::largestFrequency)
                .max()
                .orElseThrow();
        Grid3D inverse = Apodization.inverse(
                support.depth(), support.height(), support.width(), optics, farthest, Apodization.FLOOR);
        Grid3D window = new Grid3D(support.depth(), support.height(), support.width());
        for (int i = 0; i < window.values().length; i++) window.values()[i] = support.values()[i] / inverse.values()[i];
        return window;
    }

    /**
     * Reconstructions beside the truth at the time of every image.
     *
     * @param seen what {@link #seen} makes of the truth
     * @param wiener conventional reconstruction at every time, where there is one
     * @param registered the same of registered directions, where there is one
     * @param stated how far off it says that it may be
     * @param order of the images
     */
    static Comparison comparison(
            Movie movie,
            Movie seen,
            Optional<Movie> wiener,
            Optional<Movie> registered,
            Optional<Uncertainty> stated,
            ShotOrder order,
            int margin) {
        Evaluation model = evaluation(movie, seen, margin);
        Optional<Evaluation> conventional = wiener.map(still -> evaluation(still, seen, margin));
        List<String> notes = new ArrayList<>();
        registered.ifPresent(moved -> notes.add(String.format(
                Locale.ROOT,
                "conventional, directions registered before: %.2f dB",
                evaluation(moved, seen, margin).pictures().getFirst().mean())));
        stated.ifPresent(known -> notes.add(
                Uncertainty.told(movie, known.covered(movie, seen, margin, ImageMetrics.Freedom.SCALE_AND_OFFSET))));
        List<int[]> labels = IntStream.range(0, movie.times().length)
                .mapToObj(t -> new int[] {order.timePoint(t) + 1, order.direction(t) + 1, order.phase(t) + 1})
                .toList();
        return new Comparison(
                List.of("time point", "direction", "phase"), labels, conventional, model, String.join("\n", notes));
    }

    private static Evaluation evaluation(Movie movie, Movie seen, int margin) {
        return Evaluation.of(movie, seen, ImageMetrics.Freedom.SCALE_AND_OFFSET, margin, false);
    }
}
