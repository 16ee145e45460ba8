package dev.nstm.apps.dpc;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.metrics.Displacements;
import dev.nstm.optics.Grid2D;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a simulated measurement knows about itself.
 *
 * @param scene {@code [shot][channel][pixel]}, absorption then phase
 * @param motion displacement of the specimen since the first shot, {@code [shot][axis][pixel]}, in pixels; empty where unknown
 * @param signed whether the file says that it counts absorption positive where light is lost
 * @param turned whether the file counts absorption positive where light is gained, as the published code does
 */
public record Truth(double[][][] scene, Optional<float[][][]> motion, boolean signed, boolean turned) {
    /** Array of files that say how they count absorption: 1 where light is lost. */
    static final String SIGN = "absorption_sign";

    /** The truth in an archive with arrays {@code absorption} and {@code phase}, and {@code motion} or {@code offset_yx}. */
    public static Optional<Truth> find(Npz arrays, Grid2D first) throws IOException {
        if (!arrays.has("absorption") || !arrays.has("phase")) return Optional.empty();
        NpyArray absorption = arrays.get("absorption");
        NpyArray phase = arrays.get("phase");
        int pixels = first.height() * first.width();
        require(absorption.values().length % pixels == 0 && absorption.values().length == phase.values().length,
                "the true absorption is %s and the true phase %s; both must be one %s picture per shot", absorption.size(), phase.size(), first.size());
        int shots = absorption.values().length / pixels;
        double[][][] scene = new double[shots][2][pixels];
        for (int shot = 0; shot < shots; shot++) {
            System.arraycopy(absorption.values(), shot * pixels, scene[shot][0], 0, pixels);
            System.arraycopy(phase.values(), shot * pixels, scene[shot][1], 0, pixels);
        }
        return Optional.of(new Truth(scene, motion(arrays, shots, pixels), arrays.has(SIGN), false));
    }

    /**
     * The same with the absorption's sign as it is here, positive where light is lost. Files of the published code have the
     * other one without saying so: where a file says nothing, it is the one that agrees with a reconstruction.
     */
    public Truth facing(Movie reconstructed) {
        if (signed) return this;
        double agreement = 0;
        for (int shot = 0; shot < Math.min(scene.length, reconstructed.times().length); shot++) agreement += covariance(scene[shot][0], reconstructed.scene(shot, 0));
        if (agreement >= 0) return this;
        double[][][] facing = new double[scene.length][][];
        for (int shot = 0; shot < scene.length; shot++) facing[shot] = new double[][] {Arrays.stream(scene[shot][0]).map(value -> -value).toArray(), scene[shot][1]};
        return new Truth(facing, motion, false, true);
    }

    private static double covariance(double[] a, float[] b) {
        double sum = 0;
        double mean = Arrays.stream(a).average().orElse(0);
        for (int i = 0; i < Math.min(a.length, b.length); i++) sum += (a[i] - mean) * b[i];
        return sum;
    }

    /**
     * Displacements ({@code motion}), or their negatives: where in the first shot a pixel's content is found
     * ({@code true_motion}), or where in one field a shot was cut out ({@code offset_yx}).
     */
    private static Optional<float[][][]> motion(Npz arrays, int shots, int pixels) throws IOException {
        for (String name : List.of("motion", "true_motion")) {
            if (!arrays.has(name)) continue;
            double[] field = arrays.get(name).values();
            int sign = name.equals("motion") ? 1 : -1;
            if (field.length == shots * pixels * 2) return Optional.of(displacement(shots, pixels, (shot, axis, pixel) -> sign * field[(shot * pixels + pixel) * 2 + axis]));
        }
        if (!arrays.has("offset_yx")) return Optional.empty();
        double[] offsets = arrays.get("offset_yx").values();
        if (offsets.length != shots * 2) return Optional.empty();
        double[] times = arrays.has("t") ? arrays.get("t").values() : new double[0];
        int first = times.length == shots ? Displacements.earliest(times) : 0;
        return Optional.of(displacement(shots, pixels, (shot, axis, pixel) -> offsets[2 * first + axis] - offsets[2 * shot + axis]));
    }

    private interface Field {
        double at(int shot, int axis, int pixel);
    }

    private static float[][][] displacement(int shots, int pixels, Field field) {
        float[][][] displacement = new float[shots][2][pixels];
        for (int shot = 0; shot < shots; shot++) {
            for (int i = 0; i < 2 * pixels; i++) displacement[shot][i % 2][i / 2] = (float) field.at(shot, i % 2, i / 2);
        }
        return displacement;
    }
}
