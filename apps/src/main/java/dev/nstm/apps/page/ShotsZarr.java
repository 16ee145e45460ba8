package dev.nstm.apps.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;

/** Raw shots as the files of an OME-Zarr (0.4): a page is a time, a colour a channel; reduced by 2 again and again. */
record ShotsZarr(Shots shots) {
    private static final int CHUNK = 256;
    /** The longer side of the smallest size is at most this. */
    private static final int SMALLEST = 512;

    private static final List<String> COLOURS = List.of("red", "green", "blue");

    private int levels() {
        int levels = 1;
        while (Math.max(shots.height(), shots.width()) >> (levels - 1) > SMALLEST
                && Math.min(shots.height(), shots.width()) >> levels > 0) levels++;
        return levels;
    }

    ObjectNode attributes() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ObjectNode multiscale = node.putArray("multiscales").addObject().put("version", "0.4");
        ArrayNode axes = multiscale.putArray("axes");
        for (String axis : List.of("t", "c", "z", "y", "x")) {
            ObjectNode one = axes.addObject().put("name", axis);
            one.put("type", axis.equals("t") ? "time" : axis.equals("c") ? "channel" : "space");
            if (shots.pixelSize().isPresent() && (axis.equals("y") || axis.equals("x"))) one.put("unit", "micrometer");
        }
        ArrayNode datasets = multiscale.putArray("datasets");
        for (int level = 0; level < levels(); level++) {
            double pixel = shots.pixelSize().orElse(1) * (1 << level);
            datasets.addObject()
                    .put("path", Integer.toString(level))
                    .putArray("coordinateTransformations")
                    .addObject()
                    .put("type", "scale")
                    .putArray("scale")
                    .add(1)
                    .add(1)
                    .add(1)
                    .add(pixel)
                    .add(pixel);
        }
        ArrayNode channels = node.putObject("omero").putArray("channels");
        for (int colour = 0; colour < shots.colours(); colour++) {
            float[] range = shots.range(colour);
            channels.addObject()
                    .put("label", label(colour))
                    .put("color", "FFFFFF")
                    .put("active", true)
                    .putObject("window")
                    .put("min", range[0])
                    .put("max", range[1])
                    .put("start", range[0])
                    .put("end", range[1]);
        }
        return node;
    }

    private String label(int colour) {
        if (shots.colours() == 1) return "raw shots";
        return "raw shots " + (shots.colours() == COLOURS.size() ? COLOURS.get(colour) : colour + 1);
    }

    private int height(int level) {
        return shots.height() >> level;
    }

    private int width(int level) {
        return shots.width() >> level;
    }

    private int[] chunkSize(int level) {
        return new int[] {Math.min(CHUNK, height(level)), Math.min(CHUNK, width(level))};
    }

    ObjectNode array(int level) throws NoSuchFileException {
        if (level >= levels()) throw new NoSuchFileException("size " + level);
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("zarr_format", 2)
                .put("dtype", "<f4")
                .put("order", "C")
                .put("fill_value", 0)
                .put("dimension_separator", "/");
        node.putNull("compressor").putNull("filters");
        ArrayNode shape = node.putArray("shape");
        for (int size : new int[] {shots.count(), shots.colours(), shots.depth(), height(level), width(level)})
            shape.add(size);
        ArrayNode chunks = node.putArray("chunks");
        for (int i = 0; i < 3; i++) chunks.add(1);
        for (int size : chunkSize(level)) chunks.add(size);
        return node;
    }

    /** @param key level, time, colour, plane, row and column of the chunk */
    byte[] chunk(int level, String key) throws NoSuchFileException {
        int[] at = Arrays.stream(key.split("/"))
                .skip(1)
                .mapToInt(Integer::parseInt)
                .toArray();
        int[] size = chunkSize(Math.min(level, levels() - 1));
        int top = at[3] * size[0];
        int left = at[4] * size[1];
        if (level >= levels()
                || at[0] >= shots.count()
                || at[1] >= shots.colours()
                || at[2] >= shots.depth()
                || top >= height(level)
                || left >= width(level)) throw new NoSuchFileException(key);
        float[] plane = shots.plane(at[0], at[1], at[2]);
        ByteBuffer bytes = ByteBuffer.allocate(4 * size[0] * size[1]).order(ByteOrder.LITTLE_ENDIAN);
        for (int y = 0; y < Math.min(size[0], height(level) - top); y++)
            for (int x = 0; x < Math.min(size[1], width(level) - left); x++)
                bytes.putFloat(4 * (y * size[1] + x), mean(plane, top + y, left + x, 1 << level));
        return bytes.array();
    }

    /** Of the pixels that one of a reduced picture stands for. */
    private float mean(float[] plane, int row, int column, int factor) {
        double sum = 0;
        for (int y = row * factor; y < (row + 1) * factor; y++)
            for (int x = column * factor; x < (column + 1) * factor; x++) sum += plane[y * shots.width() + x];
        return (float) (sum / factor / factor);
    }
}
