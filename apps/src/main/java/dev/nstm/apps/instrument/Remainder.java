package dev.nstm.apps.instrument;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.apps.report.ReportPage;
import dev.nstm.apps.report.TextTable;
import dev.nstm.device.Device;
import dev.nstm.metrics.ResidualStatistics;
import dev.nstm.optics.Grid2D;
import dev.nstm.training.Reconstruction;
import dev.nstm.training.TrainingState;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a trained model leaves of the shots: how far it can be trusted where no truth is known.
 *
 * @param shots figures of every shot
 * @param pictures middle plane of what is left of every shot
 * @param height of the pictures
 * @param width of the pictures
 */
public record Remainder(List<ResidualStatistics> shots, List<float[]> pictures, int height, int width) {
    /** What is left of an explained shot is at most so many times its noise. */
    private static final double EXPLAINED = 1.25;
    /** What is left is slow from this share on. */
    private static final double SLOW = 0.15;
    /** Pictures are shown up to so many times the noise. */
    private static final double SHOWN = 4;

    /**
     * What to try.
     *
     * @param slow where what is left varies slowly
     * @param fine where it is as fine as the specimen
     */
    public record Advice(String slow, String fine) {}

    /**
     * Compares the trained model with the shots as they were recorded; without shots where the system does not tell.
     *
     * @param margin rows and columns at each border that are not compared
     * @param step from one pixel of the camera to the next
     */
    static Remainder of(Run run, Device device, TrainingState state, int margin, int step) {
        List<ResidualStatistics> shots = new ArrayList<>();
        List<Grid2D> pictures = new ArrayList<>();
        try (Device.Scope scope = device.scope()) {
            Reconstruction trained = new Reconstruction(device, run.system().plain(), run.field(), run.plan());
            trained.restore(state);
            trained.residuals((shape, measured, difference) -> {
                int height = shape.extent(-2);
                int width = shape.extent(-1);
                List<Grid2D> left = planes(difference, height, width, margin, step);
                shots.add(ResidualStatistics.of(planes(measured, height, width, margin, step), left));
                pictures.add(left.get(left.size() / 2));
            });
        }
        return new Remainder(
                List.copyOf(shots),
                pictures.stream().map(Grid2D::floats).toList(),
                pictures.isEmpty() ? 0 : pictures.getFirst().height(),
                pictures.isEmpty() ? 0 : pictures.getFirst().width());
    }

    private static List<Grid2D> planes(float[] values, int height, int width, int margin, int step) {
        int rows = Math.ceilDiv(height - 2 * margin, step);
        int columns = Math.ceilDiv(width - 2 * margin, step);
        List<Grid2D> planes = new ArrayList<>();
        for (int first = 0; first < values.length; first += height * width) {
            Grid2D plane = new Grid2D(rows, columns);
            for (int i = 0; i < plane.values().length; i++) {
                int row = margin + i / columns * step;
                plane.values()[i] = values[first + row * width + margin + i % columns * step];
            }
            planes.add(plane);
        }
        return planes;
    }

    /** A row per shot. */
    public TextTable table() {
        TextTable table = new TextTable(1, "shot", "left of it", "times its noise", "neighbours alike", "slow");
        for (int shot = 0; shot < shots.size(); shot++) {
            ResidualStatistics figures = shots.get(shot);
            table.add(
                    Integer.toString(shot + 1),
                    TextTable.cell("%.1f %%", 100 * figures.rest() / figures.signal()),
                    TextTable.cell("%.2f", times(figures)),
                    TextTable.cell("%.2f", figures.correlation()),
                    TextTable.cell("%.0f %%", 100 * figures.slow()));
        }
        return table;
    }

    private static double times(ResidualStatistics figures) {
        return figures.noise() > 0 ? figures.rest() / figures.noise() : 1;
    }

    /** What that says, a sentence each. */
    public List<String> verdict(Advice advice) {
        List<String> verdict = new ArrayList<>();
        add(verdict, "explained down to the noise", figures -> times(figures) <= EXPLAINED, "");
        add(
                verdict,
                "not explained in what varies slowly",
                figures -> times(figures) > EXPLAINED && figures.slow() > SLOW,
                "; try " + advice.slow);
        add(
                verdict,
                "not explained in its details",
                figures -> times(figures) > EXPLAINED && figures.slow() <= SLOW,
                "; try " + advice.fine);
        return verdict;
    }

    private void add(List<String> verdict, String what, Predicate<ResidualStatistics> kind, String advice) {
        List<Integer> those = IntStream.range(0, shots.size())
                .filter(shot -> kind.test(shots.get(shot)))
                .boxed()
                .toList();
        if (those.isEmpty()) return;
        DoubleSummaryStatistics times =
                those.stream().mapToDouble(shot -> times(shots.get(shot))).summaryStatistics();
        String who = those.size() == shots.size()
                ? "every shot"
                : (those.size() == 1 ? "shot " : "shots ")
                        + those.stream().map(shot -> Integer.toString(shot + 1)).collect(Collectors.joining(", "));
        verdict.add(String.format(
                Locale.ROOT,
                "%s: %s (left is %.2f to %.2f times the noise)%s",
                what,
                who,
                times.getMin(),
                times.getMax(),
                advice));
    }

    /** The verdict, whole lines. */
    public String text(Advice advice) {
        return verdict(advice).stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** Figures of every shot and the verdict, for programs. */
    public String json(Advice advice) {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        ArrayNode all = root.putArray("shots");
        for (ResidualStatistics figures : shots)
            all.addObject()
                    .put("signal", figures.signal())
                    .put("left", figures.rest())
                    .put("noise", figures.noise())
                    .put("correlation", figures.correlation())
                    .put("slow", figures.slow());
        root.set("verdict", mapper.valueToTree(verdict(advice)));
        return root.toPrettyString() + "\n";
    }

    /** Adds figures, pictures and verdict to a report, where there are any. */
    public void show(ReportPage page, Advice advice, String unit) {
        if (shots.isEmpty()) return;
        double noise =
                shots.stream().mapToDouble(ResidualStatistics::noise).max().orElseThrow();
        page.remainder(verdict(advice), table(), height, width, pictures, SHOWN * noise, unit);
    }
}
