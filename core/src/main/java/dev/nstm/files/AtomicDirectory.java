package dev.nstm.files;

import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes directories of files whole or not at all: under a temporary name in the same place, then renamed. What was
 * there before stays until the new one is complete.
 */
public final class AtomicDirectory {
    private AtomicDirectory() {}

    /** What fills the directory. */
    public interface Body {
        void writeTo(Path directory) throws IOException;
    }

    /** @throws InvalidInputException naming the directory and the cause where it cannot be written */
    public static void write(Path directory, Body body) {
        Path absolute = directory.toAbsolutePath();
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + ".part");
        Path before = absolute.resolveSibling("." + absolute.getFileName() + ".before");
        try {
            try {
                delete(temporary);
                restore(before, absolute);
                Files.createDirectories(temporary);
                body.writeTo(temporary);
                delete(before);
                if (Files.exists(absolute)) Files.move(absolute, before);
                Files.move(temporary, absolute);
                delete(before);
            } finally {
                restore(before, absolute);
                delete(temporary);
            }
        } catch (IOException failure) {
            throw new InvalidInputException("cannot write " + directory + ": " + AtomicFile.reason(failure), failure);
        }
    }

    /** After a failure, or the end of a process, between two renamings. */
    private static void restore(Path before, Path absolute) throws IOException {
        if (!Files.exists(absolute) && Files.exists(before)) Files.move(before, absolute);
    }

    /** Deletes a directory with all that it holds, or a file; nothing where there is none. */
    public static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) return;
        List<Path> inside;
        try (Stream<Path> files = Files.walk(directory)) {
            inside = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : inside) Files.delete(path);
    }
}
