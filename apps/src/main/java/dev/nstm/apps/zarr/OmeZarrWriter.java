package dev.nstm.apps.zarr;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.files.AtomicDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Writes OME-Zarr (ngff.openmicroscopy.org, 0.4 and 0.5): a picture in full and, for viewers, reduced by 2 along rows
 * and columns again and again. A plane at a time is in memory; chunks of zeros take no room.
 */
public final class OmeZarrWriter {
    /** Rows and columns of a chunk, at most. */
    private static final int CHUNK = 256;

    private final Path directory;
    private final ZarrVersion version;
    private final OmeZarrImage image;
    private final List<Level> levels = new ArrayList<>();
    private final List<DisplayRange> ranges = new ArrayList<>();

    /**
     * The picture in one size.
     *
     * @param reduction its rows and columns are so many times fewer
     */
    private record Level(Path array, int reduction, int height, int width) {
        int chunkHeight() {
            return Math.min(CHUNK, height);
        }

        int chunkWidth() {
            return Math.min(CHUNK, width);
        }
    }

    private OmeZarrWriter(Path directory, ZarrVersion version, OmeZarrImage image) {
        this.directory = directory;
        this.version = version;
        this.image = image;
        int height = image.size(3);
        int width = image.size(4);
        for (int reduction = 1; ; reduction *= 2) {
            levels.add(new Level(
                    directory.resolve(Integer.toString(levels.size())),
                    reduction,
                    height / reduction,
                    width / reduction));
            if (Math.max(height, width) / reduction <= CHUNK || Math.min(height, width) / reduction < 2) break;
        }
        for (int channel = 0; channel < image.size(1); channel++)
            ranges.add(new DisplayRange((long) image.size(0) * image.size(2) * height * width));
    }

    /**
     * Writes a picture into a directory of its own, whole or not at all; what was there before is replaced.
     *
     * @throws dev.nstm.tensor.InvalidInputException naming the directory and the cause where it cannot be written
     */
    public static void write(Path directory, ZarrVersion version, OmeZarrImage image) {
        AtomicDirectory.write(directory, part -> new OmeZarrWriter(part, version, image).write());
    }

    private void write() throws IOException {
        for (Level level : levels) {
            Files.createDirectories(level.array);
            version.array(
                    level.array,
                    new int[] {image.size(0), image.size(1), image.size(2), level.height, level.width},
                    new int[] {1, 1, 1, level.chunkHeight(), level.chunkWidth()},
                    image.axes().stream()
                            .map(axis -> String.valueOf(axis.name()))
                            .toList());
        }
        for (int time = 0; time < image.size(0); time++)
            for (int channel = 0; channel < image.size(1); channel++)
                for (int z = 0; z < image.size(2); z++) writePlane(time, channel, z);
        version.group(directory, version.attributes(description()));
    }

