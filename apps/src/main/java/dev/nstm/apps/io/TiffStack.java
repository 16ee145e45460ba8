package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.files.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes stacks of float pictures as ImageJ and Fiji read them: volumes and times as hyperstacks, pixel size in
 * micrometres, contrast set to the stack's range. ImageJ reads the pixels of a stack as one piece, with the number of
 * pictures in its description: so the pixels lie together, and the directories follow them. (The JDK's writer cannot
 * set ImageJ's description and resolution for a stack.)
 */
public final class TiffStack {
    private static final int HEADER = 8;
    private static final int RESOLUTION = 16;
    private static final int ENTRIES = 12;
    private static final int DIRECTORY = 2 + ENTRIES * 12 + 4;

    private TiffStack() {}

    /**
     * A movie of pictures.
     *
     * @param pages one per time, {@code height * width} values each
     * @param pixelSize in micrometres
     */
    public static void write(Path file, List<float[]> pages, int height, int width, double pixelSize)
            throws IOException {
        write(file, pages, height, width, pixelSize, 1, 0);
    }

    /**
     * A movie of volumes.
     *
     * @param pages plane after plane of the first time, then of the next, {@code height * width} values each
     * @param pixelSize in micrometres
     * @param planes of a volume
     * @param zStep distance of planes in micrometres; not used for single planes
     */
    public static void write(
            Path file, List<float[]> pages, int height, int width, double pixelSize, int planes, double zStep)
            throws IOException {
        write(
                file,
                pages,
                height,
                width,
                pixelSize,
                planes,
                (planes > 1 ? "\nslices=" + planes + "\nspacing=" + zStep : "") + "\nunit=um");
    }

    /**
     * A movie whose lengths are counted in pixels, in one channel or several, shown in their colours.
     *
     * @param pages channel after channel of the first time, then of the next
     */
    public static void writeInPixels(Path file, List<float[]> pages, int height, int width, int channels)
            throws IOException {
        write(
                file,
                pages,
                height,
                width,
                1,
                channels,
                (channels > 1 ? "\nchannels=" + channels + "\nmode=composite" : "") + "\nunit=pixel");
    }

    private static void write(
            Path file, List<float[]> pages, int height, int width, double pixelSize, int planes, String layout)
            throws IOException {
        require(pages.size() % planes == 0, "%d pages are not whole volumes of %d planes", pages.size(), planes);
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float[] page : pages) {
            require(
                    page.length == height * width,
                    "a page of %dx%d needs %d values, got %d",
                    height,
                    width,
                    height * width,
                    page.length);
            for (float value : page) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        String text = "ImageJ=1.54f\nimages=" + pages.size() + layout + "\nframes=" + pages.size() / planes
                + (planes > 1 && pages.size() > planes ? "\nhyperstack=true" : "") + "\nmin=" + min + "\nmax=" + max
                + "\n\0";
        byte[] description = text.getBytes(StandardCharsets.US_ASCII);
        long pageBytes = 4L * height * width;
        // Words begin at even places.
        int resolutionAt = HEADER + description.length + description.length % 2;
        int pixelsAt = resolutionAt + RESOLUTION;
        long directoriesAt = pixelsAt + pages.size() * pageBytes;
        require(
                directoriesAt + (long) pages.size() * DIRECTORY < 1L << 32,
                "the stack of %d pages exceeds the 4 GB of a TIFF file; use the NPZ file",
                pages.size());
        AtomicFile.write(file, out -> {
            ByteBuffer header = little(pixelsAt);
            header.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt((int) directoriesAt);
            header.put(description).position(resolutionAt);
            long pixelsPerMillion = Math.round(1e6 / pixelSize);
            for (int i = 0; i < 2; i++) header.putInt((int) pixelsPerMillion).putInt(1_000_000);
            out.write(header.array());
            for (float[] page : pages) {
                ByteBuffer body = little((int) pageBytes);
                body.asFloatBuffer().put(page);
                out.write(body.array());
            }
            for (int page = 0; page < pages.size(); page++) {
                long next = page + 1 < pages.size() ? directoriesAt + (page + 1L) * DIRECTORY : 0;
                out.write(
                        directory(height, width, description.length, resolutionAt, pixelsAt + page * pageBytes, next));
            }
        });
    }

    private static byte[] directory(
            int height, int width, int descriptionLength, int resolutionAt, long pixelsAt, long next) {
        ByteBuffer directory = little(DIRECTORY);
        directory.putShort((short) ENTRIES);
        entry(directory, 256, 4, 1, width);
        entry(directory, 257, 4, 1, height);
        entry(directory, 258, 3, 1, 32);
        entry(directory, 259, 3, 1, 1);
        entry(directory, 262, 3, 1, 1);
        entry(directory, 270, 2, descriptionLength, HEADER);
        entry(directory, 273, 4, 1, (int) pixelsAt);
        entry(directory, 278, 4, 1, height);
        entry(directory, 279, 4, 1, 4 * height * width);
        entry(directory, 282, 5, 1, resolutionAt);
        entry(directory, 283, 5, 1, resolutionAt + 8);
        entry(directory, 339, 3, 1, 3);
        directory.putInt((int) next);
        return directory.array();
    }

    private static void entry(ByteBuffer directory, int tag, int type, int count, int value) {
        directory.putShort((short) tag).putShort((short) type).putInt(count);
        if (type == 3) directory.putShort((short) value).putShort((short) 0);
        else directory.putInt(value);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
