package dev.nstm.apps.dpc;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.optics.Grid2D;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * What a simulated measurement knows about itself.
 *
 * @param scene {@code [shot][channel][pixel]}, absorption then phase
 * @param motion displacement of each pixel since shot 0, {@code [shot][axis][pixel]}, in pixels; empty where unknown
 */
public record Truth(double[][][] scene, Optional<double[][][]> motion) {

    /** The truth in an archive with arrays {@code absorption} and {@code phase}, and {@code motion} or {@code offset_yx}. */
    public static Optional<Truth> find(Map<String, NpyArray> arrays, Grid2D first) {
        NpyArray absorption = arrays.get("absorption");
        NpyArray phase = arrays.get("phase");
        if (absorption == null || phase == null) return Optional.empty();
        int pixels = first.height() * first.width();
        require(absorption.values().length % pixels == 0 && absorption.values().length == phase.values().length,
                "the true absorption is %s and the true phase %s; both must be one %s picture per shot", absorption.size(), phase.size(), first.size());
        int shots = absorption.values().length / pixels;
        double[][][] scene = new double[shots][2][pixels];
        for (int shot = 0; shot < shots; shot++) {
            System.arraycopy(absorption.values(), shot * pixels, scene[shot][0], 0, pixels);
            System.arraycopy(phase.values(), shot * pixels, scene[shot][1], 0, pixels);
        }
        return Optional.of(new Truth(scene, motion(arrays, shots, pixels)));
    }

    private static Optional<double[][][]> motion(Map<String, NpyArray> arrays, int shots, int pixels) {
        double[][][] motion = new double[shots][2][pixels];
        NpyArray field = arrays.get("motion");
        NpyArray offsets = arrays.get("offset_yx");
        if (field != null && field.values().length == shots * pixels * 2) {
            for (int shot = 0; shot < shots; shot++) {
                for (int i = 0; i < pixels; i++) {
                    for (int axis = 0; axis < 2; axis++) {
                        motion[shot][axis][i] = field.values()[(shot * pixels + i) * 2 + axis] - field.values()[i * 2 + axis];
                    }
                }
            }
        } else if (offsets != null && offsets.values().length == shots * 2) {
            for (int shot = 0; shot < shots; shot++) {
                for (int axis = 0; axis < 2; axis++) Arrays.fill(motion[shot][axis], offsets.values()[shot * 2 + axis] - offsets.values()[axis]);
            }
        } else {
            return Optional.empty();
        }
        return Optional.of(motion);
    }
}
