package dev.nstm.apps.instrument;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.report.ReportPage;
import dev.nstm.apps.report.TextTable;
import dev.nstm.device.Device;
import dev.nstm.metrics.ResidualStatistics;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Oversampling;
import dev.nstm.training.Reconstruction;
import dev.nstm.training.TrainingState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a trained model leaves of the shots: how far it can be trusted where no truth is known.
 *
 * @param shots figures of every shot, or of every stack whose planes are shots
 * @param pictures middle plane of what is left of each
 * @param height of the pictures
 * @param width of the pictures
 */
public record Remainder(List<ResidualStatistics> shots, List<float[]> pictures, int height, int width) {
    /** What is left of an explained shot is at most so many times its noise. */
    private static final double EXPLAINED = 1.25;
    /** What is left is slow from this share on. */
    private static final double SLOWLY = 0.15;
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
     */
    static Remainder of(Run run, Device device, TrainingState state, int margin) {
        List<ResidualStatistics> shots = new ArrayList<>();
        List<Grid2D> pictures = new ArrayList<>();
        List<Grid2D> measured = new ArrayList<>();
        List<Grid2D> left = new ArrayList<>();
        double oversampling = run.oversampling();
        try (Device.Scope scope = device.scope()) {
            Reconstruction trained = new Reconstruction(device, run.system().plain(), run.field(), run.plan());
            trained.restore(state);
            int[] seen = new int[1];
            trained.residuals((shape, shot, difference) -> {
                int height = shape.extent(-2);
                int width = shape.extent(-1);
                measured.addAll(planes(shot, height, width, margin, oversampling));
                left.addAll(planes(difference, height, width, margin, oversampling));
                if (++seen[0] % run.shotsOfAnImage() > 0) return;
                shots.add(ResidualStatistics.of(measured, left));
                pictures.add(left.get(left.size() / 2));
                measured.clear();
                left.clear();
            });
        }
        return new Remainder(
                List.copyOf(shots),
                pictures.stream().map(Grid2D::floats).toList(),
                pictures.isEmpty() ? 0 : pictures.getFirst().height(),
                pictures.isEmpty() ? 0 : pictures.getFirst().width());
    }

    /**
     * Of one picture.
     *
     * @param measured its planes, such as its colours
     * @param left what is left of each
     */
    public static Remainder of(List<Grid2D> measured, List<Grid2D> left) {
        Grid2D middle = left.get(left.size() / 2);
        return new Remainder(
                List.of(ResidualStatistics.of(measured, left)),
                List.of(middle.floats()),
                middle.height(),
                middle.width());
    }

    /** Planes as the camera saw them, without the margin. */
    private static List<Grid2D> planes(float[] values, int height, int width, int margin, double oversampling) {
        int rows = (int) Math.rint(height / oversampling);
        int columns = (int) Math.rint(width / oversampling);
        int border = (int) Math.ceil(margin / oversampling);
        List<Grid2D> planes = new ArrayList<>();
        for (int first = 0; first < values.length; first += height * width) {
            Grid2D plane = Grid2D.of(height, width, Arrays.copyOfRange(values, first, first + height * width));
            planes.add(Oversampling.undone(plane, rows, columns)
                    .part(border, border, rows - 2 * border, columns - 2 * border));
        }
        return planes;
    }

    /** A row per shot. */
    public TextTable table() {
        TextTable table = new TextTable(
                1, "shot", "left of it", "times its noise", "away from borders", "neighbours alike", "slow");
        for (int shot = 0; shot < shots.size(); shot++) {
            ResidualStatistics figures = shots.get(shot);
            table.add(
                    Integer.toString(shot + 1),
                    TextTable.cell("%.1f %%", 100 * figures.rest() / figures.signal()),
                    TextTable.cell("%.2f", times(figures.rest(), figures)),
                    TextTable.cell("%.2f", times(figures.inside(), figures)),
                    TextTable.cell("%.2f", figures.correlation()),
                    TextTable.cell("%.0f %%", 100 * figures.slow()));
        }
        return table;
    }

    private static double times(double left, ResidualStatistics figures) {
        return figures.noise() > 0 ? left / figures.noise() : 1;
    }

    /** What is left, in words. */
    private enum Kind {
        NOISE("explained down to the noise"),
        BORDERS("not explained at the borders"),
        SLOW("not explained in what varies slowly"),
        FINE("not explained in its details");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        static Kind of(ResidualStatistics figures) {
            if (times(figures.rest(), figures) <= EXPLAINED) return NOISE;
            if (times(figures.inside(), figures) <= EXPLAINED) return BORDERS;
            return figures.slow() > SLOWLY ? SLOW : FINE;
        }

        String remedy(Advice advice) {
            return switch (this) {
                case NOISE -> "";
                case BORDERS -> ", where light comes from beyond the picture; try a larger " + Keys.LOSS_MARGIN.path();
                case SLOW -> "; try " + advice.slow;
                case FINE -> "; try " + advice.fine;
            };
        }
    }

    /** What that says, a sentence each. */
    public List<String> verdict(Advice advice) {
        List<String> verdict = new ArrayList<>();
        for (Kind kind : Kind.values()) add(verdict, kind, kind.remedy(advice));
        return verdict;
    }

    private void add(List<String> verdict, Kind kind, String remedy) {
        List<Integer> those = IntStream.range(0, shots.size())
                .filter(shot -> Kind.of(shots.get(shot)) == kind)
                .boxed()
                .toList();
        if (those.isEmpty()) return;
        DoubleSummaryStatistics times = those.stream()
                .mapToDouble(shot -> times(shots.get(shot).rest(), shots.get(shot)))
                .summaryStatistics();
        String least = TextTable.cell("%.2f", times.getMin());
        String most = TextTable.cell("%.2f", times.getMax());
        String left = least.equals(most) ? least : least + " to " + most;
        verdict.add(kind.words + ": " + who(those) + " (left is " + left + " times the noise)" + remedy);
    }

    private String who(List<Integer> those) {
        if (shots.size() == 1) return "the shot";
        if (those.size() == shots.size()) return "every shot";
        return (those.size() == 1 ? "shot " : "shots ") + ranges(those);
    }

    /** Counted from 1: 2, 4 to 7. */
    private static String ranges(List<Integer> shots) {
        StringBuilder text = new StringBuilder();
        for (int i = 0, first = 0; i < shots.size(); i++) {
            if (i + 1 < shots.size() && shots.get(i + 1) == shots.get(i) + 1) continue;
            if (first > 0) text.append(", ");
            text.append(shots.get(first) + 1);
            if (i > first) text.append(i > first + 1 ? " to " : ", ").append(shots.get(i) + 1);
            first = i + 1;
        }
        return text.toString();
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
                    .put("left_inside", figures.inside())
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
