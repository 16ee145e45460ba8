package dev.nstm.apps.page;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folders that the page may see. Nothing outside of them is read or written, whatever links lie in them. */
public final class Folders {
    /** Chunks of an OME-Zarr lie this deep. */
    private static final int DEEPEST = 8;

    private static final Pattern PATTERN = Pattern.compile("[*?\\[{]");

    private final List<Path> roots;

    private Folders(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    /** @throws InvalidInputException where one is not a folder */
    public static Folders of(List<Path> folders) throws IOException {
        List<Path> roots = new ArrayList<>();
        for (Path folder : folders) {
            require(Files.isDirectory(folder), "%s is not a folder", folder);
            roots.add(folder.toRealPath());
        }
        return new Folders(roots);
    }

    List<Path> roots() {
        return roots;
    }

    Path root(int index) {
        require(index >= 0 && index < roots.size(), "there is no folder %d", index);
        return roots.get(index);
    }

    /**
     * A file or folder that is there.
     *
     * @param root index of the folder that it lies in
     * @param relative its path, with slashes
     * @throws InvalidInputException where it lies elsewhere
     * @throws NoSuchFileException where it is not there
     */
    Path existing(int root, String relative) throws IOException {
        Path real = within(root, relative).toRealPath();
        require(real.startsWith(root(root)), "%s lies outside of the folder that is shown", relative);
        return real;
    }

    /**
     * A file or folder that may be there or not.
     *
     * @throws InvalidInputException where it lies elsewhere
     */
    Path possible(int root, String relative) throws IOException {
        Path path = within(root, relative);
        Path there = path;
        while (!Files.exists(there)) there = there.getParent();
        require(there.toRealPath().startsWith(root(root)), "%s lies outside of the folder that is shown", relative);
        return there.toRealPath().resolve(there.relativize(path)).normalize();
    }

    private Path within(int root, String relative) {
        try {
            Path path = root(root).resolve(relative).normalize();
            require(path.startsWith(root(root)), "%s lies outside of the folder that is shown", relative);
            return path;
        } catch (InvalidPathException impossible) {
            throw new InvalidInputException(impossible.getReason(), impossible);
        }
    }

    /**
     * Refuses a text of a configuration that names files outside of a folder: by their names, through links, or through
     * links among what a folder or pattern stands for. Texts that name no files pass.
     *
     * @param key of the text, for the message
     */
    void requireInside(int root, String key, String text) throws IOException {
        requireInside(root, key, text, text);
        for (String part : text.split(",")) requireInside(root, key, text, part.strip());
    }

    private void requireInside(int root, String key, String text, String name) throws IOException {
        Path top = root(root);
        Path path;
        try {
            path = top.resolve(name);
        } catch (InvalidPathException noFile) {
            return;
        }
        boolean inside = true;
        for (Path part : path) inside &= !part.toString().equals("..");
        Path there = path;
        while (inside && !Files.exists(there)) there = there.getParent();
        inside = inside && there.toRealPath().startsWith(top);
        // A pattern stands for files of the folder that it begins with.
        boolean several = Files.isDirectory(there)
                && (there.equals(path) || PATTERN.matcher(name).find());
        if (inside && several) {
            try (Stream<Path> all = Files.walk(there, there.equals(path) ? DEEPEST : 1)) {
                inside = all.filter(Files::isSymbolicLink).allMatch(link -> leadsInto(link, top));
            }
        }
        require(inside, "%s: \"%s\" lies outside of the folder that is shown, in part or whole", key, text);
    }

    private static boolean leadsInto(Path link, Path folder) {
        try {
            return link.toRealPath().startsWith(folder);
        } catch (IOException broken) {
            return true;
        }
    }
}
