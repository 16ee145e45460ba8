package dev.nstm.apps.batch;

import dev.nstm.files.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How far a piece is. */
public enum PieceState {
    /** It is reconstructed. */
    DONE,
    /** A process works at it. */
    RUNNING,
    /** It ended with an error. */
    FAILED,
    /** It was begun, and whoever worked at it is gone; it goes on from its last checkpoint. */
    STOPPED,
    /** It may begin. */
    READY,
    /** The piece before is not done. */
    WAITING;

    private static final String FAILURE = "failure.txt";

    /** Tells whether a process works in a directory. */
    public interface Locks {
        boolean held(Path directory) throws IOException;
    }

    public static PieceState of(Batch batch, Piece piece, Locks locks) throws IOException {
        if (batch.done(piece)) return DONE;
        Path directory = batch.directory(piece);
        if (Files.isDirectory(directory)) {
            if (locks.held(directory)) return RUNNING;
            if (failure(directory).isPresent()) return FAILED;
            return STOPPED;
        }
        return batch.before(piece).filter(before -> !batch.done(before)).isPresent() ? WAITING : READY;
    }

    /** Why a piece failed, in a line. */
    public static Optional<String> failure(Path directory) throws IOException {
        Path file = directory.resolve(FAILURE);
        return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    }

    /** Keeps why a piece failed. */
    public static void keepFailure(Path directory, String why) {
        AtomicFile.write(directory.resolve(FAILURE), out -> out.write((why + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** The piece does not fail any more. */
    public static void forgetFailure(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(FAILURE));
    }
}
