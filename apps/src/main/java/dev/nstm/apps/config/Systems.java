package dev.nstm.apps.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The systems whose configurations are understood.
 *
 * @param builtIn those with names
 * @param own what every other name stands for
 */
public record Systems(List<Vocabulary> builtIn, Vocabulary own) {
    /** For the configurations of one system only. */
    public static Systems only(Vocabulary system) {
        return new Systems(List.of(system), system);
    }

    /** The system of a name. */
    public Vocabulary of(String name) {
        return builtIn.stream()
                .filter(system -> system.name().equals(name))
                .findFirst()
                .orElse(own);
    }

    /** The name that a built-in system goes by; any other as it is. */
    public String canonical(String given) {
        String lower = given.toLowerCase(Locale.ROOT);
        return builtIn.stream()
                .filter(system ->
                        system.name().equals(lower) || system.otherNames().contains(lower))
                .map(Vocabulary::name)
                .findFirst()
                .orElse(given);
    }

    public List<String> names() {
        return builtIn.stream().map(Vocabulary::name).toList();
    }

    /** Every key of any system, section by section. */
    @SuppressWarnings("unchecked")
    public List<Key<?>> keys() {
        return Vocabulary.bySection(all().map(Vocabulary::keys).toArray(List[]::new));
    }

    /** Systems that know a key. */
    public List<Vocabulary> knowing(Key<?> key) {
        return all().filter(system -> system.keys().contains(key)).toList();
    }

    /** Names that others have for keys, and the paths of these: the published programs' first. */
    Stream<Map<String, String>> synonyms() {
        return Stream.of(
                        Stream.of(PublishedProgram.COMMON),
                        all().map(Vocabulary::synonyms),
                        Stream.of(Suggestions.COMMON))
                .flatMap(maps -> maps);
    }

    private Stream<Vocabulary> all() {
        return Stream.concat(builtIn.stream(), Stream.of(own)).distinct();
    }
}
