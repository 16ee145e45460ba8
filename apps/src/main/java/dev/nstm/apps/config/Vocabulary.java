package dev.nstm.apps.config;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the configurations of a system may say. */
public interface Vocabulary {
    /** As the key {@code system} has it. */
    String name();

    /** As the documentation calls the system. */
    String title();

    /** Further names under which the system is known. */
    default List<String> otherNames() {
        return List.of();
    }

    /** In the order of the documentation; see {@link #bySection}. */
    List<Key<?>> keys();

    /** Values by path where this system's defaults are others than the keys' own. */
    default Map<String, String> defaults() {
        return Map.of();
    }

    /** Names that other programs and people have for some of the keys, and the paths of these. */
    default Map<String, String> synonyms() {
        return Map.of();
    }

    /**
     * Joins lists of keys to one list, in which the keys of a section stand together. Sections and keys keep the order
     * of their first appearance.
     */
    @SafeVarargs
    static List<Key<?>> bySection(List<Key<?>>... lists) {
        Map<String, Set<Key<?>>> sections = new LinkedHashMap<>();
        for (List<Key<?>> list : lists)
            for (Key<?> key : list)
                sections.computeIfAbsent(key.section(), section -> new LinkedHashSet<>())
                        .add(key);
        return sections.values().stream().<Key<?>>flatMap(Set::stream).toList();
    }
}
