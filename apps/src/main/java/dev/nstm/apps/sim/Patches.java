package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Systems;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.TextFile;
import dev.nstm.files.AtomicFile;
import dev.nstm.imaging.PatchPlan;
import dev.nstm.optics.Oversampling;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A large field cut into patches that are reconstructed one by one: a directory with the configuration of all, the list
 * of patches, and a directory for each.
 *
 * @param directory of the whole
 * @param rows of the field, in pixels of the camera
 * @param columns of the field
 * @param overlap pixels that neighbours share at least
 * @param list the patches
 */
public record Patches(Path directory, int rows, int columns, int overlap, List<Patch> list) {
    private static final String LIST = "patches.json";
    private static final String CONFIGURATION = "config.yaml";
    /** Patterns are sought in this many pixels around the middle of the field. */
    private static final int SEARCHED = 256;

    private static final int MOST_PATCHES = 100_000;

    /** One patch: its place in the field, in pixels of the camera. */
    public record Patch(String name, int row, int column, int rows, int columns) {}

    /**
     * Cuts the field of the configured data; patterns that the configuration leaves open are found once for all
     * patches.
     */
    public static Patches plan(Configuration given, int rows, int columns, int overlap, Path directory)
            throws IOException {
        require(
                given.get(Keys.SYSTEM).equals(Sim.NAME),
                "patches are made of structured illumination (system: sim), got system: %s",
                given.get(Keys.SYSTEM));
        require(
                given.find(Keys.DATA_CROP).isEmpty(),
                "data.crop and patches exclude each other; cut the stack first, or leave data.crop away");
        require(
                !Files.exists(directory.resolve(LIST)),
                "%s holds a plan already; choose another directory, or remove it",
                directory);
        Configuration configuration = absolute(given);
        double zoom = given.get(SimKeys.SIM_ZOOM);
        SimMeasurement measurement = SimMeasurement.load(configuration);
        int height = measurement.cameraRows(zoom);
        int width = measurement.cameraColumns(zoom);
        Oversampling.whole(rows, zoom, "rows of a patch");
        Oversampling.whole(columns, zoom, "columns of a patch");
        if (configuration.find(SimKeys.SIM_ANGLES).isEmpty()
                && configuration.find(SimKeys.SIM_LINE_SPACINGS).isEmpty()) {
            int h = Math.min(SEARCHED, height);
            int w = Math.min(SEARCHED, width);
            configuration = Patterns.with(
                    configuration,
                    Patterns.found(measurement.cropped(new double[] {(height - h) / 2, (width - w) / 2, h, w}, zoom)));
        }
        Patches patches = new Patches(directory, height, width, overlap, cut(height, width, rows, columns, overlap));
        String yaml = configuration.toYaml();
        AtomicFile.write(directory.resolve(CONFIGURATION), out -> out.write(yaml.getBytes(StandardCharsets.UTF_8)));
        patches.write();
        return patches;
    }

    /** Jobs start in directories of their own: files are named in full. */
    private static Configuration absolute(Configuration c) throws IOException {
        Configuration absolute = c.with(Keys.DATA_FILE, ImageFiles.absolute(c.get(Keys.DATA_FILE)));
        for (Key<String> key : List.of(SimKeys.SIM_OTF, SimKeys.SIM_PSF, SimKeys.DATA_TIMESTAMPS)) {
            Optional<String> file = c.find(key).filter(name -> !name.equals("theoretical"));
            if (file.isPresent())
                absolute = absolute.with(
                        key,
                        Path.of(file.get().strip()).toAbsolutePath().normalize().toString());
        }
        return absolute;
    }

    private void write() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode()
                .put("rows", rows)
                .put("columns", columns)
                .put("overlap", overlap);
        ArrayNode array = root.putArray("patches");
        for (Patch patch : list)
            array.addObject()
                    .put("name", patch.name)
                    .put("row", patch.row)
                    .put("column", patch.column)
                    .put("rows", patch.rows)
                    .put("columns", patch.columns);
        byte[] json = mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        AtomicFile.write(directory.resolve(LIST), out -> out.write(json));
    }

    /** Reads what {@link #plan} wrote. */
    public static Patches read(Path directory) throws IOException {
        Path file = directory.resolve(LIST);
        require(Files.isRegularFile(file), "%s holds no %s; make it with nstm patches plan", directory, LIST);
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(TextFile.read(file));
        } catch (JsonProcessingException broken) {
            throw new InvalidInputException(
                    file + " is damaged ("
                            + broken.getOriginalMessage().lines().findFirst().orElse("unreadable")
                            + "); make it anew with nstm patches plan",
                    broken);
        }
        List<Patch> list = new ArrayList<>();
        for (JsonNode patch : root.path("patches")) {
            list.add(new Patch(
                    patch.path("name").asText(),
                    patch.path("row").asInt(-1),
                    patch.path("column").asInt(-1),
                    patch.path("rows").asInt(-1),
                    patch.path("columns").asInt(-1)));
        }
        Patches patches = new Patches(
                directory,
                root.path("rows").asInt(-1),
                root.path("columns").asInt(-1),
                root.path("overlap").asInt(-1),
                List.copyOf(list));
        try {
            require(
                    !list.isEmpty()
                            && list.equals(cut(
                                    patches.rows,
                                    patches.columns,
                                    list.getFirst().rows,
                                    list.getFirst().columns,
                                    patches.overlap)),
                    "its patches are not those that its field of %dx%d and overlap of %d make",
                    patches.rows,
                    patches.columns,
                    patches.overlap);
        } catch (InvalidInputException changed) {
            throw new InvalidInputException(
                    file + " is damaged (" + changed.getMessage() + "); make it anew with nstm patches plan", changed);
        }
        return patches;
    }

    /** Patches that cover a field, in order. */
    private static List<Patch> cut(int height, int width, int rows, int columns, int overlap) {
        require(
                height >= 1
                        && width >= 1
                        && rows >= 1
                        && columns >= 1
                        && (long) height * width <= Integer.MAX_VALUE
                        && (long) Math.ceilDiv(height, rows) * Math.ceilDiv(width, columns) <= MOST_PATCHES,
                "a field of %dx%d cannot be cut into patches of %dx%d",
                height,
                width,
                rows,
                columns);
        List<Patch> list = new ArrayList<>();
        for (int[] start : PatchPlan.of(new int[] {height, width}, new int[] {rows, columns}, overlap)
                .starts()) {
            list.add(new Patch(
                    String.format(Locale.ROOT, "patch-%03d", list.size()), start[0], start[1], rows, columns));
        }
        return list;
    }

    /** Configuration of one patch. */
    public Configuration configuration(Patch patch) throws IOException {
        return configuration().with(Keys.DATA_CROP, new double[] {patch.row, patch.column, patch.rows, patch.columns});
    }

    Configuration configuration() throws IOException {
        return Configuration.read(directory.resolve(CONFIGURATION), List.of(), Systems.only(new Sim()));
    }

    /** Where a patch is reconstructed. */
    public Path directory(Patch patch) {
        return directory.resolve(patch.name);
    }

    /** Whether a patch has been reconstructed. */
    public boolean done(Patch patch) {
        return Files.isRegularFile(directory(patch).resolve("recon.npz"));
    }
}
