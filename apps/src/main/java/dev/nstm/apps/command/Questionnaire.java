package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.ConfigEntry;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.Question;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Pictures;
import dev.nstm.apps.io.Selection;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a configuration needs to say of a recording: taken from the file where it knows, else given or asked for. */
final class Questionnaire {
    private final String data;
    private final Map<String, String> given;
    private final Optional<UnaryOperator<String>> person;
    private final Npz arrays;
    private final Optional<Pictures> pictures;
    private final Map<String, List<String>> sections = new LinkedHashMap<>();
    private final List<String> missing = new ArrayList<>();

    /**
     * Reads what the file knows.
     *
     * @param data name of file, folder or pattern
     * @param given values by key
     * @param person answers questions; absent where nobody is there
     */
    Questionnaire(String data, Map<String, String> given, Optional<UnaryOperator<String>> person) throws IOException {
        this.data = data;
        this.given = new LinkedHashMap<>(given);
        this.person = person;
        boolean archive = Npz.isNamed(data);
        arrays = archive ? Npz.open(Path.of(data)) : Npz.none();
        pictures = archive ? Optional.empty() : Optional.of(ImageFiles.read(ImageFiles.named(data), Selection.ALL));
    }

    /** The system that an archive's arrays tell; the first where nothing does. */
    String likelySystem() {
        return Instruments.BUILT_IN.stream()
                .filter(instrument -> instrument.recognises(arrays))
                .findFirst()
                .orElse(Instruments.BUILT_IN.getFirst())
                .name();
    }

    /** The commented configuration. */
    String configuration(String name) throws IOException {
        String system = Instruments.SYSTEMS.canonical(name);
        Instrument instrument = Instruments.BUILT_IN.stream()
                .filter(one -> one.name().equals(system))
                .findFirst()
                .orElseThrow(() -> InvalidInputException.of(
                        "there is nothing to ask for system: %s; choose from %s",
                        system, String.join(", ", Instruments.SYSTEMS.names())));
        line("data", Keys.DATA_FILE, data, "");
        for (Question question : instrument.questions(pictures)) ask(question);
        require(
                missing.isEmpty(),
                "%s says nothing of %s; give each with --set KEY=VALUE, or run nstm init on a terminal, which asks",
                data,
                String.join(", ", missing));
        for (Map.Entry<String, String> rest : given.entrySet())
            add(section(rest.getKey()), rest.getKey(), rest.getValue(), "");
        StringBuilder yaml =
                new StringBuilder("# Made by nstm init; every key: docs/configuration.md.\nsystem: " + system + "\n");
        sections.forEach((section, lines) -> yaml.append(section).append(":\n").append(String.join("", lines)));
        return yaml.toString();
    }

    /**
     * Writes a key with the value given, else the person's answer, else the usual value; nothing where an array of the
     * file takes its place.
     */
    private void ask(Question question) {
        Key<?> key = question.key();
        if (given.containsKey(key.path())) {
            String value = given.remove(key.path());
            check(key, value, "--set " + key.path());
            line(key.section(), key, value, question.meaning());
        } else if (question.array().filter(arrays::has).isPresent()) {
            return;
        } else if (person.isPresent()) {
            line(
                    key.section(),
                    key,
                    answer(
                            key,
                            question.meaning()
                                    + question.usual()
                                            .map(value -> " [" + value + "]")
                                            .orElse("") + ": ",
                            question.usual()),
                    question.meaning());
        } else if (question.usual().isPresent()) {
            line(key.section(), key, question.usual().get(), question.meaning());
        } else {
            missing.add(key.path() + " (" + question.meaning() + ")");
        }
    }

    /** Asks until the answer is valid. */
    private String answer(Key<?> key, String question, Optional<String> known) {
        String asked = question;
        while (true) {
            String said = person.get().apply(asked);
            if (said == null) throw new InvalidInputException("no answer to: " + question.strip());
            String value = said.isBlank() && known.isPresent() ? known.get() : said.strip();
            try {
                check(key, value, "your answer");
                return value;
            } catch (InvalidInputException wrong) {
                asked = wrong.getMessage() + "\n" + question;
            }
        }
    }

    private static void check(Key<?> key, String value, String where) {
        key.parse(
                key.isList()
                        ? ConfigEntry.list(
                                Arrays.stream(value.replaceAll("[\\[\\]]", "").split(","))
                                        .map(String::strip)
                                        .toList())
                        : ConfigEntry.of(value),
                where);
    }

    private void line(String section, Key<?> key, String value, String meaning) {
        boolean list = key.isList() && !value.startsWith("[");
        String written = list
                ? "[" + value + "]"
                : key.kind().type() == String.class
                        ? "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\""
                        : value;
        add(section, key.path(), written, meaning);
    }

    private void add(String section, String path, String value, String meaning) {
        sections.computeIfAbsent(section, any -> new ArrayList<>())
                .add("  " + path.substring(path.indexOf('.') + 1) + ": " + value
                        + (meaning.isEmpty() ? "" : "  # " + meaning) + "\n");
    }

    private static String section(String path) {
        return path.substring(0, Math.max(0, path.indexOf('.')));
    }
}
