package dev.nstm.files;

import dev.nstm.tensor.InvalidInputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files whole or not at all: under a temporary name in the same directory, forced to disk, then renamed. After a
 * failure, or a machine that lost its power, there is the old file or the new one.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** What fills the file. */
    public interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /** @throws InvalidInputException naming the file and the cause where it cannot be written */
    public static void write(Path file, Body body) {
        try {
            replace(file, body);
        } catch (IOException failure) {
            throw new InvalidInputException("cannot write " + file + ": " + reason(failure), failure);
        }
    }

    /** Like {@link #write}, for callers that report a failure themselves. */
    public static void replace(Path file, Body body) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + ".part");
        try {
            if (absolute.getParent() != null) Files.createDirectories(absolute.getParent());
            // What a crash left; a link there must not be written through.
            Files.deleteIfExists(temporary);
            try (FileChannel channel =
                            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
                body.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The cause of a failed write in words. */
    public static String reason(IOException failure) {
        String kind = switch (failure) {
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException exists -> "a file of that name is in the way";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> failure.getMessage();
        };
        return kind == null ? failure.getClass().getSimpleName() : kind;
    }
}
