package dev.nstm.apps.monitor;

import dev.nstm.files.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody outside asks of a run, by a file in its directory: that works on every system and over any network. */
public enum Request {
    /** Rest until told otherwise. */
    PAUSE,
    /** Go on after a rest. */
    GO,
    /** Write a checkpoint and the results so far. */
    CHECKPOINT,
    /** Write a checkpoint and end. */
    STOP;

    private static final String NAME = "request";

    /** Asks it of the monitored run in a directory. */
    public void leave(Path directory) {
        AtomicFile.write(
                directory.resolve(Monitor.FOLDER).resolve(NAME),
                out -> out.write(word().getBytes(StandardCharsets.UTF_8)));
    }

    /** What was asked of the run in a directory since it was last taken. */
    static Optional<Request> take(Path directory) throws IOException {
        Path file = directory.resolve(Monitor.FOLDER).resolve(NAME);
        if (!Files.exists(file)) return Optional.empty();
        try {
            String word = Files.readString(file).strip();
            Files.delete(file);
            return named(word);
        } catch (NoSuchFileException taken) {
            return Optional.empty();
        }
    }

    /** The request that a word stands for. */
    public static Optional<Request> named(String word) {
        return Arrays.stream(values())
                .filter(request -> request.word().equals(word))
                .findFirst();
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
