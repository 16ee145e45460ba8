package dev.nstm.apps.io;

import dev.nstm.tensor.InvalidInputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files whole or not at all: under a temporary name in the same directory, then renamed. */
public final class AtomicFile {
    private AtomicFile() {}

    /** What fills the file. */
    public interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /** @throws InvalidInputException naming the file and the cause where it cannot be written */
    public static void write(Path file, Body body) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + ".part");
        try {
            if (absolute.getParent() != null) Files.createDirectories(absolute.getParent());
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
                body.writeTo(out);
            }
            Files.move(temporary, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            Files.deleteIfExists(temporary);
            throw new InvalidInputException("cannot write " + file + ": " + reason(failure), failure);
        }
    }

    /** The cause of a failed write in words. */
    public static String reason(IOException failure) {
        String kind = switch (failure) {
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            case java.nio.file.FileAlreadyExistsException exists -> "a file of that name is in the way";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> failure.getMessage();
        };
        return kind == null ? failure.getClass().getSimpleName() : kind;
    }
}
