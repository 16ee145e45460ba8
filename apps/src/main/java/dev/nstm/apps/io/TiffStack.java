package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.files.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes stacks of float pictures as OME-TIFF that ImageJ opens as a hyperstack by itself, too: the first page has two
 * descriptions, one for either, of which readers of OME-TIFF take the first and ImageJ the last. ImageJ reads the
 * pixels of a stack as one piece, with the number of pictures in its description: so the pixels lie together, and the
 * directories follow them. Above 4 GB it is a BigTIFF. (The JDK's writer cannot set descriptions and resolution for a
 * stack.)
 */
public final class TiffStack {
    private static final int RESOLUTION = 16;
    private static final int ENTRIES = 11;
    private static final int DESCRIPTIONS = 2;
    private static final long CLASSIC = (1L << 32) - 1;

    private static final long MILLION = 1_000_000;

    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int RATIONAL = 5;
    private static final int LONG_8 = 16;

    private final StackDescription description;
    private final byte[] ome;
    private final byte[] imageJ;
    private final boolean big;
    private final long pageBytes;

    private TiffStack(StackDescription description, byte[] ome, byte[] imageJ, boolean big) {
        this.description = description;
        this.big = big;
        this.ome = ome;
        this.imageJ = imageJ;
        pageBytes = 4L * description.height() * description.width();
    }

    /**
     * Writes a stack; the contrast is that of its values.
     *
     * @param pages as the description says, {@code height * width} values each; each is asked for twice
     */
    public static void write(Path file, List<float[]> pages, StackDescription description) throws IOException {
        write(file, pages, description, CLASSIC);
    }

    /** @param largestClassic bytes up to which it is no BigTIFF */
    static void write(Path file, List<float[]> pages, StackDescription description, long largestClassic)
            throws IOException {
        int height = description.height();
        int width = description.width();
        require(
                pages.size() == description.pages(),
                "%d pages do not make %d times of %d planes in %d channels",
                pages.size(),
                description.frames(),
                description.planes(),
                description.channels().size());
        float least = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        for (float[] page : pages) {
            require(
                    page.length == height * width,
                    "a page of %dx%d needs %d values, got %d",
                    height,
                    width,
                    height * width,
                    page.length);
            for (float value : page) {
                least = Math.min(least, value);
                largest = Math.max(largest, value);
            }
        }
        byte[] ome = (description.ome() + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] imageJ = (description.imageJ(least, largest) + "\0").getBytes(StandardCharsets.US_ASCII);
        TiffStack classic = new TiffStack(description, ome, imageJ, false);
        TiffStack stack = classic.size() <= largestClassic ? classic : new TiffStack(description, ome, imageJ, true);
        AtomicFile.write(file, out -> stack.write(out, pages));
    }

    private void write(OutputStream out, List<float[]> pages) throws IOException {
        ByteBuffer header = little((int) pixelsAt());
        header.put((byte) 'I').put((byte) 'I').putShort((short) (big ? 43 : 42));
        if (big) header.putShort((short) 8).putShort((short) 0).putLong(directoriesAt());
        else header.putInt((int) directoriesAt());
        header.position(omeAt()).put(ome).position(imageJAt()).put(imageJ).position(resolutionAt());
        for (int i = 0; i < 2; i++) header.putLong(resolution());
        out.write(header.array());
        for (float[] page : pages) {
            ByteBuffer body = little((int) pageBytes);
            body.asFloatBuffer().put(page);
            out.write(body.array());
        }
        for (int page = 0; page < pages.size(); page++) out.write(directory(page, page + 1 < pages.size()));
    }

    /** Pixels a micrometre as numerator and denominator, the numerator in the lower half. */
    private long resolution() {
        double pixelSize =
                description.scale().map(StackDescription.Scale::pixelSize).orElse(1.0);
        return Math.round(MILLION / pixelSize) | MILLION << 32;
    }

    private int omeAt() {
        return big ? 16 : 8;
    }

    private int imageJAt() {
        return even(omeAt() + ome.length);
    }

    private int resolutionAt() {
        return even(imageJAt() + imageJ.length);
    }

    private long pixelsAt() {
        return resolutionAt() + RESOLUTION;
    }

    private long directoriesAt() {
        return pixelsAt() + description.pages() * pageBytes;
    }

    private long directoryAt(long page) {
        return page == 0 ? directoriesAt() : directoriesAt() + directoryBytes(0) + (page - 1) * directoryBytes(1);
    }

    private int directoryBytes(long page) {
        int entries = ENTRIES + (page == 0 ? DESCRIPTIONS : 0);
        return big ? 8 + 20 * entries + 8 : 2 + 12 * entries + 4;
    }

    private long size() {
        return directoryAt(description.pages());
    }

    /** Words begin at even places. */
    private static int even(int place) {
        return place + place % 2;
    }

    private byte[] directory(int page, boolean more) {
        ByteBuffer directory = little(directoryBytes(page));
        int entries = ENTRIES + (page == 0 ? DESCRIPTIONS : 0);
        if (big) directory.putLong(entries);
        else directory.putShort((short) entries);
        entry(directory, 256, LONG, 1, description.width());
        entry(directory, 257, LONG, 1, description.height());
        entry(directory, 258, SHORT, 1, 32);
        entry(directory, 259, SHORT, 1, 1);
        entry(directory, 262, SHORT, 1, 1);
        if (page == 0) {
            entry(directory, 270, 2, ome.length, omeAt());
            entry(directory, 270, 2, imageJ.length, imageJAt());
        }
        entry(directory, 273, big ? LONG_8 : LONG, 1, pixelsAt() + page * pageBytes);
        entry(directory, 278, LONG, 1, description.height());
        entry(directory, 279, LONG, 1, pageBytes);
        // A fraction is as long as the place for a value in a BigTIFF, and stands there.
        entry(directory, 282, RATIONAL, 1, big ? resolution() : resolutionAt());
        entry(directory, 283, RATIONAL, 1, big ? resolution() : resolutionAt() + 8);
        entry(directory, 339, SHORT, 1, 3);
        long next = more ? directoryAt(page + 1L) : 0;
        if (big) directory.putLong(next);
        else directory.putInt((int) next);
        return directory.array();
    }

    private void entry(ByteBuffer directory, int tag, int type, long count, long value) {
        directory.putShort((short) tag).putShort((short) type);
        if (big) directory.putLong(count).putLong(value);
        else {
            directory.putInt((int) count);
            if (type == SHORT) directory.putShort((short) value).putShort((short) 0);
            else directory.putInt((int) value);
        }
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
