package dev.nstm.apps.lensless;

import dev.nstm.apps.instrument.SceneMovie;
import dev.nstm.apps.instrument.Times;
import dev.nstm.apps.report.ReportPage;
import dev.nstm.apps.report.View;
import dev.nstm.optics.Diffuser;
import dev.nstm.optics.Grid2D;
import dev.nstm.simulate.LenslessSimulation;
import dev.nstm.training.SceneRenderer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** The report of a lensless photograph: the movie beside the conventional picture, and what the model makes of the measurement. */
final class LenslessReport {
    private static final int MOST_VALUES = 12_000_000;
    private static final int MAGNIFIED = 10;

    private LenslessReport() {}

    /** @param shown the movie's frames as screens show them */
    static void write(Path file, LenslessRun run, SceneMovie movie, List<byte[]> shown, List<Grid2D> conventional, Optional<LenslessEvaluation> evaluation, SceneRenderer renderer, double[] losses) throws IOException {
        ReportPage page = new ReportPage(movie.height(), movie.width(), 1, "px", summary(run, losses), run.configuration().toYaml());
        int step = (int) Math.max(1, Math.ceil(3.0 * movie.times().length * movie.height() * movie.width() / MOST_VALUES));
        SceneMovie kept = movie.every(step);
        page.curves(kept.times(), new double[] {0}, losses);
        float white = ColourMovie.white(conventional.stream().map(Grid2D::floats).toList());
        page.view(view(View.Role.CONVENTIONAL, "Conventional (total variation)", List.of(ColourMovie.shown(floats(conventional), white))).ratedFrames(evaluation.map(compared -> Times.every(step, compared.conventional()))));
        page.view(view(View.Role.MODEL, "Space-time model", every(step, shown)).withMotion().ratedFrames(evaluation.map(compared -> Times.every(step, compared.model()))));
        run.measurement().truth(movie.height(), movie.width()).ifPresent(truth -> page.view(view(View.Role.TRUTH, "Truth", every(step, ColourMovie.shown(SceneMovie.parts(truth.scene()))))));
        evaluation.ifPresent(compared -> page.truth(compared.table()));
        run.clock().ifPresent(page::clock);
        addMeasurement(page, run, renderer);
        page.motion(kept.times().length, ReportPage.LEAST_MOTION, (time, axis, pixel) -> kept.motion()[time][axis][pixel]);
        page.write(file);
    }

    private static View view(View.Role role, String title, List<byte[]> frames) {
        return new View("scene", role, title, "", "rgb", frames, new float[] {0, 255});
    }

    private static List<byte[]> every(int step, List<byte[]> frames) {
        return IntStream.range(0, Math.ceilDiv(frames.size(), step)).mapToObj(i -> frames.get(i * step)).toList();
    }

    private static String summary(LenslessRun run, double[] losses) {
        String shutter = switch (run.shutter().kind()) {
            case GLOBAL -> "global shutter";
            case SINGLE -> "rolling shutter, rows open for " + run.shutter().openTimes() + " row times";
            case DUAL -> "dual rolling shutter, rows open for " + run.shutter().openTimes() + " row times";
        };
        return String.format(Locale.ROOT, "Lensless camera, %d\u00d7%d pixels of the sensor, %s. %s. Brightness is shown by its square root. "
                + "The conventional picture takes the scene for unmoving; the model shows it at the chosen time.", run.diffuser().height(), run.diffuser().width(), shutter, run.progress(losses));
    }

    private static void addMeasurement(ReportPage page, LenslessRun run, SceneRenderer renderer) {
        Diffuser diffuser = run.diffuser();
        List<Grid2D> seen = LenslessSimulation.photograph(time -> scene(run, renderer, time), diffuser, run.shutter());
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
        float white = ColourMovie.white(List.of(photograph));
        float[][] spread = floats(run.measurement().pointSpread());
        page.rawColours(String.format(Locale.ROOT, "The photograph, what the model sees of its own movie, how they differ (%.2g %% of the photograph's energy), and the point-spread function.", 100 * squares / power),
                diffuser.height(), diffuser.width(), List.of("photograph", "seen by the model", "difference, " + MAGNIFIED + " times as bright", "point-spread function"),
                List.of(ColourMovie.shown(photograph, white), ColourMovie.shown(model, white), ColourMovie.shown(residual, white), ColourMovie.shown(spread, ColourMovie.white(List.of(spread)))));
    }

    /** At the photograph's scale, where its brightest value is 1. */
    private static List<Grid2D> scene(LenslessRun run, SceneRenderer renderer, double time) {
        float[] values = renderer.at(time).scene();
        List<Grid2D> colours = new ArrayList<>();
        int pixels = values.length / run.diffuser().colours();
        for (int c = 0; c < run.diffuser().colours(); c++) {
            Grid2D colour = new Grid2D(run.diffuser().sceneHeight(), run.diffuser().sceneWidth());
            for (int i = 0; i < pixels; i++) colour.values()[i] = values[c * pixels + i] / run.measurement().unit();
            colours.add(colour);
        }
        return colours;
    }

    private static float[][] floats(List<Grid2D> colours) {
        return colours.stream().map(Grid2D::floats).toArray(float[][]::new);
    }
}
