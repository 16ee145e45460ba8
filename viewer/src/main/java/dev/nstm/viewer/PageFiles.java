package dev.nstm.viewer;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.regex.Pattern;

/** The files that a browser asks for. */
public final class PageFiles {
    /** The page itself. */
    public static final String INDEX = "index.html";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+\\.[a-z0-9]+");

    private PageFiles() {}

    /**
     * Contents of a file.
     *
     * @param name without a folder; all lie in one
     * @return empty where there is none
     */
    public static Optional<byte[]> read(String name) throws IOException {
        if (!NAME.matcher(name).matches()) return Optional.empty();
        try (InputStream in = PageFiles.class.getResourceAsStream("page/" + name)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        }
    }
}
