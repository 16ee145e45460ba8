package dev.nstm.apps.page;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Systems;
import dev.nstm.apps.config.Vocabulary;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.Question;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Pictures;
import dev.nstm.apps.io.Selection;
import dev.nstm.files.AtomicDirectory;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a new run needs: the keys, what a file tells, whether a configuration is right, where its light comes from. */
final class SetupAnswers {
    private static final long ESTIMATE_SECONDS = 600;

    private final Folders folders;
    private final Systems systems;
    private final List<Instrument> instruments;
    private final List<String> command;

    /** @param command words that start this program */
    SetupAnswers(Folders folders, Systems systems, List<Instrument> instruments, List<String> command) {
        this.folders = folders;
        this.systems = systems;
        this.instruments = instruments;
        this.command = command;
    }

    /** Every key of every built-in system, as the documentation has it. */
    Answer keys() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Vocabulary system : systems.builtIn()) {
            ObjectNode node = all.addObject().put("name", system.name()).put("title", system.title());
            node.put(
                    "estimates",
                    instruments.stream()
                            .anyMatch(instrument -> instrument.name().equals(system.name()) && instrument.estimates()));
            ArrayNode keys = node.putArray("keys");
            for (Key<?> key : system.keys()) {
                if (key == Keys.SYSTEM || key.section().equals("simulation")) continue;
                ObjectNode one = keys.addObject()
                        .put("path", key.path())
                        .put("kind", key.kind().name().name().toLowerCase(Locale.ROOT))
                        .put("usual", system.defaults().getOrDefault(key.path(), key.fallback()))
                        .put("unit", key.unit())
                        .put("allowed", key.allowed())
                        .put("meaning", key.meaning());
                if (key.range() instanceof Key.Range.Words words) words.words().forEach(one.putArray("words")::add);
            }
        }
        return Answer.json(all);
    }

    /** What a file tells of itself and what must be said of it. */
    Answer look(int root, String relative, Shots shots) throws IOException {
        Path file = folders.existing(root, relative);
        boolean archive = Npz.isNamed(file.toString());
        Npz arrays = archive ? Npz.open(file) : Npz.none();
        Optional<Pictures> pictures =
                archive ? Optional.empty() : Optional.of(ImageFiles.read(List.of(file), Selection.ALL));
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("count", shots.count()).put("height", shots.height()).put("width", shots.width());
        node.put("colours", shots.colours());
        node.put(
                "system",
                instruments.stream()
                        .filter(instrument -> instrument.recognises(arrays))
                        .findFirst()
                        .orElse(instruments.getFirst())
                        .name());
        ObjectNode questions = node.putObject("questions");
        for (Instrument instrument : instruments) {
            ArrayNode asked = questions.putArray(instrument.name());
            for (Question question : instrument.questions(pictures)) {
                ObjectNode one = asked.addObject()
                        .put("path", question.key().path())
                        .put("meaning", question.meaning())
                        .put("told", question.told())
                        .put("inFile", question.array().filter(arrays::has).isPresent());
                question.usual().ifPresent(usual -> one.put("usual", usual));
            }
        }
        return Answer.json(node);
    }

    /**
     * Reads a configuration that somebody wrote on the page, or that lies in the folder.
     *
     * @throws InvalidInputException saying what is wrong; where it names a file outside of the folder; and of systems
     *     that are not built in, whose code would come from the folder
     */
    Configuration parsed(int root, String yaml) throws IOException {
        Configuration configuration = Configuration.parse(yaml, "the configuration", List.of(), systems);
        String system = configuration.get(Keys.SYSTEM);
        require(
                systems.names().contains(system),
                "the page runs %s; a system of your own, such as %s, is run on the command line",
                String.join(", ", systems.names()),
                system);
        for (Key<?> key : systems.of(system).keys())
            if (key.kind() == Key.Kind.TEXT && key != Keys.SYSTEM) {
                Optional<?> value = configuration.find(key);
                if (value.isPresent())
                    folders.requireInside(root, key.path(), value.get().toString());
            }
        return configuration;
    }

    /** Whether a configuration is right, and what is wrong with it. */
    Answer check(int root, String yaml) throws IOException {
        try {
            parsed(root, yaml);
            return Answer.json(JsonNodeFactory.instance.objectNode().put("right", true));
        } catch (InvalidInputException wrong) {
            return wrong(wrong);
        }
    }

    private static Answer wrong(InvalidInputException wrong) {
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("right", false).put("text", wrong.getMessage());
        node.putArray("marks");
        return Answer.json(node);
    }

    /** What {@code nstm sim estimate} or {@code nstm dpc estimate} says, as JSON. */
    Answer estimate(int root, String yaml) throws IOException, InterruptedException {
        try {
            return estimated(root, yaml);
        } catch (InvalidInputException wrong) {
            return wrong(wrong);
        }
    }

    private Answer estimated(int root, String yaml) throws IOException, InterruptedException {
        String system = parsed(root, yaml).get(Keys.SYSTEM);
        require(
                instruments.stream().anyMatch(instrument -> instrument.name().equals(system) && instrument.estimates()),
                "of system: %s the shots alone do not tell the light",
                system);
        Path work = Files.createTempDirectory(folders.root(root), ".nstm-estimate");
        try {
            Path file = Files.writeString(work.resolve("estimate.yaml"), yaml);
            Path said = work.resolve("said.json");
            Path wrong = work.resolve("wrong.txt");
            List<String> words = new ArrayList<>(command);
            words.addAll(List.of(system, "estimate", file.toString(), "--json"));
            Process process = new ProcessBuilder(words)
                    .directory(folders.root(root).toFile())
                    .redirectOutput(said.toFile())
                    .redirectError(wrong.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(ESTIMATE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new InvalidInputException("the estimate took more than " + ESTIMATE_SECONDS + " seconds");
            }
            if (Files.size(said) > 0) return Answer.bytes(200, "application/json", Files.readAllBytes(said));
            List<String> lines = Files.readAllLines(wrong);
            throw new InvalidInputException(
                    lines.isEmpty()
                            ? "the estimate failed without a word"
                            : lines.getLast().replaceFirst("^nstm: ", ""));
        } finally {
            AtomicDirectory.delete(work);
        }
    }
}
