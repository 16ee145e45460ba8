package dev.nstm.apps.zarr;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.files.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An OME-Zarr picture that grows frame by frame, in any number of runs of the program: at any moment readers find whole
 * chunks, and the same frames give the same bytes however often it was interrupted. A file beside the picture lists the
 * frames that are there. A band of rows is in memory.
 */
public final class OmeZarrMovie {
    /** Ending of the file beside the picture that lists its frames. */
    public static final String LIST = ".frames";
    /** Rows that are asked for at a time; the height of a chunk. */
    private static final int BAND = 256;

    private final OmeZarrImage image;
    private final Pyramid pyramid;
    private final Path list;
    /** By frame, what of each channel was found. */
    private final SortedMap<Integer, List<Shown>> frames = new TreeMap<>();

    private OmeZarrMovie(Path directory, ZarrVersion version, OmeZarrImage image) {
        this.image = image;
        pyramid = new Pyramid(directory, version, image, AtomicFile::replace);
        list = directory.resolveSibling(directory.getFileName() + LIST);
    }

    /** Values of a frame. */
    public interface Rows {
        /** @return so many rows of a plane, row after row */
        float[] at(int channel, int z, int row, int rows) throws IOException;
    }

    /**
     * Begins a picture, or goes on with it.
     *
     * @param image as it will be once it is complete
     */
    public static OmeZarrMovie open(Path directory, ZarrVersion version, OmeZarrImage image) throws IOException {
        OmeZarrMovie movie = new OmeZarrMovie(directory, version, image);
        movie.readList();
        movie.pyramid.describeArrays();
        return movie;
    }

    /** A line that an interruption cut off is not there. */
    private void readList() throws IOException {
        if (!Files.exists(list)) return;
        String text = Files.readString(list);
        int end = text.lastIndexOf('\n') + 1;
        for (String line : text.substring(0, end).lines().toList()) {
            String[] words = line.split(" ");
            require(
                    words.length == 1 + 4 * image.size(1),
                    "%s lists another movie's frames; remove it with the movie and merge again",
                    list);
            List<Shown> shown = new ArrayList<>();
            for (int i = 1; i < words.length; i += 4)
                shown.add(new Shown(
                        Float.parseFloat(words[i]),
                        Float.parseFloat(words[i + 1]),
                        Float.parseFloat(words[i + 2]),
                        Float.parseFloat(words[i + 3])));
            frames.put(Integer.parseInt(words[0]), shown);
        }
        if (end < text.length())
            try (FileChannel channel = FileChannel.open(list, StandardOpenOption.WRITE)) {
                channel.truncate(text.substring(0, end).getBytes(StandardCharsets.UTF_8).length);
            }
    }

    /** Whether a frame is there. */
    public boolean holds(int time) {
        return frames.containsKey(time);
    }

    /** Frames that are there. */
    public int count() {
        return frames.size();
    }

    /** Writes a frame. */
    public void write(int time, Rows rows) throws IOException {
        List<Shown> shown = new ArrayList<>();
        for (int channel = 0; channel < image.size(1); channel++) {
            DisplayRange range = new DisplayRange((long) image.size(2) * image.height() * image.width());
            for (int z = 0; z < image.size(2); z++) {
                Pyramid.PlaneWriter plane = pyramid.plane(time, channel, z);
                for (int row = 0; row < image.height(); row += BAND) {
                    float[] values = rows.at(channel, z, row, Math.min(BAND, image.height() - row));
                    range.add(values);
                    plane.add(values);
                }
            }
            shown.add(range.shown());
        }
        StringBuilder line = new StringBuilder(Integer.toString(time));
        for (Shown s : shown)
            for (float value : new float[] {s.least(), s.largest(), s.dark(), s.bright()})
                line.append(' ').append(value);
        append(line.append('\n').toString());
        frames.put(time, shown);
    }

    private void append(String line) throws IOException {
        try (FileChannel channel = FileChannel.open(
                list, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
    }

    /** Says what the frames are and how they are shown; readers know the picture from then on. */
    public void describe() {
        List<Shown> shown = new ArrayList<>();
        for (int channel = 0; channel < image.size(1); channel++) shown.add(overall(channel));
        pyramid.describe(shown);
    }

    /** From the darkest frame's to the brightest frame's. */
    private Shown overall(int channel) {
        if (frames.isEmpty()) return new Shown(0, 1, 0, 1);
        float[] values = {
            Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
        };
        for (List<Shown> frame : frames.values()) {
            Shown s = frame.get(channel);
            values[0] = Math.min(values[0], s.least());
            values[1] = Math.max(values[1], s.largest());
            values[2] = Math.min(values[2], s.dark());
            values[3] = Math.max(values[3], s.bright());
        }
        return new Shown(values[0], values[1], values[2], values[3]);
    }
}
