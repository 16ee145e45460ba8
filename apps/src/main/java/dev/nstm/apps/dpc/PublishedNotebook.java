package dev.nstm.apps.dpc;

import static dev.nstm.tensor.InvalidInputException.require;
import static java.util.Map.entry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nstm.apps.config.ConfigEntry;
import dev.nstm.apps.config.PublishedProgram;
import dev.nstm.apps.io.TextFile;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Reads the numbers that the published DPC notebook sets and translates them into this program's keys. Values that the
 * notebook computes from others are taken from the published example.
 */
final class PublishedNotebook {
    private static final String NUMBER = "([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)";
    /** Our keys by the notebook's names of the same values, which it assigns or passes as named arguments. */
    private static final Map<String, String> SAME = Map.ofEntries(
            entry("wavelength", "optics.wavelength"),
            entry("na", "optics.numericalAperture"),
            entry("pixel_size", "optics.pixelSize"),
            entry("batch_size", "training.batchSize"),
            entry("motion_hash_temporal", "motion.timeCells"),
            entry("n_levels", "object.levels"),
            entry("n_features_per_level", "object.features"),
            entry("log2_hashmap_size", "object.log2TableSize"),
            entry("n_epoch", "training.epochs"),
            entry("transition_steps", "training.decaySteps"),
            entry("decay_rate", "training.decayRate"),
            entry("margin", "loss.margin"));
    /**
     * Arguments of Python's calls for scene and motion: name of the call, name of the argument, and our key, in which
     * the network's name is filled in.
     */
    private static final List<List<String>> OF_NETWORKS = List.of(
            List.of("ReconVarParameters", "lr", "training.%sRate"),
            List.of("MLPParameters", "net_depth", "%s.depth"),
            List.of("MLPParameters", "net_width", "%s.width"),
            List.of("MLPParameters", "skip_layer", "%s.skipLayer"));
    /** Of the published example. */
    private static final String FINE_RATIO = "0.4";

    private static final String BASE_RATIO = "0.05";
    private static final String MOTION_RATIO = "0.03";

    private final String code;
    private final Path file;

    private PublishedNotebook(Path file, String code) {
        this.file = file;
        this.code = code;
    }

    /** A notebook's values by our keys; empty where the file is none. */
    static Optional<Map<String, ConfigEntry>> read(Path file) throws IOException {
        return PublishedProgram.isNotebook(file)
                ? Optional.of(new PublishedNotebook(file, code(file)).entries())
                : Optional.empty();
    }

    /** All cells of code, comments left out. */
    private static String code(Path file) throws IOException {
        try {
            JsonNode cells = new ObjectMapper().readTree(TextFile.read(file)).path("cells");
            return StreamSupport.stream(cells.spliterator(), false)
                    .filter(cell -> cell.path("cell_type").asText().equals("code"))
                    .map(cell -> cell.path("source"))
                    .map(source -> source.isArray()
                            ? StreamSupport.stream(source.spliterator(), false)
                                    .map(JsonNode::asText)
                                    .collect(Collectors.joining())
                            : source.asText())
                    .flatMap(String::lines)
                    .filter(line -> !line.strip().startsWith("#"))
                    .collect(Collectors.joining("\n"));
        } catch (JsonProcessingException broken) {
            throw new InvalidInputException(
                    file + " is not a notebook: "
                            + broken.getOriginalMessage().lines().findFirst().orElse("unreadable"),
                    broken);
        }
    }

    private Map<String, ConfigEntry> entries() {
        require(
                named("object_fine_hash_ratio").isPresent() || code.contains("DPCFlow"),
                "%s is not the published notebook for DPC, which sets object_fine_hash_ratio and calls DPCFlow",
                file);
        Map<String, String> ours = new LinkedHashMap<>(Map.of("schedule", "published"));
        SAME.forEach((theirs, key) -> named(theirs).ifPresent(value -> ours.put(key, value)));
        for (List<String> each : OF_NETWORKS) {
            for (String network : List.of("object", "motion"))
                ofNetwork(network, each.get(0), each.get(1))
                        .ifPresent(value -> ours.put(String.format(each.get(2), network), value));
        }
        first("data_path\\s*=\\s*['\"]([^'\"]+)['\"]").ifPresent(path -> ours.put("data.file", path));
        double pixel = number("pixel_size", "0.454");
        double fine = number("object_fine_hash_ratio", FINE_RATIO);
        ours.put("object.finestCell", Double.toString(pixel / fine));
        ours.put("object.coarsestCell", Double.toString(pixel / number("object_base_hash_ratio", BASE_RATIO)));
        ours.put("motion.finestCell", Double.toString(pixel / (fine * number("motion_hash_ratio", MOTION_RATIO))));
        named("annealed_epoch")
                .ifPresent(epochs -> ours.put(
                        "training.annealedFraction",
                        Double.toString(Math.min(1, parsed("annealed_epoch", epochs) / number("n_epoch", "5000")))));
        first("reg_absorp\\s*\\*\\s*" + NUMBER).ifPresent(weight -> ours.put("loss.absorptionWeight", weight));
        // Their weight is for a phase in radians times the wavelength in micrometres.
        double wavelength = number("wavelength", "0.525");
        first("reg_phase\\s*\\*\\s*" + NUMBER)
                .ifPresent(weight -> ours.put(
                        "loss.phaseWeight", Double.toString(parsed("reg_phase", weight) * wavelength * wavelength)));
        Map<String, ConfigEntry> entries = new LinkedHashMap<>();
        ours.forEach((key, value) -> entries.put(key, ConfigEntry.of(whole(value))));
        return entries;
    }

    /**
     * The first number that is assigned to this name or passed under it. A value that is computed from numbers is
     * refused.
     */
    private Optional<String> named(String name) {
        Matcher set = Pattern.compile("(?<![\\w.'\"])['\"]?" + name + "['\"]?\\s*[=:]([^,\\]})#\\n]*)")
                .matcher(code);
        while (set.find()) {
            String value = set.group(1).strip();
            if (value.matches(NUMBER)) return Optional.of(value);
            require(
                    !value.matches("[-+*/( ).0-9eE]*[0-9][-+*/( ).0-9eE]*"),
                    "%s: %s is worked out as %s; write the number",
                    file,
                    name,
                    value);
        }
        return Optional.empty();
    }

    private Optional<String> ofNetwork(String network, String call, String name) {
        return first(network + "\\w*\\s*=\\s*[\\w.]*" + call + "\\([^()]*?\\b" + name + "\\s*=\\s*" + NUMBER);
    }

    private Optional<String> first(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(code);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private double number(String name, String fallback) {
        return parsed(name, named(name).orElse(fallback));
    }

    private double parsed(String name, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
            throw new InvalidInputException(file + ": " + name + " must be a number, got " + text, notANumber);
        }
    }

    /** Python writes whole numbers as 5e3 too. */
    private static String whole(String value) {
        return value.matches("[0-9.]+[eE]\\+?[0-9]+")
                        && Double.parseDouble(value) == Math.rint(Double.parseDouble(value))
                ? Long.toString((long) Double.parseDouble(value))
                : value;
    }
}
