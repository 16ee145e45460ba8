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
    /** Name of the section whose keys belong to a system of the user's own. */
    private static final String OWN = "own.";

    /** Keys of its system, in order. */
    private final List<Key<?>> keys;

    private final Map<Key<?>, Object> values;

    private Configuration(List<Key<?>> keys, Map<Key<?>, Object> values) {
        this.keys = keys;
        this.values = values;
    }

    /**
     * Reads a file, then applies {@code --set} options.
     *
     * @param settings texts of the form {@code section.key=value}
     * @param systems whose configurations are expected
     * @throws InvalidInputException naming file, line and key where something is wrong
     */
    public static Configuration read(Path file, List<String> settings, Systems systems) throws IOException {
        return of(YamlReader.read(file), file.toString(), settings, systems);
    }

    /**
     * Reads YAML text.
     *
     * @param name of where it comes from, for messages
     */
    public static Configuration parse(String yaml, String name, List<String> settings, Systems systems)
            throws IOException {
        return of(YamlReader.parse(yaml, name), name, settings, systems);
    }

    /** One that ships with the program. */
    public static Configuration bundled(String name, List<String> settings, Systems systems) throws IOException {
        try (InputStream in = Configuration.class.getResourceAsStream("/dev/nstm/apps/configs/" + name)) {
            if (in == null)
                throw new InvalidInputException("the configuration " + name + " is missing from this build");
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), name, settings, systems);
        }
    }

    /**
     * A configuration of entries by path.
     *
     * @param name of where they come from, for messages
     */
    public static Configuration of(
            Map<String, ConfigEntry> entries, String name, List<String> settings, Systems systems) throws IOException {
        Map<Key<?>, String> places = new LinkedHashMap<>();
        Map<Key<?>, Object> given = parse(entries, name, systems, places);
        for (String setting : settings) {
            Map.Entry<String, String> parts = setting(setting);
            Key<?> key = find(parts.getKey(), "--set " + setting, systems);
            Map<String, ConfigEntry> value = YamlReader.parse(key.path() + ": " + parts.getValue(), "--set " + setting);
            require(value.containsKey(key.path()), "--set %s: no value is given", setting);
            given.put(key, key.parse(value.get(key.path()), "--set " + setting));
            places.put(key, "--set " + setting);
        }
        String system = systems.canonical((String) given.getOrDefault(Keys.SYSTEM, Keys.SYSTEM.fallback()));
        given.put(Keys.SYSTEM, system);
        List<Key<?>> keys = systems.of(system).keys();
        Map<String, String> own = systems.of(system).defaults();
        places.forEach((key, place) -> require(
                key.path().startsWith(OWN) ? systems.of(system) == systems.own() : keys.contains(key),
                "%s: %s is for system: %s, but this is system: %s, which does not know it",
                place,
                key.path(),
                key.path().startsWith(OWN)
                        ? systems.own().name()
                        : String.join(
                                " or ",
                                systems.knowing(key).stream()
                                        .map(Vocabulary::name)
                                        .toList()),
                system));
        Map<Key<?>, Object> values = new LinkedHashMap<>();
        for (Key<?> key : keys) {
            ConfigEntry fallback = own.containsKey(key.path()) ? key.entry(own.get(key.path())) : key.fallbackEntry();
            if (fallback != null) values.put(key, key.parse(fallback, "default"));
        }
        if ("published".equals(given.get(Keys.SCHEDULE))) values.putAll(publishedSchedule(keys));
        values.putAll(given);
        return new Configuration(keys, values);
    }

    /** Key and value of a text of the form {@code section.key=value}. */
    public static Map.Entry<String, String> setting(String text) {
        int equals = text.indexOf('=');
        require(equals > 0, "--set %s: expected section.key=value", text);
        return Map.entry(text.substring(0, equals).strip(), text.substring(equals + 1));
    }

    /** @param places told where each key stands */
    private static Map<Key<?>, Object> parse(
            Map<String, ConfigEntry> entries, String name, Systems systems, Map<Key<?>, String> places) {
        Map<Key<?>, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigEntry> entry : entries.entrySet()) {
            String where = name + ", line " + entry.getValue().line();
            Key<?> key = find(entry.getKey(), where, systems);
            values.put(key, key.parse(entry.getValue(), where));
            places.put(key, where);
        }
        return values;
    }

    /** What takes the place of the defaults under {@code schedule: published}. */
    private static Map<Key<?>, Object> publishedSchedule(List<Key<?>> keys) throws IOException {
        try (InputStream file = Configuration.class.getResourceAsStream(PUBLISHED)) {
            Map<String, ConfigEntry> entries =
                    YamlReader.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8), PUBLISHED);
            Map<Key<?>, Object> values = new LinkedHashMap<>();
            for (Key<?> key : keys)
                if (entries.containsKey(key.path())) values.put(key, key.parse(entries.get(key.path()), PUBLISHED));
            return values;
        }
    }

    private static Key<?> find(String path, String where, Systems systems) {
        if (path.startsWith(OWN)) return Key.text(path, "", "");
        List<Key<?>> keys = systems.keys();
        for (Key<?> key : keys) if (key.path().equals(path)) return key;
        List<String> section = keys.stream()
                .map(Key::path)
                .filter(key -> key.startsWith(path + "."))
                .toList();
        require(
                section.isEmpty(),
                "%s: %s is a section; keys such as \"%s: ...\" are expected in it, with a space after the colon",
                where,
                path,
                section.isEmpty() ? "" : section.getFirst().substring(path.length() + 1));
        throw new InvalidInputException(where + ": unknown key " + path
                + Suggestions.meant(path, systems)
                        .map(meant -> "; is " + meant + " meant?")
                        .orElse("; docs/configuration.md lists all keys"));
    }

    /** Value of a key that always has one. */
    public <T> T get(Key<T> key) {
        return find(key)
                .orElseThrow(() -> new InvalidInputException(key.path() + " is not given"
                        + (key.unit().isEmpty() ? "" : " (" + key.unit() + ")") + "; set it in the configuration"));
    }

    /** Value of a key that may be left open. */
    public <T> Optional<T> find(Key<T> key) {
        return Optional.ofNullable(key.kind().type().cast(values.get(key)));
    }

    /** What the section {@code own} says. */
    public Settings settings() {
        Map<String, String> own = new LinkedHashMap<>();
        for (Map.Entry<Key<?>, Object> value : values.entrySet())
            if (value.getKey().path().startsWith(OWN))
                own.put(
                        value.getKey().path().substring(OWN.length()),
                        value.getValue().toString());
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
        return new Configuration(keys, copy);
    }

    /** The same without values of some keys; those that the system does not know are passed over. */
    public Configuration without(List<Key<?>> others) {
        Map<Key<?>, Object> copy = new LinkedHashMap<>(values);
        copy.keySet().removeAll(others);
        return new Configuration(keys, copy);
    }

    /**
     * The same with times that the system finds itself.
     *
     * @throws InvalidInputException where different times were given; the times that an earlier run wrote are equal
     */
    public Configuration withOwnTimes(double[] found) {
        find(Keys.DATA_TIMES)
                .ifPresent(given -> require(
                        Arrays.equals(given, found),
                        "data.times: %s finds the times itself; leave the key away",
                        get(Keys.SYSTEM)));
        return with(Keys.DATA_TIMES, found);
    }

    /** All values that the system knows, as YAML that reads back to the same configuration. */
    public String toYaml() {
        StringBuilder text = new StringBuilder();
        String section = "";
        List<Key<?>> all = new ArrayList<>(keys);
        values.keySet().stream().filter(key -> key.path().startsWith(OWN)).forEach(all::add);
        for (Key<?> key : all) {
            Object value = values.get(key);
            if (value == null) continue;
            int dot = key.path().indexOf('.');
            String head = dot < 0 ? "" : key.path().substring(0, dot);
            if (!head.equals(section)) text.append(head).append(":\n");
            section = head;
            text.append(dot < 0 ? "" : "  ")
                    .append(key.path().substring(dot + 1))
                    .append(": ")
                    .append(text(value))
                    .append(key.unit().isEmpty() ? "" : "  # " + key.unit())
                    .append('\n');
        }
        return text.toString();
    }

    private static String text(Object value) {
        return switch (value) {
            case double[] list -> Arrays.toString(list);
            case String word
            when !word.matches("[A-Za-z0-9._/-]+") ->
                "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
            default -> value.toString();
        };
    }
}
