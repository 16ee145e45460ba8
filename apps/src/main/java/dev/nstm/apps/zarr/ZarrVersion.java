package dev.nstm.apps.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.files.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The two versions of OME-Zarr (NGFF) that are written, with the version of Zarr that each lies in
 * (zarr-specs.readthedocs.io). Chunks hold single-precision numbers, little-endian, compressed by what every reader
 * has.
 */
public enum ZarrVersion {
    /** NGFF 0.4 in Zarr 2, which all readers take. */
    NGFF_0_4("0.4") {
        @Override
        void group(Path directory, ObjectNode attributes) {
            write(directory.resolve(".zgroup"), JSON.createObjectNode().put("zarr_format", 2));
            write(directory.resolve(".zattrs"), attributes);
        }

        @Override
        ObjectNode attributes(ObjectNode ome) {
            for (JsonNode multiscale : ome.get("multiscales")) ((ObjectNode) multiscale).put("version", number());
            return ome;
        }

        @Override
        void array(Path directory, int[] shape, int[] chunk, List<String> axes) {
            ObjectNode array = JSON.createObjectNode().put("zarr_format", 2);
            array.set("shape", numbers(shape));
            array.set("chunks", numbers(chunk));
            array.put("dtype", "<f4").put("fill_value", 0.0).put("order", "C").put("dimension_separator", "/");
            array.putNull("filters");
            array.putObject("compressor").put("id", "zlib").put("level", LEVEL);
            write(directory.resolve(".zarray"), array);
        }

        @Override
        Path chunk(Path array, int... index) {
            return array.resolve(joined(index));
        }

        @Override
        OutputStream compressed(OutputStream out) {
            return new DeflaterOutputStream(out, new Deflater(LEVEL), BUFFER) {
                /** A deflater of one's own is not ended by the stream. */
                @Override
                public void close() throws IOException {
                    try {
                        super.close();
                    } finally {
                        def.end();
                    }
                }
            };
        }
    },

    /** NGFF 0.5 in Zarr 3. */
    NGFF_0_5("0.5") {
        @Override
        void group(Path directory, ObjectNode attributes) {
            ObjectNode group = JSON.createObjectNode().put("zarr_format", 3).put("node_type", "group");
            group.set("attributes", attributes);
            write(directory.resolve("zarr.json"), group);
        }

        @Override
        ObjectNode attributes(ObjectNode ome) {
            ObjectNode attributes = JSON.createObjectNode();
            attributes.set("ome", ome.put("version", number()));
            return attributes;
        }

        @Override
        void array(Path directory, int[] shape, int[] chunk, List<String> axes) {
            ObjectNode array = JSON.createObjectNode().put("zarr_format", 3).put("node_type", "array");
            array.set("shape", numbers(shape));
            array.put("data_type", "float32").put("fill_value", 0.0);
            array.putObject("chunk_grid")
                    .put("name", "regular")
                    .putObject("configuration")
                    .set("chunk_shape", numbers(chunk));
            array.putObject("chunk_key_encoding")
                    .put("name", "default")
                    .putObject("configuration")
                    .put("separator", "/");
            ArrayNode codecs = array.putArray("codecs");
            codecs.addObject().put("name", "bytes").putObject("configuration").put("endian", "little");
            codecs.addObject().put("name", "gzip").putObject("configuration").put("level", LEVEL);
            ArrayNode names = array.putArray("dimension_names");
            axes.forEach(names::add);
            array.putObject("attributes");
            write(directory.resolve("zarr.json"), array);
        }

        @Override
        Path chunk(Path array, int... index) {
            return array.resolve("c").resolve(joined(index));
        }

        @Override
        OutputStream compressed(OutputStream out) throws IOException {
            return new GZIPOutputStream(out, BUFFER) {
                {
                    def.setLevel(LEVEL);
                }
            };
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of the compression: higher ones hardly make smooth single-precision numbers smaller. */
    private static final int LEVEL = 1;

    private static final int BUFFER = 1 << 16;

    private final String number;

    ZarrVersion(String number) {
        this.number = number;
    }

    /** The version of NGFF. */
    public String number() {
        return number;
    }

    /** Writes the description of a group. */
    abstract void group(Path directory, ObjectNode attributes);

    /** Attributes of a group from what NGFF says of it. */
    abstract ObjectNode attributes(ObjectNode ome);

    /** Writes the description of an array. */
    abstract void array(Path directory, int[] shape, int[] chunk, List<String> axes);

    /** File of a chunk. */
    abstract Path chunk(Path array, int... index);

    abstract OutputStream compressed(OutputStream out) throws IOException;

    private static void write(Path file, ObjectNode description) {
        AtomicFile.write(
                file, out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(description)));
    }

    private static ArrayNode numbers(int[] values) {
        ArrayNode numbers = JSON.createArrayNode();
        for (int value : values) numbers.add(value);
        return numbers;
    }

    private static String joined(int[] index) {
        return IntStream.of(index).mapToObj(Integer::toString).collect(Collectors.joining("/"));
    }
}
