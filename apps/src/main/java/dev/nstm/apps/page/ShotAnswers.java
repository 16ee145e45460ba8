package dev.nstm.apps.page;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;

/** Raw shots of any format, as an OME-Zarr that is made while it is asked for. */
final class ShotAnswers {
    private static final int KEPT = 4;

    private final Folders folders;
    /** The files asked for last; each is read by whoever asks first, and others wait for it alone. */
    private final Map<Path, Opened> opened = new LinkedHashMap<>(16, 0.75f, true);

    /** A file as it was when it was read; read again where memory ran short meanwhile. */
    private static final class Opened {
        private FileTime changed;
        private SoftReference<Shots> shots = new SoftReference<>(null);

        synchronized Shots shots(Path file) throws IOException {
            FileTime now = Files.getLastModifiedTime(file);
            Shots known = shots.get();
            if (known != null && now.equals(changed)) return known;
            Shots read = Shots.read(file);
            shots = new SoftReference<>(read);
            changed = now;
            return read;
        }
    }

    ShotAnswers(Folders folders) {
        this.folders = folders;
    }

    /** The shots of a file. */
    Shots shots(int root, String relative) throws IOException {
        Path file = folders.existing(root, relative);
        Opened known;
        synchronized (opened) {
            known = opened.computeIfAbsent(file, any -> new Opened());
            if (opened.size() > KEPT) opened.remove(opened.keySet().iterator().next());
        }
        return known.shots(file);
    }

    /**
     * A file within the OME-Zarr.
     *
     * @param key such as {@code 0/3/0/0/1/0}
     */
    Answer part(int root, String relative, String key) throws IOException {
        ShotsZarr zarr = new ShotsZarr(shots(root, relative));
        if (key.equals(".zgroup"))
            return Answer.json(JsonNodeFactory.instance.objectNode().put("zarr_format", 2));
        if (key.equals(".zattrs")) return Answer.json(zarr.attributes());
        if (key.matches("\\d{1,2}/\\.zarray")) return Answer.json(zarr.array(level(key)));
        if (key.matches("\\d{1,2}(/\\d{1,7}){5}"))
            return Answer.bytes(200, "application/octet-stream", zarr.chunk(level(key), key));
        return Answer.nothing();
    }

    private static int level(String key) {
        return Integer.parseInt(key.substring(0, key.indexOf('/')));
    }
}
