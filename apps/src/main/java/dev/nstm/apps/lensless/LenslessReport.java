package dev.nstm.apps.lensless;

import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Remainder;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.Reel;
import dev.nstm.apps.movie.ReportOutput;
import dev.nstm.apps.movie.Times;
import dev.nstm.apps.report.Colours;
import dev.nstm.apps.report.ReportPage;
import dev.nstm.apps.report.Shades;
import dev.nstm.apps.report.View;
import dev.nstm.optics.Diffuser;
import dev.nstm.optics.Grid2D;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The report of a lensless photograph: the movie beside the conventional picture, and what the model makes of the
 * measurement.
 */
final class LenslessReport {
    private static final int MAGNIFIED = 10;

    private LenslessReport() {}

    /**
     * For every so many-th time of a movie.
     *
     * @param seen photograph that the model makes of its own movie
     * @param remainder what that leaves of the measured one
     */
    static Output of(
            LenslessRun run,
            int step,
            Movie still,
            Optional<Movie> truth,
            Optional<Comparison> compared,
            List<Grid2D> seen,
            Remainder remainder,
            double[] losses) {
        return new ReportOutput(
                summary(run, losses),
                run.configuration().toYaml(),
                new double[] {0},
                losses,
                compared.map(Comparison::table),
                ReportPage.LEAST_MOTION,
                (page, movie) -> {
                    page.view(view(View.Role.CONVENTIONAL, "Conventional (total variation)", still)
                            .ratedFrames(compared.flatMap(Comparison::conventional)
                                    .map(evaluation -> Times.every(step, evaluation.psnr(0)))));
                    page.view(view(View.Role.MODEL, "Space-time model", movie)
                            .withMotion()
                            .ratedFrames(compared.map(
                                    both -> Times.every(step, both.model().psnr(0)))));
                    truth.ifPresent(known -> page.view(view(View.Role.TRUTH, "Truth", known.every(step))));
                    addMeasurement(page, run, seen);
                    remainder.show(page, run.advice(), "of max");
                });
    }

    private static View view(View.Role role, String title, Movie movie) {
        return new View("scene", role, title, "", "rgb", Reel.coloured(movie), new Shades(0, 255));
    }

    private static String summary(LenslessRun run, double[] losses) {
        String shutter = switch (run.shutter().kind()) {
            case GLOBAL -> "global shutter";
            case SINGLE -> "rolling shutter, rows open for " + run.shutter().openTimes() + " row times";
            case DUAL -> "dual rolling shutter, rows open for " + run.shutter().openTimes() + " row times";
        };
        return String.format(
                Locale.ROOT,
                "Lensless camera, %d\u00d7%d pixels of the sensor, %s. %s. Brightness is shown by its square root. "
                        + "The conventional picture takes the scene for unmoving; the model shows it at the chosen time.",
                run.diffuser().height(),
                run.diffuser().width(),
                shutter,
                run.progress(losses));
    }

    private static void addMeasurement(ReportPage page, LenslessRun run, List<Grid2D> seen) {
        Diffuser diffuser = run.diffuser();
        float[][] photograph = floats(run.measurement().photograph());
        float[][] model = floats(seen);
        float[][] residual = new float[photograph.length][photograph[0].length];
        double squares = 0;
        double power = 0;
        for (int c = 0; c < photograph.length; c++) {
            for (int i = 0; i < photograph[c].length; i++) {
                residual[c][i] = MAGNIFIED * Math.abs(photograph[c][i] - model[c][i]);
                squares += Math.pow(photograph[c][i] - model[c][i], 2);
                power += Math.pow(photograph[c][i], 2);
            }
        }
        Colours colours = Colours.of(List.of(photograph));
        float[][] spread = floats(run.measurement().pointSpread());
        page.rawColours(
                String.format(
                        Locale.ROOT,
                        "The photograph, what the model sees of its own movie, how they differ (%.2g %% of the photograph's energy), and the point-spread function.",
                        100 * squares / power),
                diffuser.height(),
                diffuser.width(),
                List.of(
                        "photograph",
                        "seen by the model",
                        "difference, " + MAGNIFIED + " times as bright",
                        "point-spread function"),
                List.of(
                        colours.bytes(photograph),
                        colours.bytes(model),
                        colours.bytes(residual),
                        Colours.of(List.of(spread)).bytes(spread)));
    }

    private static float[][] floats(List<Grid2D> colours) {
        return colours.stream().map(Grid2D::floats).toArray(float[][]::new);
    }
}
