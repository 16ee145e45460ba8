package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.AtomicFile;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.TextFile;
import dev.nstm.apps.run.Run;
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
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "track", mixinStandardHelpOptions = true, description = "Follows points of the specimen through a finished reconstruction, at the times of nstm render where it was run, else at the shots.",
        footer = {"", "Example (points.csv: a row and a column, or a plane, a row and a column, in each line):", "  nstm track nstm-out --points points.csv"})
final class TrackCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Output directory of a reconstruction.")
    private Path directory;

    @Option(names = "--points", paramLabel = "FILE.csv", required = true, description = "Where the points are at the first time, in pixels.")
    private Path points;

    @Override
    public Integer call() throws Exception {
        Path source = Files.exists(directory.resolve("movie.npz")) ? directory.resolve("movie.npz") : Run.result(directory);
        Npz arrays = Npz.open(source);
        NpyArray motion = arrays.get("motion");
        double[] times = arrays.get("t").values();
        int[] shape = motion.shape();
        int axes = shape.length == 0 ? 0 : shape[shape.length - 1];
        require((axes == 2 || axes == 3) && shape.length >= axes + 2 && shape[0] == times.length, "%s: array \"motion\" of %s does not fit %d times", source, motion.size(), times.length);
        int[] extents = Arrays.copyOfRange(shape, shape.length - 1 - axes, shape.length - 1);
        int[] order = IntStream.range(0, times.length).boxed().sorted(Comparator.comparingDouble(i -> times[i])).mapToInt(i -> i).toArray();
        Trajectory trajectory = new Trajectory(maps(motion, order, axes), extents);
        List<int[]> starts = starts(points, extents);
        StringBuilder text = new StringBuilder("point,time," + (axes == 3 ? "z," : "") + "y,x\n");
        for (int point = 0; point < starts.size(); point++) {
            double[][] path = trajectory.interpolated(starts.get(point));
            for (int t = 0; t < path.length; t++) {
                text.append(point).append(',').append(String.format(Locale.ROOT, "%.6f", times[order[t]]));
                for (double place : path[t]) text.append(String.format(Locale.ROOT, ",%.4f", place));
                text.append('\n');
            }
        }
        Path out = directory.resolve("tracks.csv");
        AtomicFile.write(out, file -> file.write(text.toString().getBytes(StandardCharsets.UTF_8)));
        System.out.println(starts.size() + (starts.size() == 1 ? " point at " : " points at ") + times.length + " times in " + out);
        return 0;
    }

    /** Where points look for what they showed at the first time: back by their displacement. */
    private static float[][][] maps(NpyArray motion, int[] order, int axes) {
        int pixels = motion.values().length / order.length / axes;
        float[][][] maps = new float[order.length][axes][pixels];
        for (int t = 0; t < order.length; t++) {
            for (int i = 0; i < pixels * axes; i++) maps[t][i % axes][i / axes] = (float) -motion.values()[order[t] * pixels * axes + i];
        }
        return maps;
    }

    /** Where points begin, one a line: a place along every axis. */
    static List<int[]> starts(Path points, int[] extents) throws IOException {
        int axes = extents.length;
        List<int[]> starts = new ArrayList<>();
        List<String> lines = TextFile.lines(points);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || i == 0 && line.matches("[A-Za-z, ]+")) continue;
            String[] cells = line.split(",");
            require(cells.length == axes, "%s, line %d: %d coordinates are expected (%s), got \"%s\"", points, i + 1, axes, axes == 3 ? "plane, row, column" : "row, column", line);
            try {
                int[] start = Arrays.stream(cells).mapToInt(cell -> (int) Math.clamp(Math.round(Double.parseDouble(cell.strip())), -1, Integer.MAX_VALUE)).toArray();
                for (int axis = 0; axis < axes; axis++) require(start[axis] >= 0 && start[axis] < extents[axis], "%s, line %d: [%s] lies outside the field of %s pixels", points, i + 1, String.join(", ", Arrays.stream(cells).map(String::strip).toList()), String.join("x", Arrays.stream(extents).mapToObj(Integer::toString).toList()));
                starts.add(start);
            } catch (NumberFormatException notANumber) {
                throw new InvalidInputException(points + ", line " + (i + 1) + ": \"" + line + "\" is not a list of numbers", notANumber);
            }
        }
        require(!starts.isEmpty(), "%s lists no point", points);
        return starts;
    }
}