    private void writePlane(int time, int channel, int z) throws IOException {
        float[] values = image.planes().at(time, channel, z);
        require(
                values.length == image.size(3) * image.size(4),
                "a plane of %dx%d was expected, got %d values",
                image.size(3),
                image.size(4),
                values.length);
        ranges.get(channel).add(values);
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            if (i > 0) values = reduced(values, levels.get(i - 1).width, level.height, level.width);
            for (int row = 0; row * CHUNK < level.height; row++)
                for (int column = 0; column * CHUNK < level.width; column++)
                    writeChunk(level, values, row, column, time, channel, z);
        }
    }

    /** Means of 2x2 pixels; a last row or column without a partner is left out. */
    private static float[] reduced(float[] values, int width, int newHeight, int newWidth) {
        float[] reduced = new float[newHeight * newWidth];
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                int from = 2 * y * width + 2 * x;
                reduced[y * newWidth + x] =
                        0.25f * (values[from] + values[from + 1] + values[from + width] + values[from + width + 1]);
            }
        }
        return reduced;
    }

    /** Chunks at the far borders are as large as the others, filled up with zeros. */
    private void writeChunk(Level level, float[] values, int row, int column, int time, int channel, int z)
            throws IOException {
        int height = level.chunkHeight();
        int width = level.chunkWidth();
        ByteBuffer bytes = ByteBuffer.allocate(4 * height * width).order(ByteOrder.LITTLE_ENDIAN);
        boolean empty = true;
        for (int y = 0; y < Math.min(height, level.height - row * height); y++) {
            for (int x = 0; x < Math.min(width, level.width - column * width); x++) {
                float value = values[(row * height + y) * level.width + column * width + x];
                bytes.putFloat(4 * (y * width + x), value);
                empty &= value == 0;
            }
        }
        if (empty) return;
        Path file = version.chunk(level.array, time, channel, z, row, column);
        Files.createDirectories(file.getParent());
        try (OutputStream out = version.compressed(Files.newOutputStream(file))) {
            out.write(bytes.array());
        }
    }

    /** What NGFF says of the picture, and OMERO of its channels. */
    private ObjectNode description() {
        ObjectNode description = JsonNodeFactory.instance.objectNode();
        ObjectNode multiscale = description.putArray("multiscales").addObject();
        multiscale.put("name", image.name()).put("type", "mean");
        ArrayNode axes = multiscale.putArray("axes");
        for (OmeZarrImage.Axis axis : image.axes()) {
            ObjectNode node =
                    axes.addObject().put("name", String.valueOf(axis.name())).put("type", axis.type());
            if (!axis.unit().isEmpty()) node.put("unit", axis.unit());
        }
        ArrayNode datasets = multiscale.putArray("datasets");
        for (int i = 0; i < levels.size(); i++) {
            int reduction = levels.get(i).reduction;
            ArrayNode transformations =
                    datasets.addObject().put("path", Integer.toString(i)).putArray("coordinateTransformations");
            transform(transformations, "scale", axis -> axis.spacing() * (lateral(axis) ? reduction : 1));
            // The middle of the first of many pixels lies further in than that of one.
            if (reduction > 1)
                transform(
                        transformations,
                        "translation",
                        axis -> lateral(axis) ? axis.spacing() * (reduction - 1) / 2 : 0);
        }
        ArrayNode times = multiscale.putObject("metadata").putArray("times");
        DoubleStream.of(image.times()).forEach(times::add);
        addDisplay(description.putObject("omero"));
        return description;
    }

    private static boolean lateral(OmeZarrImage.Axis axis) {
        return axis.name() == 'y' || axis.name() == 'x';
    }

    private interface OfAxis {
        double value(OmeZarrImage.Axis axis);
    }

    private void transform(ArrayNode transformations, String type, OfAxis factor) {
        ArrayNode values = transformations.addObject().put("type", type).putArray(type);
        for (OmeZarrImage.Axis axis : image.axes()) values.add(factor.value(axis));
    }

    private void addDisplay(ObjectNode omero) {
        omero.put("name", image.name());
        ArrayNode channels = omero.putArray("channels");
        for (int i = 0; i < image.channels().size(); i++) {
            OmeZarrImage.Channel channel = image.channels().get(i);
            DisplayRange range = ranges.get(i);
            channels.addObject()
                    .put("label", channel.label())
                    .put("color", channel.colour())
                    .put("active", channel.shown())
                    .put("coefficient", 1)
                    .put("family", "linear")
                    .put("inverted", false)
                    .putObject("window")
                    .put("min", range.least())
                    .put("max", range.largest())
                    .put("start", range.dark())
                    .put("end", range.bright());
        }
        omero.putObject("rdefs")
                .put("defaultT", 0)
                .put("defaultZ", image.size(2) / 2)
                .put(
                        "model",
                        image.channels().stream()
                                                .filter(OmeZarrImage.Channel::shown)
                                                .count()
                                        > 1
                                ? "color"
                                : "greyscale");
    }
}
