package dev.nstm.apps.dpc;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Evaluation;
import dev.nstm.apps.instrument.Uncertainty;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.movie.Axis;
import dev.nstm.apps.movie.KeptFrames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Times;
import dev.nstm.imaging.DpcSystem;
import dev.nstm.metrics.Displacements;
import dev.nstm.metrics.ImageMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a simulated measurement knows about itself.
 *
 * @param movie absorption and phase at every shot, and the displacement of the specimen since the first where it is
 *     known
 * @param signed whether the file says that it counts absorption positive where light is lost
 * @param turned whether the file counts absorption positive where light is gained, as the published code does
 */
public record Truth(Movie movie, boolean signed, boolean turned) {
    /** Array by which a file states the sign of its absorption: 1 if it is positive where light is lost. */
    static final String SIGN = "absorption_sign";

    private static final int ABSORPTION = 0;

    /**
     * The truth in an archive with arrays {@code absorption} and {@code phase}, and {@code motion} or
     * {@code offset_yx}.
     */
    public static Optional<Truth> find(Npz arrays, int height, int width) throws IOException {
        if (!arrays.has("absorption") || !arrays.has("phase")) return Optional.empty();
        NpyArray absorption = arrays.get("absorption");
        NpyArray phase = arrays.get("phase");
        int pixels = height * width;
        require(
                absorption.values().length % pixels == 0 && absorption.values().length == phase.values().length,
                "the true absorption is %s and the true phase %s; both must be one %dx%d picture per shot",
                absorption.size(),
                phase.size(),
                height,
                width);
        int shots = absorption.values().length / pixels;
        float[][][] scenes = new float[shots][][];
        for (int shot = 0; shot < shots; shot++)
            scenes[shot] = new float[][] {picture(absorption, shot, pixels), picture(phase, shot, pixels)};
        KeptFrames frames = new KeptFrames(scenes, motion(arrays, shots, pixels).orElse(new float[0][][]));
        return Optional.of(new Truth(
                new Movie(
                        Axis.ofPictures(height, width),
                        DpcRun.CHANNELS,
                        Movie.Look.GREY,
                        Times.evenly(shots),
                        Optional.empty(),
                        Map.of(),
                        frames),
                arrays.has(SIGN),
                false));
    }

    private static float[] picture(NpyArray array, int shot, int pixels) {
        float[] picture = new float[pixels];
        for (int i = 0; i < pixels; i++) picture[i] = (float) array.values()[shot * pixels + i];
        return picture;
    }

    /**
     * How near a reconstruction comes; the phase also without a surface of second degree, which light that is uneven in
     * its own way in every shot leaves open.
     */
    Evaluation evaluate(Movie reconstructed, int margin) {
        return Evaluation.of(reconstructed, movie, ImageMetrics.Freedom.OFFSET, margin, true)
                .withDetail(new Evaluation.Measure(
                        DpcRun.CHANNELS.get(DpcSystem.PHASE).name(),
                        "PSNR without slow surface",
                        "dB",
                        IntStream.range(0, movie.times().length)
                                .mapToDouble(time -> ImageMetrics.psnr(
                                        reconstructed.picture(time, DpcSystem.PHASE),
                                        movie.picture(time, DpcSystem.PHASE),
                                        margin,
                                        ImageMetrics.Freedom.SURFACE))
                                .toArray()));
    }

    /** What of a reconstruction is within its stated uncertainty, in a line. */
    String covered(Uncertainty stated, Movie reconstructed, int margin) {
        return Uncertainty.told(
                reconstructed, stated.covered(reconstructed, movie, margin, ImageMetrics.Freedom.OFFSET));
    }

