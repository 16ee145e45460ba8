package dev.nstm.apps.config;

import static java.util.Map.entry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One of the published programs, with the translation of its configurations (YAML files) into this program's keys.
 *
 * @param marks keys of which every one of its files has at least one
 * @param keys its keys and ours
 * @param defaults its defaults, by our keys, where they differ from ours
 * @param derived makes keys of ours that follow from several of its keys
 */
public record PublishedProgram(
        List<String> marks, Map<String, String> keys, Map<String, String> defaults, Derived derived) {
    /** Keys that all the programs have. */
    static final Map<String, String> COMMON = Map.ofEntries(
            entry("motion_hash", "motion.embedding"),
            entry("object_net_depth", "object.depth"),
            entry("object_net_width", "object.width"),
            entry("motion_net_depth", "motion.depth"),
            entry("motion_net_width", "motion.width"),
            entry("annealed_rate", "training.annealedFraction"),
            entry("nonneg_reg_w", "loss.negativeWeight"),
            entry("batch_size", "training.batchSize"),
            entry("num_epoch", "training.epochs"),
            entry("lr_init_object", "training.objectRate"),
            entry("lr_init_motion", "training.motionRate"),
            entry("update_every_object", "training.updateEvery"),
            entry("save_every", "training.checkpointEvery"));

    /** Where the recording is. */
    private static final List<String> DATA = List.of("data_dir", "raw_path");

    private static final String NOTEBOOK = ".ipynb";

    /** Further keys of ours that follow from several of theirs. */
    public interface Derived {
        Map<String, ConfigEntry> of(Theirs theirs);
    }

    /**
     * What a file of theirs says.
     *
     * @param used told which of its keys were asked for
     */
    public record Theirs(Path file, Map<String, ConfigEntry> entries, List<String> used) {
        public String one(String key, String fallback) {
            used.add(key);
            return entries.containsKey(key) ? entries.get(key).values().getFirst() : fallback;
        }

        /** @throws dev.nstm.tensor.InvalidInputException where it is no number */
        public double number(String key, double fallback) {
            used.add(key);
            return entries.containsKey(key)
                    ? Key.numberIn(key, "", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "", "")
                            .parse(
                                    entries.get(key),
                                    file + ", line " + entries.get(key).line())
                    : fallback;
        }
    }

    /** Whether a file is a notebook, not a configuration. */
    public static boolean isNotebook(Path file) {
        return file.toString().endsWith(NOTEBOOK);
    }

    /**
     * A file's values by our keys; empty where it is not one of this program.
     *
     * @param notice told in one line which keys have no meaning here
     */
    public Optional<Map<String, ConfigEntry>> read(Path file, Consumer<String> notice) throws IOException {
        if (isNotebook(file)) return Optional.empty();
        Map<String, ConfigEntry> entries = YamlReader.read(file);
        if (marks.stream().noneMatch(entries::containsKey)) return Optional.empty();
        Map<String, ConfigEntry> ours = new LinkedHashMap<>();
        defaults.forEach((key, value) -> ours.put(key, ConfigEntry.of(value)));
        // None of the published programs reduces its pictures.
        ours.put(Keys.TRAINING_COARSE_SHARES.path(), ConfigEntry.list(List.of()));
        List<String> ignored = new ArrayList<>();
        for (Map.Entry<String, ConfigEntry> entry : entries.entrySet()) {
            String key = keys.getOrDefault(entry.getKey(), COMMON.get(entry.getKey()));
            if (key != null) ours.put(key, entry.getValue());
            else ignored.add(entry.getKey());
        }
        Theirs theirs = new Theirs(file, entries, new ArrayList<>(DATA));
        if (entries.containsKey("raw_path"))
            ours.put(
                    Keys.DATA_FILE.path(),
                    ConfigEntry.of(Path.of(theirs.one("data_dir", "."), theirs.one("raw_path", ""))
                            .normalize()
                            .toString()));
        ours.putAll(derived.of(theirs));
        ignored.removeAll(theirs.used);
        if (!ignored.isEmpty())
            notice.accept(file + ": without meaning here and ignored: " + String.join(", ", ignored));
        return Optional.of(ours);
    }
}
