package dev.nstm.apps.config;

import static dev.nstm.tensor.InvalidInputException.require;
import static java.util.Map.entry;

import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads the configurations of the published tool's programs for 3-D SIM and DiffuserCam, and of its notebook for DPC, and says the same in this program's keys. */
public final class PublishedConfig {
    /** Keys that both programs have. */
    private static final Map<String, String> COMMON = Map.ofEntries(entry("motion_hash", "motion.embedding"), entry("object_net_depth", "object.depth"), entry("object_net_width", "object.width"),
            entry("motion_net_depth", "motion.depth"), entry("motion_net_width", "motion.width"), entry("annealed_rate", "training.annealedFraction"), entry("nonneg_reg_w", "loss.negativeWeight"),
            entry("batch_size", "training.batchSize"), entry("num_epoch", "training.epochs"), entry("lr_init_object", "training.objectRate"), entry("lr_init_motion", "training.motionRate"),
            entry("update_every_object", "training.updateEvery"), entry("save_every", "training.checkpointEvery"));
    private static final Program SIM = new Program(
            Map.ofEntries(entry("seed", "training.seed"), entry("otf_path", "sim.otf"), entry("meta_path", "data.timestamps"), entry("background_int", "data.floor"), entry("ps", "optics.pixelSize"),
                    entry("dz", "optics.zStep"), entry("zoomfact", "sim.zoom"), entry("na", "optics.numericalAperture"), entry("wavelength", "optics.wavelength"),
                    entry("wavelength_exc", "optics.excitationWavelength"), entry("ri_medium", "optics.mediumIndex"), entry("ps_otf", "sim.otfPixelSize"), entry("dz_otf", "sim.otfZStep"),
                    entry("ndirs", "data.directions"), entry("nphases", "data.phases"), entry("line_spacing", "sim.lineSpacings"), entry("k0angles", "sim.angles"),
                    entry("band0_grad_reduction", "sim.heldBack"), entry("motion_hash_temporal", "motion.timeCells"), entry("l2_loss_margin", "loss.margin"),
                    entry("lr_init_modamp", "training.instrumentRate"), entry("lr_final", "training.rateFloor"), entry("lr_decay_object", "training.decayRate")),
            Map.ofEntries(entry("system", "sim"), entry("object.levels", "8"), entry("motion.scale", "field"), entry("motion.timeCells", "5"), entry("training.objectRate", "1e-3"),
                    entry("training.motionRate", "1e-5"), entry("training.annealedFraction", "0.8"), entry("training.batchSize", "3"), entry("training.epochs", "1000"), entry("loss.margin", "2"),
                    entry("loss.negativeWeight", "0"), entry("loss.motionRoughness", "0")),
            List.of("padding", "padding_z", "object_hash_ratio"));
    private static final Program CAMERA = new Program(
            Map.ofEntries(entry("psf_path", "camera.psf"), entry("background_int", "camera.background"), entry("readout_time", "camera.rowTime"), entry("exposure_time", "camera.exposure"),
                    entry("ds", "camera.downsampling"), entry("roll_pixels_x", "camera.roll"), entry("num_lines_per_forward", "camera.window"), entry("object_act_fn", "object.activation"),
                    entry("motion_act_fn", "motion.activation")),
            Map.ofEntries(entry("system", "diffusercam"), entry("camera.background", "103"), entry("camera.downsampling", "4"), entry("object.levels", "8"), entry("motion.skipLayer", "4"),
                    entry("motion.scale", "field"), entry("training.objectRate", "1e-3"), entry("training.motionRate", "5e-5"), entry("training.annealedFraction", "0.7"), entry("training.batchSize", "1"),
                    entry("training.epochs", "100"), entry("loss.negativeWeight", "1e-5"), entry("loss.motionRoughness", "0")),
            List.of());

    private PublishedConfig() {}

    /** Our name of a key of the published programs. */
    static Optional<String> key(String published) {
        return Stream.of(COMMON, SIM.keys, CAMERA.keys).map(keys -> keys.get(published)).filter(Objects::nonNull).findFirst();
    }

    /**
     * One of the published programs.
     *
     * @param keys its keys and ours
     * @param defaults where its defaults are not ours
     * @param together keys that become one of ours only together
     */
    private record Program(Map<String, String> keys, Map<String, String> defaults, List<String> together) {}

    /**
     * @param settings further values as {@code --set} takes them; they prevail
     * @param notice told in one line which keys have no meaning here
     */
    public static Configuration read(Path file, List<String> settings, Consumer<String> notice) throws IOException {
        if (PublishedNotebook.isNamed(file)) return PublishedNotebook.read(file, settings);
        Map<String, ConfigEntry> entries = YamlReader.read(file);
        boolean sim = entries.containsKey("k0angles") || entries.containsKey("line_spacing") || entries.containsKey("zoomfact");
        require(sim || entries.containsKey("psf_path"), "%s is not a configuration of the published programs: SIM has k0angles, line_spacing or zoomfact, DiffuserCam has psf_path; DPC has a notebook (.ipynb)", file);
        Program program = sim ? SIM : CAMERA;
        Map<String, ConfigEntry> ours = new LinkedHashMap<>();
        program.defaults.forEach((key, value) -> ours.put(key, ours(value)));
        List<String> ignored = new ArrayList<>();
        for (Map.Entry<String, ConfigEntry> entry : entries.entrySet()) {
            String key = program.keys.getOrDefault(entry.getKey(), COMMON.get(entry.getKey()));
            if (key != null) ours.put(key, entry.getValue());
            else if (!program.together.contains(entry.getKey()) && !List.of("data_dir", "raw_path").contains(entry.getKey())) ignored.add(entry.getKey());
        }
        if (entries.containsKey("raw_path")) ours.put("data.file", ours(Path.of(one(entries, "data_dir", "."), one(entries, "raw_path", "")).normalize().toString()));
        if (sim) {
            ours.put("sim.padding", ours(one(entries, "padding_z", "0"), one(entries, "padding", "0"), one(entries, "padding", "0")));
            ours.put("object.finestCell", ours(Double.toString(number(file, entries, "ps", 0.092) / number(file, entries, "object_hash_ratio", 0.8))));
        }
        if (!ignored.isEmpty()) notice.accept(file + ": without meaning here and ignored: " + String.join(", ", ignored));
        return Configuration.of(ours, file.toString(), settings);
    }

    private static ConfigEntry ours(String... values) {
        return new ConfigEntry(List.of(values), values.length > 1, 0);
    }

    private static String one(Map<String, ConfigEntry> entries, String key, String fallback) {
        return entries.containsKey(key) ? entries.get(key).values().getFirst() : fallback;
    }

    private static double number(Path file, Map<String, ConfigEntry> entries, String key, double fallback) {
        String text = one(entries, key, Double.toString(fallback));
        try {
            return Double.parseDouble(text.toLowerCase(Locale.ROOT));
        } catch (NumberFormatException notANumber) {
            throw new InvalidInputException(file + ", line " + entries.get(key).line() + ": " + key + " must be a number, got " + text, notANumber);
        }
    }
}