    /**
     * Reconstructions beside this truth.
     *
     * @param registered how near the conventional reconstruction of registered shots comes, where there is one
     * @param covered how much of the model's is within its own uncertainty, where that is stated
     * @param unevenLight whether every shot was taken to have a light of its own
     */
    Comparison comparison(
            Optional<Evaluation> conventional,
            Evaluation model,
            Optional<Evaluation> registered,
            Optional<String> covered,
            boolean unevenLight) {
        List<String> notes = new ArrayList<>();
        registered.ifPresent(known -> notes.add(String.format(
                Locale.ROOT,
                "conventional, shots registered before: absorption %.2f dB, phase %.2f dB%s",
                known.meanPsnr(0),
                known.meanPsnr(1),
                known.further().isEmpty()
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", motion error %.2f px",
                                known.further().getFirst().mean()))));
        covered.ifPresent(notes::add);
        if (turned)
            notes.add("the truth's absorption is positive where light is gained: compared with its sign turned");
        if (unevenLight)
            notes.add(String.format(
                    Locale.ROOT,
                    "uneven light leaves the phase open up to a surface of second degree; without such a one: phase %.2f dB",
                    model.details().getLast().mean()));
        return Comparison.counted("shot", conventional, model, String.join("\n", notes));
    }

    /**
     * The same truth with absorption positive where light is lost, as in this program. Files of the published code use
     * the opposite sign and do not say so: where a file does not state its sign, the sign that agrees with a
     * reconstruction is taken.
     */
    public Truth facing(Movie reconstructed) {
        if (signed) return this;
        double agreement = 0;
        for (int shot = 0; shot < Math.min(movie.times().length, reconstructed.times().length); shot++)
            agreement += covariance(movie.scene(shot, ABSORPTION), reconstructed.scene(shot, ABSORPTION));
        if (agreement >= 0) return this;
        KeptFrames frames = (KeptFrames) movie.frames();
        float[][][] facing = Arrays.stream(frames.scenes())
                .map(scene -> new float[][] {negative(scene[ABSORPTION]), scene[1]})
                .toArray(float[][][]::new);
        return new Truth(movie.like(movie.times(), new KeptFrames(facing, frames.motions())), false, true);
    }

    private static float[] negative(float[] values) {
        float[] negative = new float[values.length];
        for (int i = 0; i < values.length; i++) negative[i] = -values[i];
        return negative;
    }

    private static double covariance(float[] a, float[] b) {
        double mean = 0;
        for (float value : a) mean += value / a.length;
        double sum = 0;
        for (int i = 0; i < Math.min(a.length, b.length); i++) sum += (a[i] - mean) * b[i];
        return sum;
    }

    /**
     * Displacements, read from {@code motion} or, with the sign reversed, from one of two other arrays: where a pixel's
     * content is found in the first shot ({@code true_motion}), or where each shot was cut out of one large field
     * ({@code offset_yx}).
     */
    private static Optional<float[][][]> motion(Npz arrays, int shots, int pixels) throws IOException {
        for (String name : List.of("motion", "true_motion")) {
            if (!arrays.has(name)) continue;
            double[] field = arrays.get(name).values();
            int sign = name.equals("motion") ? 1 : -1;
            if (field.length == shots * pixels * 2)
                return Optional.of(displacement(
                        shots, pixels, (shot, axis, pixel) -> sign * field[(shot * pixels + pixel) * 2 + axis]));
        }
        if (!arrays.has("offset_yx")) return Optional.empty();
        double[] offsets = arrays.get("offset_yx").values();
        if (offsets.length != shots * 2) return Optional.empty();
        double[] times = arrays.has("t") ? arrays.get("t").values() : new double[0];
        int first = times.length == shots ? Displacements.earliest(times) : 0;
        return Optional.of(displacement(
                shots, pixels, (shot, axis, pixel) -> offsets[2 * first + axis] - offsets[2 * shot + axis]));
    }

    private interface Field {
        double at(int shot, int axis, int pixel);
    }

    private static float[][][] displacement(int shots, int pixels, Field field) {
        float[][][] displacement = new float[shots][2][pixels];
        for (int shot = 0; shot < shots; shot++) {
            for (int i = 0; i < 2 * pixels; i++)
                displacement[shot][i % 2][i / 2] = (float) field.at(shot, i % 2, i / 2);
        }
        return displacement;
    }
}
