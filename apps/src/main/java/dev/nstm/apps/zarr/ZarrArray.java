package dev.nstm.apps.zarr;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nstm.tensor.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An array in a directory, version 2 or 3 of Zarr, of which only those chunks are read that are asked for.
 *
 * @param description file in the directory that it lies in
 * @param shape extents, outermost first
 * @param chunk extents of a chunk
 * @param type of its elements
 * @param packing how chunks are packed, in the order in which they are unpacked
 * @param fill value of what was never written
 * @param prefix of a chunk's name
 * @param separator between the numbers of a chunk's name
 * @param dimensions names of its axes, where they are said
 */
record ZarrArray(
        Path description,
        int[] shape,
        int[] chunk,
        ZarrType type,
        List<ZarrCodec> packing,
        double fill,
        String prefix,
        String separator,
        List<String> dimensions) {
    /** Share of the heap that a chunk may take, which is unpacked whole. */
    private static final double LARGEST_CHUNK = 0.2;

    /** The array in a directory; empty where there is none. */
    static Optional<ZarrArray> in(Path directory) throws IOException {
        Optional<ZarrJson> second = ZarrJson.read(directory.resolve(".zarray"));
        if (second.isPresent()) return Optional.of(ofVersion2(second.get()));
        return ZarrJson.read(directory.resolve("zarr.json"))
                .filter(json -> json.text("node_type", "").equals("array"))
                .map(ZarrArray::ofVersion3);
    }

    private static ZarrArray ofVersion2(ZarrJson json) throws IOException {
        Path file = json.file();
        require(
                json.text("order", "C").equals("C"),
                "%s lies in column-major order, which is not read; write it in order C",
                file);
        require(
                json.node("filters").isEmpty(),
                "%s is packed with the filter %s, which is not read; write it without",
                file,
                json.node("filters").path(0).path("id").asText());
        JsonNode compressor = json.node("compressor");
        List<ZarrCodec> packing = compressor.isObject()
                ? List.of(ZarrCodec.named(compressor.path("id").asText(), file))
                : List.of();
        return new ZarrArray(
                file,
                json.extents("shape"),
                json.extents("chunks"),
                ZarrType.ofVersion2(json.text("dtype", ""), file),
                packing,
                json.number("fill_value"),
                "",
                json.text("dimension_separator", separator(file.getParent())),
                List.of());
    }

    /** Some writers nest chunks in directories without saying so. */
    private static String separator(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("\\d+") && Files.isDirectory(file))
                    ? "/"
                    : ".";
        }
    }

    private static ZarrArray ofVersion3(ZarrJson json) {
        Path file = json.file();
        String grid = json.node("chunk_grid").path("name").asText();
        require(grid.equals("regular"), "%s has a grid of chunks of kind %s; regular ones are read", file, grid);
        JsonNode keys = json.node("chunk_key_encoding");
        boolean asInVersion2 = keys.path("name").asText().equals("v2");
        boolean bigEndian = false;
        List<ZarrCodec> packing = new ArrayList<>();
        for (JsonNode codec : json.node("codecs")) {
            String name = codec.path("name").asText();
            if (name.equals("bytes"))
                bigEndian = codec.path("configuration").path("endian").asText().equals("big");
            else packing.addFirst(ZarrCodec.named(name, file));
        }
        return new ZarrArray(
                file,
                json.extents("shape"),
                new ZarrJson(file, json.node("chunk_grid").path("configuration")).extents("chunk_shape"),
                ZarrType.ofVersion3(json.text("data_type", ""), bigEndian, file),
                packing,
                json.number("fill_value"),
                asInVersion2 ? "" : "c",
                keys.path("configuration").path("separator").asText(asInVersion2 ? "." : "/"),
                json.texts("dimension_names"));
    }

    ZarrArray {
        require(
                shape.length == chunk.length && shape.length >= 2,
                "%s is damaged: its shape %s and its chunks %s are no pictures",
                description,
                Arrays.toString(shape),
                Arrays.toString(chunk));
        long bytes = type.bytes();
        for (int extent : chunk) bytes = Math.multiplyHigh(bytes, extent) == 0 ? bytes * extent : Long.MAX_VALUE;
        require(
                bytes > 0
                        && bytes
                                <= Math.min(
                                        Integer.MAX_VALUE - 64,
                                        LARGEST_CHUNK * Runtime.getRuntime().maxMemory()),
                "%s has chunks of %s, which are too large to be read; write it in smaller ones",
                description,
                Arrays.toString(chunk));
    }

    /** That it lies in. */
    Path directory() {
        return description.getParent();
    }

    /** Where a chunk lies. */
    Path file(int... index) {
        StringBuilder name = new StringBuilder(prefix);
        for (int i : index) name.append(name.isEmpty() ? "" : separator).append(i);
        return directory().resolve(name.toString());
    }

    int chunkBytes() {
        return Sizes.product("a chunk", chunk) * type.bytes();
    }

    /** Whether anything at all was written. */
    boolean hasChunks() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.anyMatch(file -> !file.getFileName().toString().startsWith(".")
                    && !file.getFileName().equals(description.getFileName()));
        }
    }
}
