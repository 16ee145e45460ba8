package dev.nstm.apps.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;

/** Raw shots of any format as an OME-Zarr that is made while it is asked for: a page is a time, a colour a channel. */
final class ShotAnswers {
    private static final int CHUNK = 256;

    private final Folders folders;
    private Path opened;
    private FileTime changed;
    /** Of the file asked for last; read again where memory ran short meanwhile. */
    private SoftReference<Shots> kept = new SoftReference<>(null);

    ShotAnswers(Folders folders) {
        this.folders = folders;
    }

    /** The shots of a file; those of the last one are kept. */
    synchronized Shots shots(int root, String relative) throws IOException {
        Path file = folders.existing(root, relative);
        Shots known = kept.get();
        FileTime now = Files.getLastModifiedTime(file);
        if (known != null && file.equals(opened) && now.equals(changed)) return known;
        Shots shots = Shots.read(file);
        kept = new SoftReference<>(shots);
        opened = file;
        changed = now;
        return shots;
    }

    /**
     * A file within the OME-Zarr.
     *
     * @param key such as {@code 0/3/0/0/1/0}
     */
    Answer part(int root, String relative, String key) throws IOException {
        Shots shots = shots(root, relative);
        return switch (key) {
            case ".zgroup" -> Answer.json(JsonNodeFactory.instance.objectNode().put("zarr_format", 2));
            case ".zattrs" -> Answer.json(attributes(shots));
            case "0/.zarray" -> Answer.json(array(shots));
            default ->
                key.matches("0(/\\d{1,7}){5}")
                        ? Answer.bytes(200, "application/octet-stream", chunk(shots, key))
                        : Answer.nothing();
        };
    }

    private static ObjectNode attributes(Shots shots) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ObjectNode multiscale = node.putArray("multiscales").addObject().put("version", "0.4");
        ArrayNode axes = multiscale.putArray("axes");
        boolean sized = shots.pixelSize().isPresent();
        for (String axis : new String[] {"t", "c", "z", "y", "x"}) {
            ObjectNode one = axes.addObject().put("name", axis);
            one.put("type", axis.equals("t") ? "time" : axis.equals("c") ? "channel" : "space");
            if (sized && (axis.equals("y") || axis.equals("x"))) one.put("unit", "micrometer");
        }
        ObjectNode scale = multiscale
                .putArray("datasets")
                .addObject()
                .put("path", "0")
                .putArray("coordinateTransformations")
                .addObject()
                .put("type", "scale");
        double pixel = shots.pixelSize().orElse(1);
        scale.putArray("scale").add(1).add(1).add(1).add(pixel).add(pixel);
        ArrayNode channels = node.putObject("omero").putArray("channels");
        String[] colours = {"red", "green", "blue"};
        for (int colour = 0; colour < shots.colours(); colour++) {
            ObjectNode window = channels.addObject()
                    .put(
                            "label",
                            "raw shots"
                                    + (shots.colours() == 1
                                            ? ""
                                            : " " + (shots.colours() == 3 ? colours[colour] : colour + 1)))
                    .put("color", "FFFFFF")
                    .put("active", true)
                    .putObject("window");
            float[] range = shots.range(colour);
            window.put("min", range[0])
                    .put("max", range[1])
                    .put("start", range[0])
                    .put("end", range[1]);
        }
        return node;
    }

    private static ObjectNode array(Shots shots) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("zarr_format", 2)
                .put("dtype", "<f4")
                .put("order", "C")
                .put("fill_value", 0)
                .put("dimension_separator", "/");
        node.putNull("compressor").putNull("filters");
        ArrayNode shape = node.putArray("shape");
        for (int size : new int[] {shots.count(), shots.colours(), shots.depth(), shots.height(), shots.width()})
            shape.add(size);
        ArrayNode chunks = node.putArray("chunks");
        for (int size : new int[] {1, 1, 1, Math.min(CHUNK, shots.height()), Math.min(CHUNK, shots.width())})
            chunks.add(size);
        return node;
    }

    private static byte[] chunk(Shots shots, String key) throws IOException {
        int[] at = Arrays.stream(key.split("/"))
                .skip(1)
                .mapToInt(Integer::parseInt)
                .toArray();
        int height = Math.min(CHUNK, shots.height());
        int width = Math.min(CHUNK, shots.width());
        int top = at[3] * height;
        int left = at[4] * width;
        if (at[0] >= shots.count()
                || at[1] >= shots.colours()
                || at[2] >= shots.depth()
                || top >= shots.height()
                || left >= shots.width()) throw new NoSuchFileException(key);
        float[] plane = shots.plane(at[0], at[1], at[2]);
        ByteBuffer bytes = ByteBuffer.allocate(4 * height * width).order(ByteOrder.LITTLE_ENDIAN);
        for (int y = 0; y < Math.min(height, shots.height() - top); y++)
            for (int x = 0; x < Math.min(width, shots.width() - left); x++)
                bytes.putFloat(4 * (y * width + x), plane[(top + y) * shots.width() + left + x]);
        return bytes.array();
    }
}
