package dev.nstm.apps.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.apps.dpc.DpcRun;
import dev.nstm.apps.dpc.Measurement;
import dev.nstm.apps.dpc.Reconstructed;
import dev.nstm.apps.io.AtomicFile;
import dev.nstm.imaging.TikhonovSolver;
import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.WeakObjectTransfer;
import dev.nstm.training.SceneRenderer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Writes {@code report.html}: pictures and curves as data inside the page, drawn by its script. */
public final class Report {
    /** Pixels of one channel over all times that a page may hold; more times are shown for smaller pictures. */
    private static final int MOST_PIXELS = 6_000_000;
    private static final int MOST_TIMES = 41;
    private static final int ARROWS = 26;
    private static final double TAIL = 0.001;

    private Report() {}

    /**
     * @param shots the reconstruction at the times of the shots
     * @param renderer for times between the shots
     */
    public static void write(Path file, DpcRun run, Reconstructed shots, TikhonovSolver.Solution baseline, double[] losses, SceneRenderer renderer) throws IOException {
        double[] times = times(run);
        Reconstructed movie = Reconstructed.render(renderer, times, run.height(), run.width());
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode data = mapper.createObjectNode();
        data.put("height", run.height()).put("width", run.width()).put("pixelSize", run.measurement().microscope().pixelSize());
        data.put("summary", summary(run, losses));
        data.put("config", run.configuration().toYaml());
        addNumbers(data.putArray("times"), times);
        addNumbers(data.putArray("shotTimes"), run.measurement().times());
        addNumbers(data.putArray("losses"), losses);
        addViews(data.putArray("views"), movie, baseline);
        List<float[]> raw = run.measurement().images().stream().map(Report::narrow).toList();
        addStack(data.putObject("raw"), raw, range(raw));
        addTransfers(data.putObject("transfer"), run);
        addMotion(data.putObject("motion"), movie);
        // A JSON text may hold "</script>" only in its strings; escaping the slash keeps the page whole.
        String json = mapper.writeValueAsString(data).replace("</", "<\\/");
        String page = template().replace("@DATA@", json);
        AtomicFile.write(file, out -> out.write(page.getBytes(StandardCharsets.UTF_8)));
    }

    private static double[] times(DpcRun run) {
        double[] shotTimes = run.measurement().times();
        int pixels = run.height() * run.width();
        int count = Math.clamp(MOST_PIXELS / pixels, Math.min(shotTimes.length, MOST_TIMES), MOST_TIMES);
        double first = Arrays.stream(shotTimes).min().orElseThrow();
        double last = Arrays.stream(shotTimes).max().orElseThrow();
        double[] times = Measurement.evenly(count);
        for (int i = 0; i < count; i++) times[i] = first + (last - first) * (times[i] + 1) / 2;
        return times;
    }

    private static String summary(DpcRun run, double[] losses) {
        return String.format(Locale.ROOT, "Differential phase contrast, %d\u00d7%d pixels of %s \u00b5m, wavelength %s \u00b5m, NA %s. %d epochs, loss %.2e to %.2e. "
                + "Left: conventional (Tikhonov), which takes the specimen for unmoving; right: the neural space-time model at the chosen time.",
                run.height(), run.width(), run.measurement().microscope().pixelSize(), run.measurement().microscope().wavelength(),
                run.measurement().microscope().numericalAperture(), losses.length, losses[0], losses[losses.length - 1]);
    }

    private static void addViews(ArrayNode views, Reconstructed movie, TikhonovSolver.Solution baseline) {
        List<String> names = List.of("Absorption", "Phase");
        List<String> units = List.of("", "rad");
        List<String> maps = List.of("grey", "viridis");
        List<Grid2D> still = List.of(baseline.absorption(), baseline.phase());
        for (int channel = 0; channel < 2; channel++) {
            // DPC determines each channel up to a constant: both are shown about their mean, on one scale.
            List<float[]> model = centred(movie.channel(channel));
            List<float[]> conventional = centred(List.of(narrow(still.get(channel))));
            float[] range = range(model);
            ObjectNode left = views.addObject().put("title", names.get(channel) + ", conventional").put("moving", false);
            ObjectNode right = views.addObject().put("title", names.get(channel) + ", space-time model").put("moving", channel == 1);
            addStack(left, conventional, range);
            addStack(right, model, range);
            for (ObjectNode view : List.of(left, right)) view.put("unit", units.get(channel)).put("map", maps.get(channel));
        }
    }

    private static List<float[]> centred(List<float[]> pages) {
        List<float[]> centred = new ArrayList<>();
        for (float[] page : pages) {
            double mean = 0;
            for (float value : page) mean += value;
            mean /= page.length;
            float[] copy = page.clone();
            for (int i = 0; i < copy.length; i++) copy[i] -= (float) mean;
            centred.add(copy);
        }
        return centred;
    }

