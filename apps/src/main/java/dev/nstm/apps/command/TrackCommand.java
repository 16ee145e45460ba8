package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.TextFile;
import dev.nstm.files.AtomicFile;
import dev.nstm.metrics.Trajectory;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "track",
        mixinStandardHelpOptions = true,
        description =
                "Follows points of the specimen through a finished reconstruction, at the times of nstm export where it was run, else at the shots.",
        footer = {
            "",
            "Example (points.csv: a row and a column, or a plane, a row and a column, in each line, or in the order of a first line such as x,y):",
            "  nstm track nstm-out --points points.csv"
        })
final class TrackCommand implements Callable<Integer> {
    private static final List<String> AXES = List.of("z", "y", "x");
    private static final Map<String, String> SYNONYMS = Map.of(
            "row", "y", "rows", "y", "column", "x", "columns", "x", "col", "x", "plane", "z", "planes", "z", "slice",
            "z");

    @Parameters(paramLabel = "DIR", description = "Output directory of a reconstruction.")
    private Path directory;

    @Option(
            names = "--points",
            paramLabel = "FILE.csv",
            required = true,
            description = "Where the points are at the first time, in pixels.")
    private Path points;

    @Override
    public Integer call() throws Exception {
        Path source = exportedMotion().orElse(Run.result(directory));
        Npz arrays = Npz.open(source);
        NpyArray motion = arrays.get("motion");
        double[] times = arrays.get("t").values();
        int[] shape = motion.shape();
        int axes = shape.length == 0 ? 0 : shape[shape.length - 1];
        require(
                (axes == 2 || axes == 3) && shape.length >= axes + 2 && shape[0] == times.length,
                "%s: array \"motion\" of %s does not fit %d times",
                source,
                motion.size(),
                times.length);
        int[] extents = Arrays.copyOfRange(shape, shape.length - 1 - axes, shape.length - 1);
        int[] order = IntStream.range(0, times.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> times[i]))
                .mapToInt(i -> i)
                .toArray();
        Trajectory trajectory = new Trajectory(maps(motion, order, axes), extents);
        List<int[]> starts = starts(points, extents);
        Path configuration = directory.resolve("config.yaml");
        double[] sizes =
                Files.exists(configuration) ? sizes(Instruments.read(configuration, List.of()), axes) : new double[0];
        List<String> names = AXES.subList(3 - axes, 3);
        StringBuilder text = new StringBuilder("point,time,"
                + names.stream().map(name -> name + " [px]").collect(Collectors.joining(","))
                + (sizes.length == 0
                        ? ""
                        : "," + names.stream().map(name -> name + " [um]").collect(Collectors.joining(",")))
                + "\n");
        for (int point = 0; point < starts.size(); point++) {
            double[][] path = trajectory.interpolated(starts.get(point));
            for (int t = 0; t < path.length; t++) {
                text.append(point + 1).append(',').append(String.format(Locale.ROOT, "%.6f", times[order[t]]));
                for (double place : path[t]) text.append(String.format(Locale.ROOT, ",%.4f", place));
                for (int axis = 0; axis < sizes.length; axis++)
                    text.append(String.format(Locale.ROOT, ",%.5f", path[t][axis] * sizes[axis]));
                text.append('\n');
            }
        }
        Path out = directory.resolve("tracks.csv");
        AtomicFile.write(out, file -> file.write(text.toString().getBytes(StandardCharsets.UTF_8)));
        System.out.println(starts.size() + (starts.size() == 1 ? " point at " : " points at ") + times.length
                + " times in " + out);
        return 0;
    }

    /** What {@code nstm export} wrote, if the motion is in it. */
    private Optional<Path> exportedMotion() throws IOException {
        Path movie = directory.resolve("movie.npz");
        return Files.exists(movie) && Npz.open(movie).has("motion") ? Optional.of(movie) : Optional.empty();
    }

    /** Where points look for what they showed at the first time: back by their displacement. */
    private static float[][][] maps(NpyArray motion, int[] order, int axes) {
        int pixels = motion.values().length / order.length / axes;
        float[][][] maps = new float[order.length][axes][pixels];
        for (int t = 0; t < order.length; t++) {
            for (int i = 0; i < pixels * axes; i++)
                maps[t][i % axes][i / axes] = (float) -motion.values()[order[t] * pixels * axes + i];
        }
        return maps;
    }

    /** Micrometres from sample to sample along the last axes of the instrument's; none where they are not known. */
    private static double[] sizes(Configuration c, int axes) {
        double[] spacing = Instruments.of(c, List.of()).spacing(c);
        return spacing.length == 0 ? spacing : Arrays.copyOfRange(spacing, spacing.length - axes, spacing.length);
    }

    /**
     * Starting points, one per line: a coordinate along every axis, in the order that the first line gives if it names
     * the axes.
     */
    static List<int[]> starts(Path points, int[] extents) throws IOException {
        int axes = extents.length;
        List<int[]> starts = new ArrayList<>();
        List<String> lines = TextFile.lines(points);
        Optional<int[]> places = Optional.empty();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (i == 0) places = header(points, line, axes);
            if (line.isEmpty() || i == 0 && places.isPresent()) continue;
            String[] cells = line.split(",");
            require(
                    cells.length == axes,
                    "%s, line %d: %d coordinates are expected (%s), got \"%s\"",
                    points,
                    i + 1,
                    axes,
                    axes == 3 ? "plane, row, column" : "row, column",
                    line);
            try {
                int[] order = places.orElse(IntStream.range(0, axes).toArray());
                int[] start = IntStream.of(order)
                        .mapToObj(place -> cells[place])
                        .mapToInt(cell ->
                                (int) Math.clamp(Math.round(Double.parseDouble(cell.strip())), -1, Integer.MAX_VALUE))
                        .toArray();
                for (int axis = 0; axis < axes; axis++)
                    require(
                            start[axis] >= 0 && start[axis] < extents[axis],
                            "%s, line %d: [%s] lies outside the field of %s pixels",
                            points,
                            i + 1,
                            String.join(
                                    ", ",
                                    Arrays.stream(cells).map(String::strip).toList()),
                            String.join(
                                    "x",
                                    Arrays.stream(extents)
                                            .mapToObj(Integer::toString)
                                            .toList()));
                starts.add(start);
            } catch (NumberFormatException notANumber) {
                throw new InvalidInputException(
                        points + ", line " + (i + 1) + ": \"" + line + "\" is not a list of numbers", notANumber);
            }
        }
        require(!starts.isEmpty(), "%s lists no point", points);
        return starts;
    }

    /** In which column each axis stands, slowest axis first; empty where the line is no header. */
    private static Optional<int[]> header(Path points, String line, int axes) {
        if (!line.matches("[A-Za-z\\[\\]() ,]*[A-Za-z][A-Za-z\\[\\]() ,]*")) return Optional.empty();
        List<String> columns = Arrays.stream(line.toLowerCase(Locale.ROOT).split(","))
                .map(name -> name.replaceAll("[\\[(].*", "").strip())
                .map(name -> SYNONYMS.getOrDefault(name, name))
                .toList();
        List<String> names = AXES.subList(3 - axes, 3);
        require(
                columns.size() == axes && columns.containsAll(names),
                "%s, line 1: the columns are called \"%s\"; %s are expected, in any order",
                points,
                line,
                String.join(", ", names));
        return Optional.of(names.stream().mapToInt(columns::indexOf).toArray());
    }
}
