package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.TextFile;
import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Sizes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * When every page of a stack was taken: a CSV file with the columns index, timestamp, timepoint, rot, z and phase, as
 * the published tool has it. Timestamps may have any unit and origin.
 */
public final class Timestamps {
    private static final List<String> COLUMNS = List.of("index", "timestamp", "timepoint", "rot", "z", "phase");

    private Timestamps() {}

    /** Time of every page, image by image; time points beyond those of the stack are left aside. */
    static double[] read(Path file, ShotOrder order, int planes) throws IOException {
        List<String> lines = TextFile.lines(file);
        require(
                !lines.isEmpty() && !lines.getFirst().isBlank(),
                "%s does not begin with the names of its columns",
                file);
        List<String> header = Arrays.stream(
                        lines.getFirst().toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .toList();
        for (String column : COLUMNS.subList(1, COLUMNS.size()))
            require(
                    header.contains(column),
                    "%s has no column \"%s\"; it has %s",
                    file,
                    column,
                    String.join(", ", header));
        List<Map<String, Double>> rows = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) continue;
            rows.add(row(lines.get(i), header, file, i + 1));
            numbers.add(i + 1);
        }
        List<Double> rotations = distinct(rows, "rot", order.directions(), "directions", file);
        List<Double> steps = distinct(rows, "phase", order.phases(), "phases", file);
        List<Double> heights = distinct(rows, "z", planes, "planes", file);
        List<Double> moments = List.copyOf(
                new TreeSet<>(rows.stream().map(row -> row.get("timepoint")).toList()));
        require(
                moments.size() >= order.timePoints(),
                "%s: column \"timepoint\" holds %d different values but the stack has %d time points",
                file,
                moments.size(),
                order.timePoints());
        double[] times = new double[Sizes.product("pages", order.count(), planes)];
        boolean[] found = new boolean[times.length];
        double before = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < rows.size(); i++) {
            Map<String, Double> row = rows.get(i);
            double time = row.get("timestamp");
            require(
                    time >= before,
                    "%s, line %d: the timestamp %s comes before that of the line above, %s; sort the file by time",
                    file,
                    numbers.get(i),
                    time,
                    before);
            before = time;
            int moment = moments.indexOf(row.get("timepoint"));
            if (moment >= order.timePoints()) continue;
            int page = order.index(moment, rotations.indexOf(row.get("rot")), steps.indexOf(row.get("phase"))) * planes
                    + heights.indexOf(row.get("z"));
            require(
                    !found[page],
                    "%s, line %d: direction %s, z %s, phase %s is listed twice",
                    file,
                    numbers.get(i),
                    row.get("rot"),
                    row.get("z"),
                    row.get("phase"));
            found[page] = true;
            times[page] = time;
        }
        for (int page = 0; page < found.length; page++) {
            int image = page / planes;
            require(
                    found[page],
                    "%s: there is no timestamp for time point %s, direction %s, z %s, phase %s",
                    file,
                    moments.get(order.timePoint(image)),
                    rotations.get(order.direction(image)),
                    heights.get(page % planes),
                    steps.get(order.phase(image)));
        }
        return times;
    }

    private static Map<String, Double> row(String line, List<String> header, Path file, int number) {
        String[] cells = line.split(",", -1);
        require(
                cells.length == header.size(),
                "%s, line %d has %d values; %d columns are expected",
                file,
                number,
                cells.length,
                header.size());
        Map<String, Double> row = new HashMap<>();
        for (int i = 0; i < cells.length; i++) {
            if (!COLUMNS.contains(header.get(i))) continue;
            try {
                double value = Double.parseDouble(cells[i].strip());
                require(
                        Double.isFinite(value),
                        "%s, line %d: \"%s\" in column %s is not a finite number",
                        file,
                        number,
                        cells[i].strip(),
                        header.get(i));
                row.put(header.get(i), value);
            } catch (NumberFormatException notANumber) {
                throw new InvalidInputException(
                        file + ", line " + number + ": \"" + cells[i].strip() + "\" in column " + header.get(i)
                                + " is not a number",
                        notANumber);
            }
        }
        return row;
    }

    private static List<Double> distinct(
            List<Map<String, Double>> rows, String column, int expected, String what, Path file) {
        List<Double> values = List.copyOf(
                new TreeSet<>(rows.stream().map(row -> row.get(column)).toList()));
        require(
                values.size() == expected,
                "%s: column \"%s\" holds %d different values but the stack has %d %s",
                file,
                column,
                values.size(),
                expected,
                what);
        return values;
    }

    /**
     * What passes between pages, in milliseconds.
     *
     * @param exposure of a page
     * @param readout after every page
     * @param plane besides, where the plane changes
     * @param direction besides, where the direction changes
     * @param time besides, where the time point changes
     */
    public record Delays(double exposure, double readout, double plane, double direction, double time) {}

    /** Writes the file for a stack taken page by page. */
    public static void write(
            Path file, String order, int timePoints, int directions, int phases, int planes, Delays delays)
            throws IOException {
        ShotOrder shots = new ShotOrder(timePoints, directions, phases);
        int count = Sizes.product("pages", shots.count(), planes);
        double[] pages = PageOrder.of(order, timePoints, directions, phases, count, file.toString())
                .pageNumbers();
        int[][] places = new int[count][];
        for (int i = 0; i < count; i++) {
            int image = i / planes;
            places[(int) pages[i]] =
                    new int[] {shots.timePoint(image), shots.direction(image), shots.phase(image), i % planes};
        }
        StringBuilder text = new StringBuilder(String.join(",", COLUMNS)).append('\n');
        double time = 0;
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                time += delays.exposure + delays.readout;
                if (places[i][3] != places[i - 1][3]) time += delays.plane;
                if (places[i][1] != places[i - 1][1]) time += delays.direction;
                if (places[i][0] != places[i - 1][0]) time += delays.time;
            }
            text.append(i)
                    .append(',')
                    .append(Math.rint(time * 1e6) / 1e6)
                    .append(',')
                    .append(places[i][0])
                    .append(',')
                    .append(places[i][1])
                    .append(',')
                    .append(places[i][3])
                    .append(',')
                    .append(places[i][2])
                    .append('\n');
        }
        AtomicFile.write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
