package dev.nstm.apps.config;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the configuration of the published tool's 3-D SIM program and says the same in this program's keys. */
public final class PublishedConfig {
    private static final Map<String, String> KEYS = keys();
    /** Where the published program's defaults are not ours. */
    private static final Map<String, String> DEFAULTS = Map.of("system", "sim", "object.levels", "8", "motion.scale", "field", "motion.timeCells", "5", "training.objectRate", "1e-3",
            "training.motionRate", "1e-5", "training.annealedFraction", "0.8", "training.batchSize", "3", "training.epochs", "1000", "loss.margin", "2");
    /** Keys of the published program that become one of ours only together. */
    private static final List<String> READ_TOGETHER = List.of("data_dir", "raw_path", "padding", "padding_z", "object_hash_ratio");

    private PublishedConfig() {}

    private static Map<String, String> keys() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("seed", "training.seed");
        keys.put("otf_path", "sim.otf");
        keys.put("meta_path", "data.timestamps");
        keys.put("background_int", "data.floor");
        keys.put("ps", "optics.pixelSize");
        keys.put("dz", "optics.zStep");
        keys.put("zoomfact", "sim.zoom");
        keys.put("na", "optics.numericalAperture");
        keys.put("wavelength", "optics.wavelength");
        keys.put("wavelength_exc", "optics.excitationWavelength");
        keys.put("ri_medium", "optics.mediumIndex");
        keys.put("ps_otf", "sim.otfPixelSize");
        keys.put("dz_otf", "sim.otfZStep");
        keys.put("ndirs", "data.directions");
        keys.put("nphases", "data.phases");
        keys.put("line_spacing", "sim.lineSpacings");
        keys.put("k0angles", "sim.angles");
        keys.put("band0_grad_reduction", "sim.heldBack");
        keys.put("motion_hash", "motion.embedding");
        keys.put("object_net_depth", "object.depth");
        keys.put("object_net_width", "object.width");
        keys.put("motion_net_depth", "motion.depth");
        keys.put("motion_net_width", "motion.width");
        keys.put("motion_hash_temporal", "motion.timeCells");
        keys.put("annealed_rate", "training.annealedFraction");
        keys.put("l2_loss_margin", "loss.margin");
        keys.put("nonneg_reg_w", "loss.negativeWeight");
        keys.put("batch_size", "training.batchSize");
        keys.put("num_epoch", "training.epochs");
        keys.put("lr_init_object", "training.objectRate");
        keys.put("lr_init_motion", "training.motionRate");
        keys.put("lr_init_modamp", "training.instrumentRate");
        keys.put("lr_final", "training.rateFloor");
        keys.put("lr_decay_object", "training.decayRate");
        keys.put("update_every_object", "training.updateEvery");
        keys.put("save_every", "training.checkpointEvery");
        return keys;
    }

    /**
     * @param settings further values as {@code --set} takes them; they prevail
     * @param notice told in one line which keys have no meaning here
     */
    public static Configuration read(Path file, List<String> settings, Consumer<String> notice) throws IOException {
        Map<String, ConfigEntry> entries = YamlReader.read(file);
        require(entries.containsKey("k0angles") || entries.containsKey("line_spacing") || entries.containsKey("zoomfact"),
                "%s is not a configuration of the published SIM program: it has none of k0angles, line_spacing and zoomfact", file);
        Map<String, ConfigEntry> ours = new LinkedHashMap<>();
        DEFAULTS.forEach((key, value) -> ours.put(key, ours(value)));
        List<String> ignored = new ArrayList<>();
        for (Map.Entry<String, ConfigEntry> entry : entries.entrySet()) {
            String key = KEYS.get(entry.getKey());
            if (key != null) ours.put(key, entry.getValue());
            else if (!READ_TOGETHER.contains(entry.getKey())) ignored.add(entry.getKey());
        }
        if (entries.containsKey("raw_path")) ours.put("data.file", ours(Path.of(one(entries, "data_dir", "."), one(entries, "raw_path", "")).normalize().toString()));
        ours.put("sim.padding", ours(one(entries, "padding_z", "0"), one(entries, "padding", "0"), one(entries, "padding", "0")));
        ours.put("object.finestCell", ours(Double.toString(number(file, entries, "ps", 0.092) / number(file, entries, "object_hash_ratio", 0.8))));
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
