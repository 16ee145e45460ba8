package dev.nstm.apps.batch;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Systems;
import dev.nstm.apps.instrument.Extent;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.ShotWindow;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.Region;
import dev.nstm.apps.io.TextFile;
import dev.nstm.apps.zarr.OmeZarrMovie;
import dev.nstm.files.AtomicDirectory;
import dev.nstm.files.AtomicFile;
import dev.nstm.imaging.PatchPlan;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A recording cut into pieces: a directory with the configuration of all, how they are cut, a table of them for people
 * and other programs, and a directory for each. Pieces are counted window after window, in each patch after patch.
 *
 * @param directory of the whole
 * @param extent of the recording
 * @param windowShots shots of a window
 * @param windowStep shots from window to window
 * @param patchRows of a patch, in pixels of the camera
 * @param patchColumns of a patch
 * @param overlap pixels that neighbouring patches share at least
 * @param windows first shot of each
 * @param patches place of each
 */
public record Batch(
        Path directory,
        Extent extent,
        int windowShots,
        int windowStep,
        int patchRows,
        int patchColumns,
        int overlap,
        List<Integer> windows,
        List<Region> patches) {
    private static final String PLAN = "batch.json";
    private static final String DIGEST = "configuration";
    private static final String TABLE = "pieces.tsv";
    private static final String CONFIGURATION = "config.yaml";
    private static final String PIECES = "pieces";
    private static final int MOST_PIECES = 10_000_000;
    /** Epochs of a window that goes on from the one before, and shares no shot with it, are so many times fewer. */
    private static final int FEWER_EPOCHS = 4;
    /** The same of windows of one shot, whose motion is hardly known before. */
    private static final int FEWER_EPOCHS_OF_A_SHOT = 2;

    /** Whether a configuration asks for pieces. */
    public static boolean wanted(Configuration c) {
        return c.find(Keys.WINDOWS_SHOTS).isPresent()
                || c.find(Keys.PATCHES_SIZE).isPresent();
    }

    /** Whether a directory holds a plan. */
    public static boolean plannedIn(Path directory) {
        return Files.exists(directory.resolve(PLAN));
    }

    /** Removes a plan with all that came of it. */
    public static void remove(Path directory) throws IOException {
        // The plan last: what is left of an interruption still belongs to it.
        for (String name : List.of(PIECES, MovieMerge.NAME, MovieMerge.NAME + OmeZarrMovie.LIST, TABLE, PLAN))
            AtomicDirectory.delete(directory.resolve(name));
    }

    /**
     * Cuts a recording as the configuration says, and writes the plan.
     *
     * @throws InvalidInputException where it cannot be cut so, or the directory holds another plan
     */
    public static Batch plan(Instrument instrument, Configuration given, Path directory) throws IOException {
        Extent extent = instrument
                .extent(given)
                .orElseThrow(() -> InvalidInputException.of(
                        "recordings of system: %s are not cut into pieces", given.get(Keys.SYSTEM)));
        require(
                given.find(Keys.DATA_CROP).isEmpty(),
                "data.crop and pieces exclude each other; cut the recording first, or leave data.crop away");
        require(given.find(Keys.DATA_SHOTS).isEmpty(), "data.shots and pieces exclude each other; use data.pages");
        int shots = Math.min(given.find(Keys.WINDOWS_SHOTS).orElse(extent.shots()), extent.shots());
        double[] size = given.find(Keys.PATCHES_SIZE).orElse(new double[] {extent.rows(), extent.columns()});
        require(
                size.length == 2 && Arrays.stream(size).allMatch(pixels -> pixels == Math.rint(pixels)),
                "patches.size needs two whole numbers (rows, columns), got %s",
                Arrays.toString(size));
        Batch batch = of(
                directory,
                extent,
                shots,
                given.find(Keys.WINDOWS_STEP).orElseGet(() -> half(shots, extent.together())),
                (int) Math.min(size[0], extent.rows()),
                (int) Math.min(size[1], extent.columns()),
                given.find(Keys.PATCHES_OVERLAP).orElse(0));
        if (plannedIn(directory)) {
            require(
                    read(directory).equals(batch)
                            && digest(given).equals(json(directory).path(DIGEST).asText()),
                    "%s holds another plan already, or one for other settings or data; choose another directory, or remove it",
                    directory);
            return batch;
        }
        require(
                !Files.exists(directory.resolve(PIECES)),
                "%s holds pieces of a plan that is gone; choose another directory, or remove it",
                directory);
        Files.createDirectories(directory);
        String yaml = instrument.shared(given, directory).toYaml();
        AtomicFile.write(directory.resolve(CONFIGURATION), out -> out.write(yaml.getBytes(StandardCharsets.UTF_8)));
        batch.writeTable();
        batch.write(digest(given));
        return batch;
    }

    /** Half of a window, in whole groups of shots. */
    private static int half(int shots, int group) {
        return Math.max(1, shots / group / 2) * group;
    }

    private static Batch of(Path directory, Extent extent, int shots, int step, int rows, int columns, int overlap) {
        require(
                shots % extent.together() == 0 && step % extent.together() == 0,
                "windows of %d shots, %d apart, tear apart what belongs together: %d shots each (windows.shots, windows.step)",
                shots,
                step,
                extent.together());
        require(
                step >= 1 && step <= shots,
                "windows.step: windows of %d shots, %d apart, leave shots out",
                shots,
                step);
        int group = extent.together();
        List<Integer> windows = PatchPlan.of(
                        new int[] {extent.shots() / group}, new int[] {shots / group}, (shots - step) / group)
                .starts()
                .stream()
                .map(start -> start[0] * group)
                .toList();
        require(
                (long) Math.ceilDiv(extent.rows(), rows) * Math.ceilDiv(extent.columns(), columns) * windows.size()
                        <= MOST_PIECES,
                "a recording of %d shots of %dx%d is not cut into windows of %d shots and patches of %dx%d: more than %d pieces",
                extent.shots(),
                extent.rows(),
                extent.columns(),
                shots,
                rows,
                columns,
                MOST_PIECES);
        List<Region> patches =
                PatchPlan.of(new int[] {extent.rows(), extent.columns()}, new int[] {rows, columns}, overlap)
                        .starts()
                        .stream()
                        .map(start -> new Region(start[0], start[1], rows, columns))
                        .toList();
        return new Batch(directory, extent, shots, step, rows, columns, overlap, windows, patches);
    }

    private static String digest(Configuration given) throws IOException {
        try {
            String named = given.with(Keys.DATA_FILE, ImageFiles.absolute(given.get(Keys.DATA_FILE)))
                    .toYaml();
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(named.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static JsonNode json(Path directory) throws IOException {
        return new ObjectMapper().readTree(TextFile.read(directory.resolve(PLAN)));
    }

    /** @param digest of the configuration that was given */
    private void write(String digest) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode()
                .put("shots", extent.shots())
                .put("together", extent.together())
                .put("planes", extent.planes())
                .put("rows", extent.rows())
                .put("columns", extent.columns())
                .put("windowShots", windowShots)
                .put("windowStep", windowStep)
                .put("patchRows", patchRows)
                .put("patchColumns", patchColumns)
                .put("overlap", overlap)
                .put(DIGEST, digest);
        byte[] json = mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        AtomicFile.write(directory.resolve(PLAN), out -> out.write(json));
    }

    /** For people, and for programs that schedule the pieces themselves. */
    private void writeTable() {
        AtomicFile.write(directory.resolve(TABLE), out -> {
            PrintWriter table = new PrintWriter(out, false, StandardCharsets.UTF_8);
            table.print("piece\tname\tafter\tfirst shot\tshots\trow\tcolumn\trows\tcolumns\n");
            for (int number = 0; number < count(); number++) {
                Piece piece = piece(number);
                table.printf(
                        Locale.ROOT,
                        "%d\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\n",
                        number,
                        piece.name(),
                        before(piece)
                                .map(earlier -> Integer.toString(number(earlier)))
                                .orElse(""),
                        piece.shots().first() + 1,
                        piece.shots().count(),
                        piece.region().row(),
                        piece.region().column(),
                        piece.region().height(),
                        piece.region().width());
            }
            table.flush();
        });
    }

    /** Reads what {@link #plan} wrote. */
    public static Batch read(Path directory) throws IOException {
        Path file = directory.resolve(PLAN);
        require(Files.isRegularFile(file), "%s holds no %s; make it with nstm batch plan", directory, PLAN);
        try {
            JsonNode root = json(directory);
            Extent extent = new Extent(
                    positive(root, "shots"),
                    positive(root, "together"),
                    positive(root, "planes"),
                    positive(root, "rows"),
                    positive(root, "columns"));
            return of(
                    directory,
                    extent,
                    positive(root, "windowShots"),
                    positive(root, "windowStep"),
                    positive(root, "patchRows"),
                    positive(root, "patchColumns"),
                    root.path("overlap").asInt(-1));
        } catch (JsonProcessingException broken) {
            throw damaged(file, broken.getOriginalMessage().lines().findFirst().orElse("unreadable"), broken);
        } catch (InvalidInputException changed) {
            throw damaged(file, changed.getMessage(), changed);
        }
    }

    private static InvalidInputException damaged(Path file, String how, Exception cause) {
        return new InvalidInputException(
                file + " is damaged (" + how + "); remove " + file.getParent() + " and plan anew", cause);
    }

    private static int positive(JsonNode root, String name) {
        int value = root.path(name).asInt(-1);
        require(value >= 1, "\"%s\" must be a whole number from 1 on", name);
        return value;
    }

    /** Pieces. */
    public int count() {
        return windows.size() * patches.size();
    }

    /** A piece by its number. */
    public Piece piece(int number) {
        require(number >= 0 && number < count(), "there are pieces 0 to %d, got %d", count() - 1, number);
        return piece(number / patches.size(), number % patches.size());
    }

    public Piece piece(int window, int patch) {
        return new Piece(window, patch, new ShotWindow(windows.get(window), windowShots), patches.get(patch));
    }

    public int number(Piece piece) {
        return piece.window() * patches.size() + piece.patch();
    }

    /** The piece that has to be done before, from which this one goes on. */
    public Optional<Piece> before(Piece piece) {
        return piece.window() == 0 ? Optional.empty() : Optional.of(piece(piece.window() - 1, piece.patch()));
    }

    /** Numbers of the windows that show a shot, in order. */
    List<Integer> windowsOf(int shot) {
        List<Integer> showing = new ArrayList<>();
        int first = Math.max(0, Math.min(windows.size() - 1, (shot - windowShots) / windowStep));
        for (int window = first; window < windows.size() && windows.get(window) <= shot; window++)
            if (shot < windows.get(window) + windowShots) showing.add(window);
        return showing;
    }

    /** Where a piece is reconstructed. */
    public Path directory(Piece piece) {
        return directory.resolve(PIECES).resolve(piece.name());
    }

    /** Whether a piece has been reconstructed. */
    public boolean done(Piece piece) {
        return PieceResult.isIn(directory(piece));
    }

    /** Configuration of the whole. */
    public Configuration configuration(Systems systems) throws IOException {
        return Configuration.read(directory.resolve(CONFIGURATION), List.of(), systems);
    }

    /**
     * Configuration of a piece.
     *
     * @param whole that of the whole
     * @param continued whether it goes on from the one before
     */
    public Configuration configuration(Configuration whole, Piece piece, boolean continued) {
        Configuration c = whole.without(Keys.PIECES).with(Keys.UNCERTAINTY_REPLICAS, 0);
        if (extent.shots() > extent.together())
            c = c.with(Keys.DATA_SHOTS, piece.shots().setting());
        if (patches.size() > 1) c = c.with(Keys.DATA_CROP, piece.region().setting());
        if (!continued) return c;
        int fewer = windowShots == 1 ? FEWER_EPOCHS_OF_A_SHOT : FEWER_EPOCHS;
        int epochs = whole.find(Keys.WINDOWS_EPOCHS).orElse((int)
                Math.max(1, (long) whole.get(Keys.TRAINING_EPOCHS) * windowStep / (fewer * windowShots)));
        return c.with(Keys.TRAINING_EPOCHS, epochs)
                .with(Keys.TRAINING_ANNEALED_FRACTION, 0.0)
                .with(Keys.TRAINING_COARSE_SHARES, new double[0]);
    }

    /** Time of the window before, whose shots lie in [-1, 1], at the middle of a window. */
    double later(int window) {
        return windowShots == 1 ? 2 : 2.0 * (windows.get(window) - windows.get(window - 1)) / (windowShots - 1);
    }
}
