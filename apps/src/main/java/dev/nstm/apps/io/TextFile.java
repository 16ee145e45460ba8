package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads tables and configurations. */
public final class TextFile {
    private static final long LARGEST = 1L << 28;

    private TextFile() {}

    /** @throws InvalidInputException naming the file where it is missing, too large or no text */
    public static String read(Path file) throws IOException {
        require(Files.isRegularFile(file), "%s: no such file", file);
        require(
                Files.size(file) <= LARGEST,
                "%s has %d bytes; a text of at most %d is read",
                file,
                Files.size(file),
                LARGEST);
        try {
            return Files.readString(file);
        } catch (CharacterCodingException binary) {
            throw new InvalidInputException(file + " is not text in UTF-8", binary);
        }
    }

    public static List<String> lines(Path file) throws IOException {
        return read(file).lines().toList();
    }
}
