package dev.nstm.apps.zarr;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads OME-Zarr (NGFF 0.1 to 0.5): the full size of the first picture of a group, plane by plane; or an array that
 * stands alone. Axes are t, c, z, y and x, of which some may be missing.
 */
public final class OmeZarrReader {
    private static final String ORDER = "tczyx";

    private final ZarrArray array;
    private final ZarrPlanes planes;
    /** Index of an axis of the array by its name. */
    private final Map<Character, Integer> axes;

    private final Map<Character, Scale> scales;

    /**
     * Spacing of the samples along an axis.
     *
     * @param unit as the file spells it; empty where it says none
     */
    public record Scale(double spacing, String unit) {}

    private OmeZarrReader(ZarrArray array, Map<Character, Integer> axes, Map<Character, Scale> scales) {
        this.array = array;
        planes = new ZarrPlanes(array);
        this.axes = axes;
        this.scales = scales;
    }

    /** Whether a directory is Zarr. */
    public static boolean recognises(Path directory) {
        return Files.isDirectory(directory)
                && (Files.exists(directory.resolve(".zarray"))
                        || Files.exists(directory.resolve(".zgroup"))
                        || Files.exists(directory.resolve("zarr.json")));
    }

    /** @throws InvalidInputException naming what is damaged or not read */
    public static OmeZarrReader open(Path directory) throws IOException {
        Optional<ZarrArray> alone = ZarrArray.in(directory);
        if (alone.isPresent()) return of(alone.get(), List.of(), Map.of());
        JsonNode multiscale = multiscale(directory);
        Path path = directory
                .resolve(multiscale.path("datasets").path(0).path("path").asText())
                .normalize();
        require(path.startsWith(directory.normalize()), "%s names a dataset outside of itself", directory);
        ZarrArray array = ZarrArray.in(path)
                .orElseThrow(() -> new InvalidInputException(directory + " holds no array \""
                        + directory.normalize().relativize(path) + "\", which its description names"));
        List<String> names = new ArrayList<>();
        for (JsonNode axis : multiscale.path("axes"))
            names.add(axis.isTextual() ? axis.asText() : axis.path("name").asText());
        return of(array, names, scales(multiscale, names));
    }

    private static OmeZarrReader of(ZarrArray array, List<String> names, Map<Character, Scale> scales)
            throws IOException {
        require(array.hasChunks(), "%s describes an array of which no chunk is there", array.description());
        return new OmeZarrReader(array, axes(array, names), scales);
    }

    private static JsonNode multiscale(Path directory) throws IOException {
        JsonNode second =
                ZarrJson.read(directory.resolve(".zattrs")).map(ZarrJson::root).orElse(MissingNode.getInstance());
        JsonNode third = ZarrJson.read(directory.resolve("zarr.json"))
                .map(json -> json.node("attributes").path("ome"))
                .orElse(MissingNode.getInstance());
        JsonNode multiscales = (second.has("multiscales") ? second : third).path("multiscales");
        require(
                multiscales.path(0).path("datasets").path(0).has("path"),
                "%s is a Zarr group without a picture (multiscales); name the picture in it",
                directory);
        return multiscales.get(0);
    }

    /** By the names that are given, else by those of the array, else the last of t, c, z, y and x. */
    private static Map<Character, Integer> axes(ZarrArray array, List<String> given) {
        int count = array.shape().length;
        List<String> names = given.isEmpty() ? array.dimensions() : given;
        require(
                count <= ORDER.length() && (names.isEmpty() || names.size() == count),
                "%s has %d axes named %s; some of t, c, z, y, x are expected",
                array.description(),
                count,
                names);
        Map<Character, Integer> axes = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String name = names.isEmpty()
                    ? ORDER.substring(ORDER.length() - count + i, ORDER.length() - count + i + 1)
                    : names.get(i);
            require(
                    name.length() == 1 && ORDER.contains(name) && axes.put(name.charAt(0), i) == null,
                    "%s has an axis \"%s\"; t, c, z, y, x are expected, each once",
                    array.description(),
                    name);
        }
        require(
                axes.getOrDefault('y', -1) == count - 2 && axes.getOrDefault('x', -1) == count - 1,
                "%s has axes %s; rows (y) and columns (x) must be the last",
                array.description(),
                names);
        return axes;
    }

    /** Those of the data set, times those of all data sets together. */
    private static Map<Character, Scale> scales(JsonNode multiscale, List<String> names) {
        Map<Character, Scale> scales = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            double spacing = scale(multiscale.path("datasets").path(0), i) * scale(multiscale, i);
            String unit = multiscale.path("axes").path(i).path("unit").asText("");
            if (spacing > 0 && Double.isFinite(spacing)) scales.put(names.get(i).charAt(0), new Scale(spacing, unit));
        }
        return scales;
    }

    private static double scale(JsonNode of, int axis) {
        double scale = 1;
        for (JsonNode transformation : of.path("coordinateTransformations"))
            if (transformation.path("type").asText().equals("scale"))
                scale *= transformation.path("scale").path(axis).asDouble(0);
        return scale;
    }

    /** Samples along an axis; 1 where it is missing. */
    public int size(char axis) {
        return axes.containsKey(axis) ? array.shape()[axes.get(axis)] : 1;
    }

    /** Empty where the file does not say. */
    public Optional<Scale> scale(char axis) {
        return Optional.ofNullable(scales.get(axis));
    }

    /** A plane, row after row. */
    public double[] plane(int time, int channel, int z) throws IOException {
        int[] outer = new int[array.shape().length - 2];
        put(outer, 't', time);
        put(outer, 'c', channel);
        put(outer, 'z', z);
        return planes.at(outer);
    }

    private void put(int[] outer, char axis, int index) {
        if (axes.containsKey(axis)) outer[axes.get(axis)] = index;
    }
}
