package dev.nstm.apps.lensless;

import static java.util.Map.entry;

import dev.nstm.apps.config.PublishedProgram;
import java.util.List;
import java.util.Map;

/** The published program for the DiffuserCam. */
final class PublishedDiffuserCam {
    static final PublishedProgram PROGRAM = new PublishedProgram(
            List.of("psf_path"),
            Map.ofEntries(
                    entry("psf_path", "camera.psf"),
                    entry("background_int", "camera.background"),
                    entry("readout_time", "camera.rowTime"),
                    entry("exposure_time", "camera.exposure"),
                    entry("ds", "camera.downsampling"),
                    entry("roll_pixels_x", "camera.roll"),
                    entry("num_lines_per_forward", "camera.window"),
                    entry("object_act_fn", "object.activation"),
                    entry("motion_act_fn", "motion.activation")),
            Map.ofEntries(
                    entry("camera.background", "103"),
                    entry("camera.downsampling", "4"),
                    entry("object.levels", "8"),
                    entry("object.width", "128"),
                    entry("motion.skipLayer", "4"),
                    entry("motion.scale", "field"),
                    entry("training.objectRate", "1e-3"),
                    entry("training.motionRate", "5e-5"),
                    entry("training.annealedFraction", "0.7"),
                    entry("training.batchSize", "1"),
                    entry("training.epochs", "100"),
                    entry("loss.negativeWeight", "1e-5"),
                    entry("loss.motionRoughness", "0")),
            theirs -> Map.of());

    private PublishedDiffuserCam() {}
}
