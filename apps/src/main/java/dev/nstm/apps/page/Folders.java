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

/** The folders that the page may see. Nothing outside of them is read or written, whatever links lie in them. */
public final class Folders {
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
}
