package dev.nstm.apps.zarr;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A description in Zarr, of which nothing is believed.
 *
 * @param file that says it
 * @param root its contents
 */
record ZarrJson(Path file, JsonNode root) {
    private static final List<String> NUMBERS = List.of("NaN", "Infinity", "-Infinity");
    private static final int MOST_AXES = 16;
    private static final long LARGEST = 1 << 26;

    /** What a file holds; empty where there is none. */
    static Optional<ZarrJson> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) return Optional.empty();
        require(Files.size(file) <= LARGEST, "%s is too large for a description", file);
        try {
            // Not by the parser, which would guess at an encoding.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return Optional.of(new ZarrJson(file, new ObjectMapper().readTree(text)));
        } catch (JsonProcessingException broken) {
            throw new InvalidInputException(file + " is no JSON: " + broken.getOriginalMessage(), broken);
        }
    }

    JsonNode node(String key) {
        return root.path(key);
    }

    String text(String key, String fallback) {
        return root.path(key).asText(fallback);
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode node : root.path(key)) texts.add(node.asText());
        return texts;
    }

    int[] extents(String key) {
        JsonNode values = root.path(key);
        require(
                values.isArray() && values.size() <= MOST_AXES,
                "%s is damaged: its %s is %s, not a list of numbers",
                file,
                key,
                values.isMissingNode() ? "missing" : values);
        int[] extents = new int[values.size()];
        for (int i = 0; i < extents.length; i++) {
            require(
                    values.get(i).canConvertToInt() && values.get(i).asInt() > 0,
                    "%s is damaged: its %s has an extent of %s",
                    file,
                    key,
                    values.get(i));
            extents[i] = values.get(i).asInt();
        }
        return extents;
    }

    /** A number, which may be written as text; 0 where there is none. */
    double number(String key) {
        JsonNode value = root.path(key);
        require(
                !value.isTextual()
                        || NUMBERS.contains(value.asText())
                        || value.asText().matches("-?[0-9.]+([eE][-+]?[0-9]+)?"),
                "%s: its %s is %s, which is not read; a number is expected",
                file,
                key,
                value);
        return switch (value.asText()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> value.asDouble(0);
        };
    }
}
