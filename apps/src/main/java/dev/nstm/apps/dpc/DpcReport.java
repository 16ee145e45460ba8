package dev.nstm.apps.dpc;

import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.SceneMovie;
import dev.nstm.apps.instrument.Times;
import dev.nstm.apps.report.ReportPage;
import dev.nstm.apps.report.View;
import dev.nstm.imaging.DpcSystem;
import dev.nstm.imaging.TikhonovSolver;
import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.WeakObjectTransfer;
import dev.nstm.training.SceneRenderer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The report of a DPC reconstruction. */
final class DpcReport {
    /** Pixels of one channel over all times that a page may hold; more times are shown for smaller pictures. */
    private static final int MOST_PIXELS = 6_000_000;
    private static final int MOST_TIMES = 41;

    private DpcReport() {}

    /** @param renderer for times between the shots */
    static void write(Path file, DpcRun run, TikhonovSolver.Solution baseline, Optional<Compared> compared, double[] losses, SceneRenderer renderer) throws IOException {
        double[] times = times(run);
        SceneMovie movie = SceneMovie.render(renderer, times, run.height(), run.width(), run.channelUnits(), Optional.empty());
        ReportPage page = new ReportPage(run.height(), run.width(), run.measurement().microscope().pixelSize(), "\u00b5m", summary(run, losses), run.configuration().toYaml());
        page.curves(times, run.measurement().times(), losses);
        page.margin(run.configuration().get(Keys.MARGIN));
        addViews(page, run, movie, baseline, compared);
        compared.ifPresent(both -> page.truth(Tables.comparison(both)));
        List<float[]> raw = run.measurement().images().stream().map(Grid2D::floats).toList();
        List<String> titles = new ArrayList<>();
        for (int i = 0; i < raw.size(); i++) titles.add("shot " + (i + 1));
        page.raw("Relative deviation from the background. The shot nearest to the time above is framed.", "dI/I", titles, raw);
        addTransfers(page, run);
        page.motion(times.length, ReportPage.LEAST_MOTION, (time, axis, pixel) -> movie.motion()[time][axis][pixel]);
        page.write(file);
    }

    private static double[] times(DpcRun run) {
        double[] shotTimes = run.measurement().times();
        if (Arrays.stream(shotTimes).distinct().count() == 1) return new double[] {shotTimes[0]};
        int pixels = run.height() * run.width();
        int count = Math.clamp(MOST_PIXELS / pixels, Math.min(shotTimes.length, MOST_TIMES), MOST_TIMES);
        return Times.across(shotTimes, count);
    }

    private static String summary(DpcRun run, double[] losses) {
        return String.format(Locale.ROOT, "Differential phase contrast, %d\u00d7%d pixels of %s \u00b5m, wavelength %s \u00b5m, NA %s. %s%s. "
                + "The conventional pictures (Tikhonov) take the specimen for unmoving; the model shows it at the chosen time.",
                run.height(), run.width(), run.measurement().microscope().pixelSize(), run.measurement().microscope().wavelength(),
                run.measurement().microscope().numericalAperture(), run.progress(losses), run.agreement().map(line -> "; " + line).orElse(""));
    }

    private static void addViews(ReportPage page, DpcRun run, SceneMovie movie, TikhonovSolver.Solution baseline, Optional<Compared> compared) {
        List<String> names = List.of("Absorption", "Phase");
        List<String> units = List.of("", "rad");
        List<String> maps = List.of("grey", "viridis");
        List<Grid2D> still = List.of(baseline.absorption(), baseline.phase());
        for (int channel = 0; channel < 2; channel++) {
            // DPC determines each channel up to a constant: both are shown about their mean, on one scale.
            List<float[]> model = centred(movie.channel(channel));
            float[] range = ReportPage.range(model);
            List<byte[]> conventional = centred(List.of(still.get(channel).floats())).stream().map(picture -> ReportPage.bytes(picture, range)).toList();
            String name = names.get(channel);
            int shown = channel;
            page.view(new View(name, View.Role.CONVENTIONAL, name + ", conventional", units.get(channel), maps.get(channel), conventional, range).ratedShots(compared.map(both -> Compared.psnr(both.conventional(), shown))));
            View reconstructed = new View(name, View.Role.MODEL, name + ", space-time model", units.get(channel), maps.get(channel), model.stream().map(picture -> ReportPage.bytes(picture, range)).toList(), range)
                    .ratedShots(compared.map(both -> Compared.psnr(both.model(), shown)));
            // The phase shows more of most specimens.
            page.view(channel == DpcSystem.PHASE ? reconstructed.withMotion() : reconstructed);
            compared.ifPresent(both -> {
                List<float[]> known = centred(Arrays.stream(both.truth().scene()).map(shot -> new Grid2D(run.height(), run.width(), shot[shown]).floats()).toList());
                page.view(new View(name, View.Role.TRUTH, name + ", truth", units.get(shown), maps.get(shown), known.stream().map(picture -> ReportPage.bytes(picture, range)).toList(), range).at(run.measurement().times()));
            });
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

    /** Absorption transfer is even and real, phase transfer odd and imaginary for the usual sources; those parts are shown. */
    private static void addTransfers(ReportPage page, DpcRun run) {
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
        List<String> titles = new ArrayList<>();
        List<ReportPage.Scale> scales = new ArrayList<>();
        List<byte[]> pictures = new ArrayList<>();
        for (int shot = 0; shot < transfers.size(); shot++) {
            WeakObjectTransfer transfer = transfers.get(shot);
            titles.add("shot " + (shot + 1) + ", absorption");
            scales.add(new ReportPage.Scale(-largestAbsorption, largestAbsorption, "Re Hu"));
            pictures.add(shifted(transfer.absorption(), transfer.absorption().re(), largestAbsorption, step, height, width));
            titles.add("shot " + (shot + 1) + ", phase");
            scales.add(new ReportPage.Scale(-largestPhase, largestPhase, "Im Hp"));
            pictures.add(shifted(transfer.phase(), transfer.phase().im(), largestPhase, step, height, width));
        }
        page.frequencies("Transfer functions", "How absorption and phase appear in each shot over spatial frequency (zero in the middle, to the frequency limit of the pixels).", "balance",
                height, width, 0.5 / run.measurement().microscope().pixelSize(), titles, scales, pictures);
    }

    private static byte[] shifted(ComplexGrid grid, double[] values, double largest, int step, int height, int width) {
        byte[] pixels = new byte[height * width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int row = (y * step + (grid.height() + 1) / 2) % grid.height();
                int column = (x * step + (grid.width() + 1) / 2) % grid.width();
                pixels[y * width + x] = (byte) Math.clamp(Math.round(127.5 + 127.5 * values[row * grid.width() + column] / largest), 0, 255);
            }
        }
        return pixels;
    }
}
