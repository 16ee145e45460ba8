package dev.nstm.apps.config;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.nstm.apps.io.TextFile;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a configuration file into flat paths with the line each came from. Anchors and aliases are refused. */
final class YamlReader {
    private static final Pattern LINE = Pattern.compile("line (\\d+), column");
    private static final int LARGEST_FILE = 1 << 20;

    private YamlReader() {}

    static Map<String, ConfigEntry> read(Path file) throws IOException {
        require(Files.exists(file), "%s: no such configuration file", file);
        require(Files.isRegularFile(file), "%s is not a file", file);
        require(
                Files.size(file) <= LARGEST_FILE,
                "%s has %d bytes; a configuration has at most %d",
                file,
                Files.size(file),
                LARGEST_FILE);
        return parse(TextFile.read(file), file.toString());
    }

    static Map<String, ConfigEntry> parse(String text, String name) throws IOException {
        Map<String, ConfigEntry> entries = new LinkedHashMap<>();
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) return entries;
            require(first == JsonToken.START_OBJECT, "%s: sections with keys are expected, such as \"optics:\"", name);
            readSection(parser, name, "", entries);
            require(parser.nextToken() == null, "%s: more than one YAML document", name);
        } catch (JsonProcessingException broken) {
            int line = line(broken);
            String reason = broken.getOriginalMessage().contains("\\t") || lineHasTab(text, line)
                    ? "a tab where spaces are expected; YAML is indented with spaces"
                    : broken.getOriginalMessage().lines().findFirst().orElse("unreadable");
            throw new InvalidInputException(name + ", line " + line + ": " + reason, broken);
        }
        return entries;
    }

    /** The place that the scanner complains of, which may lie beyond the last token that the parser saw. */
    private static int line(JsonProcessingException broken) {
        Matcher told = LINE.matcher(broken.getOriginalMessage());
        int line = broken.getLocation() == null
                ? 1
                : Math.max(1, broken.getLocation().getLineNr());
        while (told.find()) line = Integer.parseInt(told.group(1));
        return line;
    }

    private static boolean lineHasTab(String text, int line) {
        return text.lines()
                .skip(line - 1)
                .findFirst()
                .orElse("")
                .stripTrailing()
                .contains("\t");
    }

    private static void readSection(YAMLParser parser, String name, String prefix, Map<String, ConfigEntry> entries)
            throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String path = prefix + parser.currentName();
            int line = parser.currentTokenLocation().getLineNr();
            JsonToken value = parser.nextToken();
            refuseAlias(parser, name, line);
            if (value == JsonToken.START_OBJECT) {
                readSection(parser, name, path + ".", entries);
            } else if (value != JsonToken.VALUE_NULL) {
                ConfigEntry entry = value == JsonToken.START_ARRAY
                        ? readList(parser, name, path, line)
                        : new ConfigEntry(List.of(parser.getText()), ConfigEntry.Form.VALUE, line);
                require(entries.put(path, entry) == null, "%s, line %d: %s is given twice", name, line, path);
            }
        }
    }

    private static ConfigEntry readList(YAMLParser parser, String name, String path, int line) throws IOException {
        List<String> values = new ArrayList<>();
        ConfigEntry.Form form = ConfigEntry.Form.LIST;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            refuseAlias(parser, name, line);
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                form = ConfigEntry.Form.PAIRS;
                values.addAll(readPair(parser, name, path, line));
            } else {
                values.add(scalar(parser, name, path, line));
            }
        }
        return new ConfigEntry(values, form, line);
    }

    /** Pairs in a list count as its values. */
    private static List<String> readPair(YAMLParser parser, String name, String path, int line) throws IOException {
        List<String> pair = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) pair.add(scalar(parser, name, path, line));
        require(
                pair.size() == 2,
                "%s, line %d: %s is a list of pairs [x, y], got a list of %d in it",
                name,
                line,
                path,
                pair.size());
        return pair;
    }

    private static String scalar(YAMLParser parser, String name, String path, int line) throws IOException {
        require(
                parser.currentToken() != null && parser.currentToken().isScalarValue(),
                "%s, line %d: %s is a plain list of values",
                name,
                line,
                path);
        return parser.getText();
    }

    private static void refuseAlias(YAMLParser parser, String name, int line) throws IOException {
        require(
                !parser.isCurrentAlias() && parser.getObjectId() == null,
                "%s, line %d: anchors and aliases (& and *) are not supported; write the value out",
                name,
                line);
    }
}
