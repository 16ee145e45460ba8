package dev.nstm.apps.zarr;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.files.AtomicFile;
import java.io.ByteArrayOutputStream;
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
 * The arrays of an OME-Zarr picture (ngff.openmicroscopy.org, 0.4 and 0.5): in full and, for viewers, reduced by 2
 * along rows and columns again and again. Chunks of zeros take no room.
 */
final class Pyramid {
    /** Rows and columns of a chunk, at most; even, so that the rows of a pair lie in one chunk. */
    private static final int CHUNK = 256;

    private final Path directory;
    private final ZarrVersion version;
    private final OmeZarrImage image;
    private final ChunkFile chunks;
    private final List<Level> levels = new ArrayList<>();

    /** How the file of a chunk comes into being. */
    interface ChunkFile {
        void write(Path file, AtomicFile.Body body) throws IOException;
    }

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

    /** @param chunks how their files come into being */
    Pyramid(Path directory, ZarrVersion version, OmeZarrImage image, ChunkFile chunks) {
        this.chunks = chunks;
        this.directory = directory;
        this.version = version;
        this.image = image;
        int height = image.height();
        int width = image.width();
        for (int reduction = 1; ; reduction *= 2) {
            levels.add(new Level(
                    directory.resolve(Integer.toString(levels.size())),
                    reduction,
                    height / reduction,
                    width / reduction));
            if (Math.max(height, width) / reduction <= CHUNK || Math.min(height, width) / reduction < 2) break;
        }
    }

    /** Describes the arrays, of which no chunk is there yet. */
    void describeArrays() throws IOException {
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
    }

    /** A plane that is given row after row; of every level the rows of a chunk are in memory. */
    PlaneWriter plane(int time, int channel, int z) {
        return new PlaneWriter(time, channel, z);
    }

    /** Writes a plane in all sizes. */
    final class PlaneWriter {
        private final int[] place;
        private final List<float[]> rows = new ArrayList<>();
        private final int[] given = new int[levels.size()];

        private PlaneWriter(int... place) {
            this.place = place;
            for (Level level : levels) rows.add(new float[level.chunkHeight() * level.width]);
        }

        /** The next rows of the plane. */
        void add(float[] values) throws IOException {
            int width = levels.getFirst().width;
            require(values.length % width == 0, "rows of %d values were expected, got %d", width, values.length);
            for (int from = 0; from < values.length; from += width) add(0, values, from);
        }

        private void add(int index, float[] values, int from) throws IOException {
            Level level = levels.get(index);
            float[] kept = rows.get(index);
            require(given[index] < level.height, "more than %d rows were given", level.height);
            int inChunk = given[index] % level.chunkHeight();
            System.arraycopy(values, from, kept, inChunk * level.width, level.width);
            given[index]++;
            if (index + 1 < levels.size() && given[index] % 2 == 0 && given[index + 1] < levels.get(index + 1).height)
                add(index + 1, reduced(kept, (inChunk - 1) * level.width, level.width), 0);
            if (inChunk + 1 == level.chunkHeight() || given[index] == level.height) {
                int row = (given[index] - 1) / level.chunkHeight();
                for (int column = 0; column * CHUNK < level.width; column++)
                    writeChunk(level, kept, inChunk + 1, row, column, place);
            }
        }
    }

    /** Means of 2x2 pixels of two rows; a last column without a partner is left out. */
    private static float[] reduced(float[] values, int from, int width) {
        float[] reduced = new float[width / 2];
        for (int x = 0; x < reduced.length; x++) {
            int at = from + 2 * x;
            reduced[x] = 0.25f * (values[at] + values[at + 1] + values[at + width] + values[at + width + 1]);
        }
        return reduced;
    }

    /** Chunks at the far borders are as large as the others, filled up with zeros. */
    private void writeChunk(Level level, float[] values, int height, int row, int column, int[] place)
            throws IOException {
        int width = level.chunkWidth();
        int columns = Math.min(width, level.width - column * width);
        ByteBuffer bytes = ByteBuffer.allocate(4 * level.chunkHeight() * width).order(ByteOrder.LITTLE_ENDIAN);
        boolean empty = true;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < columns; x++) {
                float value = values[y * level.width + column * width + x];
                bytes.putFloat(4 * (y * width + x), value);
                empty &= value == 0;
            }
        }
        Path file = version.chunk(level.array, place[0], place[1], place[2], row, column);
        if (empty) {
            Files.deleteIfExists(file);
            return;
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = version.compressed(packed)) {
            out.write(bytes.array());
        }
        chunks.write(file, packed::writeTo);
    }

    /** Describes the picture; the file by which readers know it. */
    void describe(List<Shown> ranges) {
        version.group(directory, version.attributes(description(ranges)));
    }

    /** What NGFF says of the picture, and OMERO of its channels. */
    private ObjectNode description(List<Shown> ranges) {
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
        addDisplay(description.putObject("omero"), ranges);
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

    private void addDisplay(ObjectNode omero, List<Shown> ranges) {
        omero.put("name", image.name());
        ArrayNode channels = omero.putArray("channels");
        for (int i = 0; i < image.channels().size(); i++) {
            OmeZarrImage.Channel channel = image.channels().get(i);
            Shown range = ranges.get(i);
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
