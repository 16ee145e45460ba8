package dev.nstm.apps.dpc;

import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Remainder;
import dev.nstm.apps.instrument.Uncertainty;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.ReportOutput;
import dev.nstm.apps.movie.Times;
import dev.nstm.apps.report.LazyList;
import dev.nstm.apps.report.ReportPage;
import dev.nstm.apps.report.Shades;
import dev.nstm.apps.report.View;
import dev.nstm.imaging.DpcSystem;
import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.WeakObjectTransfer;
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
    private static final List<String> NAMES = List.of("Absorption", "Phase");
    /** Of the shots: relative deviation from the background. */
    private static final String UNIT = "dI/I";

    private DpcReport() {}

    /** For a movie at the {@link #times}. */
    static Output of(
            DpcRun run,
            Movie still,
            Optional<Truth> truth,
            Optional<Comparison> compared,
            Optional<Uncertainty> uncertainty,
            Remainder remainder,
            double[] losses) {
        return new ReportOutput(
                summary(run, losses),
                run.explainedConfiguration(),
                run.measurement().times(),
                losses,
                compared.map(Comparison::table),
                ReportPage.LEAST_MOTION,
                (page, movie) -> {
                    page.margin(run.configuration().get(Keys.LOSS_MARGIN));
                    addViews(page, run, movie, still, truth, compared, uncertainty);
                    uncertainty.ifPresent(known -> page.motionUncertainty(known.motions()));
                    addRaw(page, run);
                    remainder.show(page, run.advice(), UNIT);
                    addTransfers(page, run);
                });
    }

    private static void addRaw(ReportPage page, DpcRun run) {
        List<float[]> raw =
                run.measurement().images().stream().map(Grid2D::floats).toList();
        List<String> titles = new ArrayList<>();
        for (int i = 0; i < raw.size(); i++) titles.add("shot " + (i + 1));
        page.raw(
                "Relative deviation from the background. The shot nearest to the time above is framed.",
                UNIT,
                titles,
                raw);
    }

    /** Times that the page shows: some between the shots. */
    static double[] times(DpcRun run) {
        double[] shotTimes = run.measurement().times();
        if (Arrays.stream(shotTimes).distinct().count() == 1) return new double[] {shotTimes[0]};
        int pixels = run.height() * run.width();
        int count = Math.clamp(MOST_PIXELS / pixels, Math.min(shotTimes.length, MOST_TIMES), MOST_TIMES);
        return Times.across(shotTimes, count);
    }

    private static String summary(DpcRun run, double[] losses) {
        return String.format(
                Locale.ROOT,
                "Differential phase contrast, %d\u00d7%d pixels of %s \u00b5m, wavelength %s \u00b5m, NA %s. %s%s. "
                        + "The conventional pictures (Tikhonov) take the specimen for unmoving; the model shows it at the chosen time.",
                run.height(),
                run.width(),
                run.measurement().microscope().pixelSize(),
                run.measurement().microscope().wavelength(),
                run.measurement().microscope().numericalAperture(),
                run.progress(losses),
                run.agreement().map(line -> "; " + line).orElse(""));
    }

    private static void addViews(
            ReportPage page,
            DpcRun run,
            Movie movie,
            Movie still,
            Optional<Truth> truth,
            Optional<Comparison> compared,
            Optional<Uncertainty> uncertainty) {
        List<String> maps = List.of("grey", "viridis");
        for (int channel = 0; channel < 2; channel++) {
            // DPC determines each channel up to a constant: both are shown about their mean, on one scale.
            List<float[]> model = centred(movie.channel(channel));
            Shades shades = Shades.of(model);
            String name = NAMES.get(channel);
            String unit = DpcRun.CHANNELS.get(channel).unit();
            String map = maps.get(channel);
            int shown = channel;
            page.view(new View(
                            name,
                            View.Role.CONVENTIONAL,
                            name + ", conventional",
                            unit,
                            map,
                            shades.bytes(centred(still.only(0).channel(channel))),
                            shades)
                    .ratedShots(compared.flatMap(Comparison::conventional).map(evaluation -> evaluation.psnr(shown))));
            View reconstructed = new View(
                            name, View.Role.MODEL, name + ", space-time model", unit, map, shades.bytes(model), shades)
                    .ratedShots(compared.map(both -> both.model().psnr(shown)));
            // The motion is drawn over the phase, which shows more of most specimens.
            page.view(channel == DpcSystem.PHASE ? reconstructed.withMotion() : reconstructed);
            truth.ifPresent(known -> page.view(new View(
                            name,
                            View.Role.TRUTH,
                            name + ", truth",
                            unit,
                            map,
                            shades.bytes(centred(known.movie().channel(shown))),
                            shades)
                    .at(run.measurement().times())));
            uncertainty.ifPresent(known -> page.view(uncertainty(run, known, shown)));
        }
    }

    private static View uncertainty(DpcRun run, Uncertainty known, int channel) {
        List<float[]> pictures = known.channel(channel);
        Shades shades = Shades.of(pictures).fromBlack();
        String name = NAMES.get(channel);
        return new View(
                        name,
                        View.Role.MEASURED,
                        name + ", uncertainty (68 %)",
                        DpcRun.CHANNELS.get(channel).unit(),
                        "magma",
                        shades.bytes(pictures),
                        shades)
                .at(run.measurement().times());
    }

    private static List<float[]> centred(List<float[]> pictures) {
        return new LazyList<>(pictures.size(), index -> centred(pictures.get(index)));
    }

    private static float[] centred(float[] picture) {
        double mean = 0;
        for (float value : picture) mean += value;
        mean /= picture.length;
        float[] centred = picture.clone();
        for (int i = 0; i < centred.length; i++) centred[i] -= (float) mean;
        return centred;
    }

    /**
     * Absorption transfer is even and real, phase transfer odd and imaginary for the usual sources; those parts are
     * shown.
     */
    private static void addTransfers(ReportPage page, DpcRun run) {
        int step = Math.max(1, Math.max(run.height(), run.width()) / 256);
        List<String> titles = new ArrayList<>();
        List<Grid2D> absorptions = new ArrayList<>();
        List<Grid2D> phases = new ArrayList<>();
        for (int shot = 0; shot < run.system().shots(); shot++) {
            WeakObjectTransfer transfer = run.transfer(shot);
            titles.add("shot " + (shot + 1) + ", absorption");
            absorptions.add(shifted(transfer.absorption(), transfer.absorption().re(), step));
            titles.add("shot " + (shot + 1) + ", phase");
            phases.add(shifted(transfer.phase(), transfer.phase().im(), step));
        }
        double largestAbsorption = largest(absorptions);
        double largestPhase = largest(phases);
        List<ReportPage.Scale> scales = new ArrayList<>();
        List<byte[]> pictures = new ArrayList<>();
        for (int shot = 0; shot < run.system().shots(); shot++) {
            scales.add(new ReportPage.Scale(-largestAbsorption, largestAbsorption, "Re Hu"));
            pictures.add(balanced(absorptions.get(shot), largestAbsorption));
            scales.add(new ReportPage.Scale(-largestPhase, largestPhase, "Im Hp"));
            pictures.add(balanced(phases.get(shot), largestPhase));
        }
        page.frequencies(
                "Transfer functions",
                "How absorption and phase appear in each shot over spatial frequency (zero in the middle, to the frequency limit of the pixels).",
                "balance",
                absorptions.getFirst().height(),
                absorptions.getFirst().width(),
                0.5 / run.measurement().microscope().pixelSize(),
                titles,
                scales,
                pictures);
    }

    /** Every so many-th value, with frequency zero in the middle. */
    private static Grid2D shifted(ComplexGrid grid, double[] values, int step) {
        Grid2D shifted = new Grid2D(grid.height() / step, grid.width() / step);
        for (int y = 0; y < shifted.height(); y++) {
            for (int x = 0; x < shifted.width(); x++) {
                int row = (y * step + (grid.height() + 1) / 2) % grid.height();
                int column = (x * step + (grid.width() + 1) / 2) % grid.width();
                shifted.values()[y * shifted.width() + x] = values[row * grid.width() + column];
            }
        }
        return shifted;
    }

    private static double largest(List<Grid2D> grids) {
        return grids.stream()
                .flatMapToDouble(grid -> Arrays.stream(grid.values()))
                .map(Math::abs)
                .reduce(1e-12, Math::max);
    }

    private static byte[] balanced(Grid2D grid, double largest) {
        byte[] pixels = new byte[grid.values().length];
        for (int i = 0; i < pixels.length; i++)
            pixels[i] = (byte) Math.clamp(Math.round(127.5 + 127.5 * grid.values()[i] / largest), 0, 255);
        return pixels;
    }
}
