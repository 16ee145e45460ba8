package dev.nstm.apps.sim;

import static java.util.Map.entry;

import dev.nstm.apps.config.ConfigEntry;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.PublishedProgram;
import java.util.List;
import java.util.Map;

/** The published program for 3-D SIM. */
final class PublishedSim {
    static final PublishedProgram PROGRAM = new PublishedProgram(
            List.of("k0angles", "line_spacing", "zoomfact"),
            Map.ofEntries(
                    entry("seed", "training.seed"),
                    entry("otf_path", "sim.otf"),
                    entry("meta_path", "data.timestamps"),
                    entry("background_int", "data.floor"),
                    entry("ps", "optics.pixelSize"),
                    entry("dz", "optics.zStep"),
                    entry("zoomfact", "sim.zoom"),
                    entry("na", "optics.numericalAperture"),
                    entry("wavelength", "optics.wavelength"),
                    entry("wavelength_exc", "optics.excitationWavelength"),
                    entry("ri_medium", "optics.mediumIndex"),
                    entry("ps_otf", "sim.otfPixelSize"),
                    entry("dz_otf", "sim.otfZStep"),
                    entry("ndirs", "data.directions"),
                    entry("nphases", "data.phases"),
                    entry("line_spacing", "sim.lineSpacings"),
                    entry("k0angles", "sim.angles"),
                    entry("band0_grad_reduction", "sim.heldBack"),
                    entry("motion_hash_temporal", "motion.timeCells"),
                    entry("l2_loss_margin", "loss.margin"),
                    entry("lr_init_modamp", "training.instrumentRate"),
                    entry("lr_final", "training.rateFloor"),
                    entry("lr_decay_object", "training.decayRate")),
            Map.ofEntries(
                    entry("object.levels", "8"),
                    entry("object.width", "128"),
                    entry("motion.scale", "field"),
                    entry("motion.timeCells", "5"),
                    entry("training.objectRate", "1e-3"),
                    entry("training.motionRate", "1e-5"),
                    entry("training.annealedFraction", "0.8"),
                    entry("training.batchSize", "3"),
                    entry("training.epochs", "1000"),
                    entry("loss.margin", "2"),
                    entry("loss.negativeWeight", "0"),
                    entry("loss.motionRoughness", "0")),
            PublishedSim::derived);

    private PublishedSim() {}

    private static Map<String, ConfigEntry> derived(PublishedProgram.Theirs theirs) {
        String across = theirs.one("padding", "0");
        double finest = theirs.number("ps", 0.092) / theirs.number("object_hash_ratio", 0.8);
        return Map.of(
                SimKeys.SIM_PADDING.path(),
                ConfigEntry.list(List.of(theirs.one("padding_z", "0"), across, across)),
                Keys.OBJECT_FINEST_CELL.path(),
                ConfigEntry.of(Double.toString(finest)));
    }
}
