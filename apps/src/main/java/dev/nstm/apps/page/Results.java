package dev.nstm.apps.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Systems;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.monitor.Monitor;
import dev.nstm.apps.monitor.RunProcess;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The runs, finished or not, and other OME-Zarr pictures that lie in the folders. */
final class Results {
    private static final int DEPTH = 3;
    private static final int MOST = 1000;
    static final String CONFIGURATION = "config.yaml";
    private static final String ZARR = ".ome.zarr";
    private static final String RESULT = "recon" + ZARR;

    /** So many times as long as a look takes nobody looks again. */
    private static final int PATIENCE = 20;

    private final Folders folders;
    private final Systems systems;
    private final List<Instrument> instruments;
    private Optional<ArrayNode> listed = Optional.empty();
    private long nextLook;

    Results(Folders folders, Systems systems, List<Instrument> instruments) {
        this.folders = folders;
        this.systems = systems;
        this.instruments = instruments;
    }

    /** All of them; of folders in which looking takes long, as they were a while ago. */
    synchronized Answer list() {
        long start = System.nanoTime();
        if (listed.isEmpty() || start - nextLook >= 0) {
            listed = Optional.of(look());
            long now = System.nanoTime();
            nextLook = now + PATIENCE * (now - start);
        }
        return Answer.json(listed.get());
    }

    /** Something has been started: the next list is looked for anew. */
    synchronized void renew() {
        listed = Optional.empty();
    }

    private ArrayNode look() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (int root = 0; root < folders.roots().size(); root++)
            for (Path found : found(folders.roots().get(root), 0, new ArrayList<>())) all.add(described(root, found));
        return all;
    }

    /** How far the preview in a folder is; nothing where there is none. */
    Answer preview(int root) throws IOException {
        return Answer.json(
                status(folders.root(root).resolve(RunQueue.PREVIEW)).orElse(JsonNodeFactory.instance.objectNode()));
    }

    private static List<Path> found(Path folder, int depth, List<Path> found) {
        if (found.size() >= MOST) return found;
        if (isZarr(folder) || isRun(folder)) {
            found.add(folder);
            return found;
        }
        if (depth == DEPTH) return found;
        List<Path> inside;
        try (Stream<Path> all = Files.list(folder)) {
            inside = all.filter(path -> !path.getFileName().toString().startsWith(".")
                            && Files.isDirectory(path)
                            && !Files.isSymbolicLink(path))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException unreadable) {
            return found;
        }
        for (Path each : inside) found(each, depth + 1, found);
        return found;
    }

    private static boolean isZarr(Path folder) {
        return Files.exists(folder.resolve(".zattrs")) || Files.exists(folder.resolve("zarr.json"));
    }

    private static boolean isRun(Path folder) {
        return Files.exists(folder.resolve(CONFIGURATION))
                || Files.exists(folder.resolve(Monitor.FOLDER).resolve(Monitor.STATUS));
    }

    private ObjectNode described(int root, Path found) {
        Path top = folders.roots().get(root);
        String path = top.relativize(found).toString().replace('\\', '/');
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("root", root).put("path", path);
        node.put("name", path.isEmpty() ? found.getFileName().toString() : path);
        node.put("run", isRun(found));
        if (!isRun(found)) {
            node.put("zarr", "");
            return node;
        }
        if (isZarr(found.resolve(RESULT))) node.put("zarr", RESULT);
        else if (isZarr(found.resolve(Run.PREVIEW).resolve(RESULT))) node.put("zarr", Run.PREVIEW + "/" + RESULT);
        node.put("report", Files.exists(found.resolve("report.html")));
        node.put("metrics", Files.exists(found.resolve("metrics.csv")));
        node.put("checkpoints", Files.isDirectory(found.resolve("checkpoints")));
        status(found).ifPresent(status -> node.set("status", status));
        node.put("log", Files.exists(found.resolve(RunQueue.LOG)));
        try {
            describe(node, top, found, Configuration.read(found.resolve(CONFIGURATION), List.of(), systems));
        } catch (IOException | InvalidInputException | InvalidPathException notYetOrNotOurs) {
            node.put("described", false);
        }
        return node;
    }

    /** Raw shots are found where the configuration says, seen from the folder, or beside the results. */
    private void describe(ObjectNode node, Path top, Path run, Configuration c) {
        node.put("system", c.get(Keys.SYSTEM));
        c.find(Keys.DATA_TIMES).ifPresent(times -> DoubleStream.of(times).forEach(node.putArray("times")::add));
        double[] spacing = instruments.stream()
                .filter(instrument -> instrument.name().equals(c.get(Keys.SYSTEM)))
                .findFirst()
                .map(instrument -> instrument.spacing(c))
                .orElse(new double[0]);
        c.find(Keys.OPTICS_PIXEL_SIZE).ifPresent(size -> node.put("pixelSize", size));
        if (spacing.length == 3) node.put("zStep", spacing[0]);
        c.find(Keys.DATA_FILE).stream()
                .flatMap(file ->
                        Stream.of(top.resolve(file).normalize(), run.resolve(file.replaceFirst("^.*[/\\\\]", ""))))
                .filter(file -> file.startsWith(top) && !file.equals(run) && Files.exists(file))
                .findFirst()
                .ifPresent(file ->
                        node.put("shots", top.relativize(file).toString().replace('\\', '/')));
    }

    /** What the run says of itself; with {@code alive} where that can be told from here. */
    private static Optional<JsonNode> status(Path run) {
        try {
            JsonNode status = new ObjectMapper()
                    .readTree(
                            run.resolve(Monitor.FOLDER).resolve(Monitor.STATUS).toFile());
            if (!(status instanceof ObjectNode known)) return Optional.empty();
            RunProcess.alive(known).ifPresent(alive -> known.put("alive", alive));
            return Optional.of(known);
        } catch (IOException none) {
            return Optional.empty();
        }
    }
}
