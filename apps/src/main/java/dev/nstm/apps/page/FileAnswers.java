package dev.nstm.apps.page;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Files of the folders: as they are, in lists, and taken in. */
final class FileAnswers {
    private static final int MOST_LISTED = 2000;
    private static final String ZARR = ".zarr";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "json", "application/json",
            "csv", "text/csv; charset=utf-8",
            "yaml", "text/plain; charset=utf-8",
            "log", "text/plain; charset=utf-8",
            "png", "image/png",
            "gif", "image/gif",
            "mp4", "video/mp4");
    /** A report is shown, with its own script, but may neither ask this server anything nor reach others. */
    private static final String SHUT_IN =
            "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:";

    private final Folders folders;
    private final long mostBytes;

    /** @param mostBytes of a file that is taken in */
    FileAnswers(Folders folders, long mostBytes) {
        this.folders = folders;
        this.mostBytes = mostBytes;
    }

    /** A file as it is. Within a Zarr a missing one is nothing wrong: chunks of zeros are not kept. */
    Answer file(int root, String relative) throws IOException {
        Path file = folders.possible(root, relative);
        if (!Files.isRegularFile(file)) {
            if (file.toString().contains(ZARR)) return Answer.nothing();
            throw new NoSuchFileException(relative);
        }
        return Answer.file(file, TYPES.getOrDefault(ending(file), "application/octet-stream"))
                .with("Content-Security-Policy", SHUT_IN);
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** What lies in a folder, folders first; hidden files are left out. */
    Answer list(int root, String relative) throws IOException {
        Path folder = folders.existing(root, relative);
        require(Files.isDirectory(folder), "%s is not a folder", relative);
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> shown = all.filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted(Comparator.comparing((Path path) -> !Files.isDirectory(path))
                            .thenComparing(path -> path.getFileName().toString()))
                    .limit(MOST_LISTED)
                    .toList();
            for (Path path : shown) {
                ObjectNode entry =
                        entries.addObject().put("name", path.getFileName().toString());
                entry.put("folder", Files.isDirectory(path));
                if (Files.isRegularFile(path)) entry.put("bytes", Files.size(path));
            }
        }
        return Answer.json(entries);
    }

    /** Takes in a file that was dropped onto the page; what is there is never replaced. */
    Answer take(Asked asked) throws IOException {
        String name = asked.needed("name");
        require(
                name.matches("[^/\\\\\\x00-\\x1f:*?\"<>|]{1,200}") && !name.startsWith("."),
                "a file cannot be called \"%s\" here",
                name);
        long told = asked.length().orElse(0);
        Path file = folders.possible(asked.root(), name);
        require(!Files.exists(file), "there is a file %s already", name);
        requireRoom(told, file);
        AtomicFile.write(file, out -> copy(asked.body(), out, name));
        return Answer.json(JsonNodeFactory.instance.objectNode().put("name", name));
    }

    private void requireRoom(long bytes, Path file) throws IOException {
        require(
                bytes <= mostBytes,
                "files of at most %d MB are taken in; put larger ones into the folder yourself, or raise --upload",
                mostBytes >> 20);
        long free = Files.getFileStore(file.getParent()).getUsableSpace();
        require(bytes < free, "the disk has no room for a file of %d MB", bytes >> 20);
    }

    private void copy(InputStream in, OutputStream out, String name) throws IOException {
        byte[] part = new byte[1 << 16];
        long taken = 0;
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
            taken += count;
            if (taken > mostBytes)
                throw InvalidInputException.of(
                        "%s has more than %d MB, the most that is taken in", name, mostBytes >> 20);
            out.write(part, 0, count);
        }
    }
}
