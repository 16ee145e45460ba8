package dev.nstm.apps.page;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.nstm.apps.monitor.Monitor;
import dev.nstm.apps.monitor.Request;
import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Runs that were started from the page, one at a time: each is a process of its own, the command {@code nstm
 * reconstruct}, so that it outlives a closed page and fails alone.
 */
final class RunQueue implements AutoCloseable {
    /** Where previews go: hidden, so that nobody's results are replaced. */
    static final String PREVIEW = ".nstm-preview";

    static final String LOG = "run.log";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_. -]{0,99}");

    private final Folders folders;
    private final List<String> command;
    private final LinkedList<Job> waiting = new LinkedList<>();
    private Optional<Process> running = Optional.empty();
    private boolean closed;

    /**
     * A run that is to be.
     *
     * @param directory of its results
     * @param words behind {@code nstm reconstruct}
     */
    private record Job(int root, Path directory, List<String> words) {}

    /** @param command words that start this program */
    RunQueue(Folders folders, List<String> command) {
        this.folders = folders;
        this.command = command;
    }

    /**
     * Starts a run, or lets it wait for the one that goes on.
     *
     * @param name of its directory
     * @param yaml configuration, kept beside the directory
     */
    synchronized void start(int root, String name, String yaml) throws IOException {
        require(
                NAME.matcher(name).matches(),
                "a run cannot be called \"%s\": letters, digits, - and _ are expected",
                name);
        Path directory = folders.possible(root, name);
        Path file = directory.resolveSibling(name + ".yaml");
        require(
                !Files.exists(directory) && !Files.exists(file) && !waits(directory),
                "there is something called %s already; choose another name",
                name);
        write(file, yaml);
        add(new Job(root, directory, List.of(file.toString())));
    }

    /** Lets a run go on from its newest checkpoint. */
    synchronized void resume(int root, String name) throws IOException {
        Path directory = folders.existing(root, name);
        Path configuration = directory.resolve(Results.CONFIGURATION);
        require(Files.exists(configuration), "%s is no run", name);
        require(!waits(directory), "%s waits already", name);
        add(new Job(root, directory, List.of(configuration.toString(), "--resume")));
    }

    /**
     * A short look at what a configuration gives; what an earlier look left is replaced.
     *
     * @param settings that go before it
     */
    synchronized void preview(int root, String yaml, List<String> settings) throws IOException {
        Path directory = folders.possible(root, PREVIEW);
        waiting.removeIf(job -> job.directory.equals(directory));
        Files.createDirectories(directory);
        Path file = directory.resolve("preview.yaml");
        write(file, yaml);
        List<String> words = new ArrayList<>(List.of(file.toString(), "--force"));
        words.addAll(settings);
        add(new Job(root, directory, words));
    }

    private boolean waits(Path directory) {
        return waiting.stream().anyMatch(job -> job.directory.equals(directory));
    }

    private static void write(Path file, String yaml) throws IOException {
        AtomicFile.write(file, out -> out.write(yaml.getBytes(StandardCharsets.UTF_8)));
    }

    private void add(Job job) throws IOException {
        waiting.add(job);
        next();
    }

    /** Starts the next one, unless one goes on; one that cannot be started is told of and left out. */
    private synchronized void next() throws IOException {
        if (closed || waiting.isEmpty() || running.filter(Process::isAlive).isPresent()) return;
        Job job = waiting.removeFirst();
        List<String> words = new ArrayList<>(command);
        words.add("reconstruct");
        words.addAll(job.words);
        words.addAll(List.of("--out", job.directory.toString(), "--monitor"));
        Files.createDirectories(job.directory);
        Path log = job.directory.resolve(LOG);
        // One that is a link must not be written through.
        Files.deleteIfExists(log);
        Process process = new ProcessBuilder(words)
                .directory(folders.root(job.root).toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        running = Optional.of(process);
        process.onExit().thenRun(this::continued);
    }

    private void continued() {
        for (boolean started = false; !started; ) {
            try {
                next();
                started = true;
            } catch (IOException failure) {
                System.err.println("nstm: a run could not be started: " + AtomicFile.reason(failure));
            }
        }
    }

    /** Asks something of a run; one that waits is taken from the queue when it is to stop. */
    synchronized void ask(int root, String name, String word) throws IOException {
        Request request = Request.named(word)
                .orElseThrow(
                        () -> InvalidInputException.of("a run cannot %s; it can pause, go, checkpoint and stop", word));
        Path directory = folders.possible(root, name);
        if (request == Request.STOP && waiting.removeIf(job -> job.directory.equals(directory))) return;
        folders.existing(root, name + "/" + Monitor.FOLDER);
        request.leave(directory);
    }

    /** Names of the directories of the runs that wait, by root. */
    synchronized Answer list() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Job job : waiting) {
            all.addObject()
                    .put("root", job.root)
                    .put(
                            "path",
                            folders.root(job.root)
                                    .relativize(job.directory)
                                    .toString()
                                    .replace('\\', '/'));
        }
        return Answer.json(all);
    }

    /** Nothing more is started; what runs goes on. */
    @Override
    public synchronized void close() {
        closed = true;
        waiting.clear();
    }
}
