package dev.nstm.apps.config;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.imaging.Settings;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of one run. Immutable; every value has been checked against its key. */
public final class Configuration {
    private static final String PUBLISHED = "schedule-published.yaml";

    private final Map<Key<?>, Object> values;

    private Configuration(Map<Key<?>, Object> values) {
        this.values = values;
    }

    /**
     * Reads a file, then applies {@code --set} options.
     *
     * @param settings texts of the form {@code section.key=value}
     * @throws InvalidInputException naming file, line and key where something is wrong
     */
    public static Configuration read(Path file, List<String> settings) throws IOException {
        return of(YamlReader.read(file), file.toString(), settings);
    }

    /** Reads YAML text that ships with the program. */
    public static Configuration parse(String yaml, String name, List<String> settings) throws IOException {
        return of(YamlReader.parse(yaml, name), name, settings);
    }

    /** One that ships with the program. */
    public static Configuration bundled(String name, List<String> settings) throws IOException {
        try (InputStream in = Configuration.class.getResourceAsStream("/dev/nstm/apps/configs/" + name)) {
            if (in == null) throw new InvalidInputException("the configuration " + name + " is missing from this build");
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), name, settings);
        }
    }

    static Configuration of(Map<String, ConfigEntry> entries, String name, List<String> settings) throws IOException {
        Map<Key<?>, Object> values = new LinkedHashMap<>();
        for (Key<?> key : Keys.ALL) {
            ConfigEntry fallback = key.fallbackEntry();
            if (fallback != null) values.put(key, key.parse(fallback, "default"));
        }
        Map<Key<?>, String> places = new LinkedHashMap<>();
        Map<Key<?>, Object> given = parse(entries, name, places);
        for (String setting : settings) {
            Map.Entry<String, String> parts = setting(setting);
            Key<?> key = find(parts.getKey(), "--set " + setting);
            Map<String, ConfigEntry> value = YamlReader.parse(key.path() + ": " + parts.getValue(), "--set " + setting);
            require(value.containsKey(key.path()), "--set %s: no value is given", setting);
            given.put(key, key.parse(value.get(key.path()), "--set " + setting));
            places.put(key, "--set " + setting);
        }
        String system = (String) given.getOrDefault(Keys.SYSTEM, values.get(Keys.SYSTEM));
        places.forEach((key, place) -> require(key.isFor(system), "%s: %s is for system: %s, but this is system: %s, which does not know it", place, key.path(), String.join(" or ", key.systems()), system));
        if ("published".equals(given.get(Keys.SCHEDULE))) values.putAll(publishedSchedule());
        values.putAll(given);
        return new Configuration(values);
    }

    /** Key and value of a text of the form {@code section.key=value}. */
    public static Map.Entry<String, String> setting(String text) {
        int equals = text.indexOf('=');
        require(equals > 0, "--set %s: expected section.key=value", text);
        return Map.entry(text.substring(0, equals).strip(), text.substring(equals + 1));
    }

    /** @param places told where each key stands */
    private static Map<Key<?>, Object> parse(Map<String, ConfigEntry> entries, String name, Map<Key<?>, String> places) {
        Map<Key<?>, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigEntry> entry : entries.entrySet()) {
            String where = name + ", line " + entry.getValue().line();
            Key<?> key = find(entry.getKey(), where);
            values.put(key, key.parse(entry.getValue(), where));
            places.put(key, where);
        }
        return values;
    }

    /** What takes the place of the defaults under {@code schedule: published}. */
    private static Map<Key<?>, Object> publishedSchedule() throws IOException {
        try (InputStream file = Configuration.class.getResourceAsStream(PUBLISHED)) {
            return parse(YamlReader.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8), PUBLISHED), PUBLISHED, new LinkedHashMap<>());
        }
    }

    private static Key<?> find(String path, String where) {
        if (path.startsWith(Keys.OWN)) return Keys.own(path);
        for (Key<?> key : Keys.ALL) if (key.path().equals(path)) return key;
        List<String> section = Keys.ALL.stream().map(Key::path).filter(key -> key.startsWith(path + ".")).toList();
        require(section.isEmpty(), "%s: %s is a section; keys such as \"%s: ...\" are expected in it, with a space after the colon", where, path, section.isEmpty() ? "" : section.getFirst().substring(path.length() + 1));
        throw new InvalidInputException(where + ": unknown key " + path + Suggestions.meant(path).map(meant -> "; is " + meant + " meant?").orElse("; docs/configuration.md lists all keys"));
    }

    /** Value of a key that always has one. */
    public <T> T get(Key<T> key) {
        return find(key).orElseThrow(() -> new InvalidInputException(key.path() + " is not given" + (key.unit().isEmpty() ? "" : " (" + key.unit() + ")") + "; set it in the configuration"));
    }

    /** Value of a key that may be left open. */
    public <T> Optional<T> find(Key<T> key) {
        return Optional.ofNullable(key.kind().type().cast(values.get(key)));
    }

    /** What the section {@code own} says. */
    public Settings settings() {
        Map<String, String> own = new LinkedHashMap<>();
        for (Map.Entry<Key<?>, Object> value : values.entrySet()) if (value.getKey().path().startsWith(Keys.OWN)) own.put(value.getKey().path().substring(Keys.OWN.length()), value.getValue().toString());
        return new Settings(own);
    }

    /** The same, with this value where none is given. */
    public <T> Configuration withDefault(Key<T> key, T value) {
        return values.containsKey(key) ? this : with(key, value);
    }

    /** The same with another value. */
    public <T> Configuration with(Key<T> key, T value) {
        Map<Key<?>, Object> copy = new LinkedHashMap<>(values);
        copy.put(key, value);
        return new Configuration(copy);
    }

    /**
     * The same with times that the system finds itself.
     *
     * @throws InvalidInputException where others were given; those of an earlier run are the same
     */
    public Configuration withOwnTimes(double[] found) {
        find(Keys.TIMES).ifPresent(given -> require(Arrays.equals(given, found), "data.times: %s finds the times itself; leave the key away", get(Keys.SYSTEM)));
        return with(Keys.TIMES, found);
    }

    /** All values that the system knows, as YAML that reads back to the same configuration. */
    public String toYaml() {
        StringBuilder text = new StringBuilder();
        String section = "";
        List<Key<?>> keys = new ArrayList<>(Keys.ALL);
        values.keySet().stream().filter(key -> key.path().startsWith(Keys.OWN)).forEach(keys::add);
        for (Key<?> key : keys) {
            Object value = values.get(key);
            if (value == null || !key.isFor(get(Keys.SYSTEM))) continue;
            int dot = key.path().indexOf('.');
            String head = dot < 0 ? "" : key.path().substring(0, dot);
            if (!head.equals(section)) text.append(head).append(":\n");
            section = head;
            text.append(dot < 0 ? "" : "  ").append(key.path().substring(dot + 1)).append(": ").append(text(value))
                    .append(key.unit().isEmpty() ? "" : "  # " + key.unit()).append('\n');
        }
        return text.toString();
    }

    private static String text(Object value) {
        return switch (value) {
            case double[] list -> Arrays.toString(list);
            case String word when !word.matches("[A-Za-z0-9._/-]+") -> "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
            default -> value.toString();
        };
    }
}
