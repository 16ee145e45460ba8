package dev.nstm.apps.config;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What an unknown key probably means. */
final class Suggestions {
    /** Names that people bring along for the keys of all systems, without case, underscores and hyphens. */
    static final Map<String, String> COMMON = Map.ofEntries(
            entry("na", "optics.numericalAperture"),
            entry("lambda", "optics.wavelength"),
            entry("pixel", "optics.pixelSize"),
            entry("ps", "optics.pixelSize"),
            entry("dxy", "optics.pixelSize"),
            entry("px", "optics.pixelSize"),
            entry("ri", "optics.mediumIndex"),
            entry("refractiveindex", "optics.mediumIndex"),
            entry("file", "data.file"),
            entry("input", "data.file"),
            entry("channel", "data.channel"),
            entry("epoch", "training.epochs"),
            entry("iterations", "training.epochs"),
            entry("learningrate", "training.objectRate"),
            entry("lr", "training.objectRate"),
            entry("annealedepoch", "training.annealedFraction"),
            entry("objectbasehashratio", "object.coarsestCell"),
            entry("objectmaxhashratio", "object.finestCell"),
            entry("objecthashratio", "object.finestCell"),
            entry("motionbasehashratio", "motion.finestCell"),
            entry("motionhashratio", "motion.finestCell"));

    private Suggestions() {}

    /** The known key that is meant; empty where nothing is near. */
    static Optional<String> meant(String path, Systems systems) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        Optional<String> synonym = systems.synonyms()
                .flatMap(each -> Stream.of(each.get(name), each.get(plain(name))))
                .filter(Objects::nonNull)
                .findFirst();
        if (synonym.isPresent()) return synonym;
        List<String> all = systems.keys().stream().map(Key::path).toList();
        List<String> sameName = all.stream()
                .filter(known ->
                        plain(known.substring(known.lastIndexOf('.') + 1)).equals(plain(name)))
                .toList();
        if (sameName.size() == 1) return Optional.of(sameName.getFirst());
        return nearest(path, all);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
    }

    /** The word with the fewest changes, if these are fewer than half of it. */
    private static Optional<String> nearest(String word, List<String> words) {
        String nearest = null;
        int least = word.length() / 2 + 1;
        for (String known : words) {
            int distance = distance(known, word);
            if (distance < least) {
                least = distance;
                nearest = known;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j < previous.length; j++) previous[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(change, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