    private static float[] narrow(Grid2D grid) {
        float[] values = new float[grid.values().length];
        for (int i = 0; i < values.length; i++) values[i] = (float) grid.values()[i];
        return values;
    }

    /** Darkest and brightest values shown: all but a thousandth of the pixels on either side. */
    private static float[] range(List<float[]> pages) {
        int step = Math.max(1, pages.size() * pages.getFirst().length / 500_000);
        int total = pages.size() * pages.getFirst().length;
        float[] sample = new float[(total + step - 1) / step];
        for (int i = 0, at = 0; i < total; i += step) sample[at++] = pages.get(i / pages.getFirst().length)[i % pages.getFirst().length];
        Arrays.sort(sample);
        float low = sample[(int) (TAIL * (sample.length - 1))];
        float high = sample[(int) ((1 - TAIL) * (sample.length - 1))];
        return new float[] {low, high > low ? high : low + 1e-6f};
    }

    private static void addStack(ObjectNode node, List<float[]> pages, float[] range) {
        byte[] pixels = new byte[pages.size() * pages.getFirst().length];
        int at = 0;
        for (float[] page : pages) {
            for (float value : page) pixels[at++] = (byte) Math.clamp(Math.round(255 * (value - range[0]) / (range[1] - range[0])), 0, 255);
        }
        node.put("frames", pages.size()).put("min", range[0]).put("max", range[1]).put("pixels", Base64.getEncoder().encodeToString(pixels));
    }

    /** Absorption transfer is even and real, phase transfer odd and imaginary for the usual sources; those parts are shown. */
    private static void addTransfers(ObjectNode node, DpcRun run) {
        List<WeakObjectTransfer> transfers = run.transfers();
        double largestAbsorption = 1e-12;
        double largestPhase = 1e-12;
        for (WeakObjectTransfer transfer : transfers) {
            for (double value : transfer.absorption().re()) largestAbsorption = Math.max(largestAbsorption, Math.abs(value));
            for (double value : transfer.phase().im()) largestPhase = Math.max(largestPhase, Math.abs(value));
        }
        int step = Math.max(1, Math.max(run.height(), run.width()) / 256);
        int height = run.height() / step;
        int width = run.width() / step;
        byte[] pixels = new byte[transfers.size() * 2 * height * width];
        int at = 0;
        for (WeakObjectTransfer transfer : transfers) {
            at = addShifted(pixels, at, transfer.absorption(), transfer.absorption().re(), largestAbsorption, step, height, width);
            at = addShifted(pixels, at, transfer.phase(), transfer.phase().im(), largestPhase, step, height, width);
        }
        node.put("height", height).put("width", width).put("limit", 0.5 / run.measurement().microscope().pixelSize());
        node.put("pixels", Base64.getEncoder().encodeToString(pixels));
        ArrayNode kinds = node.putArray("kinds");
        kinds.addObject().put("largest", largestAbsorption).put("unit", "Re Hu");
        kinds.addObject().put("largest", largestPhase).put("unit", "Im Hp");
    }

    private static int addShifted(byte[] pixels, int start, ComplexGrid grid, double[] values, double largest, int step, int height, int width) {
        int at = start;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int row = (y * step + (grid.height() + 1) / 2) % grid.height();
                int column = (x * step + (grid.width() + 1) / 2) % grid.width();
                pixels[at++] = (byte) Math.clamp(Math.round(127.5 + 127.5 * values[row * grid.width() + column] / largest), 0, 255);
            }
        }
        return at;
    }

    /** Motion since the first time on a coarse grid: where a point of the first shot has gone, the reverse of where it is looked up. */
    private static void addMotion(ObjectNode node, Reconstructed movie) {
        int step = Math.max(4, Math.max(movie.height(), movie.width()) / ARROWS);
        int rows = movie.height() / step;
        int columns = movie.width() / step;
        ArrayNode values = node.putArray("values");
        double largest = 1e-3;
        for (int time = 0; time < movie.times().length; time++) {
            double[][] motion = movie.motionSinceStart(time);
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    int at = (r * step + step / 2) * movie.width() + c * step + step / 2;
                    largest = Math.max(largest, Math.hypot(motion[0][at], motion[1][at]));
                    values.add((float) -motion[0][at]).add((float) -motion[1][at]);
                }
            }
        }
        node.put("step", step).put("rows", rows).put("columns", columns).put("largest", largest);
    }

    private static void addNumbers(ArrayNode array, double[] values) {
        for (double value : values) array.add(value);
    }

    private static String template() throws IOException {
        try (InputStream in = Report.class.getResourceAsStream("report.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
