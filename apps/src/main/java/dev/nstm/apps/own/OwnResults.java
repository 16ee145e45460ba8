package dev.nstm.apps.own;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.apps.report.Film;
import dev.nstm.apps.report.ReportPage;
import dev.nstm.apps.report.View;
import dev.nstm.apps.report.Shades;
import dev.nstm.apps.run.Run;
import dev.nstm.apps.run.SceneMovie;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.imaging.Recording;
import dev.nstm.tensor.Shape;
import dev.nstm.training.SceneRenderer;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a reconstruction with a system of one's own leaves in its directory. */
public final class OwnResults {
    private static final int MOST_REPORT_VALUES = 12_000_000;
    private static final int FRAMES_PER_SECOND = 20;
    private static final int MOST_FRAMES = 200;

    private OwnResults() {}

    static String write(OwnRun run, Path directory, Device device, TrainingState state) throws IOException {
        int height = run.system().grid().extent(0);
        int width = run.system().grid().extent(1);
        double[] units = IntStream.range(0, run.system().channels()).mapToDouble(run.system()::channelUnit).toArray();
        SceneRenderer renderer = new SceneRenderer(device, run.field(), run.system().samples(), units, !run.plan().motion().frozen(), state.object().parameters(), state.motion().parameters());
        SceneMovie movie = SceneMovie.render(renderer, frames(run.configuration().get(Keys.TIMES)), height, width, units.length, Optional.empty());
        Files.deleteIfExists(directory.resolve("movie.npz"));
        writeReport(directory.resolve("report.html"), run, movie, state.losses());
        write(movie, directory, "recon", units, run.configuration().get(Keys.PIXEL_SIZE), FRAMES_PER_SECOND);
        return movie.times().length + " times in " + directory.resolve("recon.npz") + ", and as TIFF and animated PNG per channel\n";
    }

    /** All moments, or an even choice of them where there are many; {@code nstm render} shows any others. */
    private static double[] frames(double[] moments) {
        int step = Math.ceilDiv(moments.length, MOST_FRAMES);
        return IntStream.range(0, Math.ceilDiv(moments.length, step)).mapToDouble(i -> moments[i * step]).toArray();
    }

    private static void write(SceneMovie movie, Path directory, String name, double[] channelUnits, double pixelSize, int framesPerSecond) throws IOException {
        Film film = new Film(movie.height(), movie.width(), pixelSize, pixelSize == 1 ? Film.PIXELS : Film.MICROMETRES, movie.times(), movie.clock());
        for (int c = 0; c < movie.channels(); c++) {
            Path stack = directory.resolve(name + "-" + c + ".tif");
            if (pixelSize == 1) TiffStack.writeInPixels(stack, movie.channel(c), movie.height(), movie.width(), 1);
            else TiffStack.write(stack, movie.channel(c), movie.height(), movie.width(), pixelSize);
            film.write(directory, name + "-" + c, Shades.of(movie.channel(c)), framesPerSecond);
        }
        movie.write(directory.resolve(name + ".npz"), channelUnits);
    }

    private static void writeReport(Path file, OwnRun run, SceneMovie movie, double[] losses) throws IOException {
        double pixel = run.configuration().get(Keys.PIXEL_SIZE);
        String summary = String.format(Locale.ROOT, "%s, shots: %d, %d\u00d7%d pixels, channels: %d. %s.", run.configuration().get(Keys.SYSTEM), run.system().shots(), movie.height(), movie.width(),
                movie.channels(), run.progress(losses));
        ReportPage page = new ReportPage(movie.height(), movie.width(), pixel, pixel == 1 ? "px" : "\u00b5m", summary, run.configuration().toYaml());
        int step = (int) Math.max(1, Math.ceil((double) movie.times().length * movie.channels() * movie.height() * movie.width() / MOST_REPORT_VALUES));
        SceneMovie kept = movie.every(step);
        page.curves(kept.times(), IntStream.range(0, run.system().shots()).mapToDouble(shot -> Arrays.stream(run.system().moments(shot)).average().orElseThrow()).toArray(), losses);
        for (int channel = 0; channel < kept.channels(); channel++) {
            List<float[]> shown = kept.channel(channel);
            float[] range = ReportPage.range(shown);
            String name = run.system().channelName(channel);
            View view = new View(name, View.Role.MODEL, name, "", channel % 2 == 0 ? "grey" : "viridis", shown.stream().map(picture -> ReportPage.bytes(picture, range)).toList(), range);
            page.view(channel == 0 ? view.withMotion() : view);
        }
        addShots(page, run, movie);
        page.motion(kept.times().length, (time, axis, point) -> kept.motion()[time][axis][point]);
        page.write(file);
    }

    /** The shots, where the recording holds them as pictures of the scene's size. */
    private static void addShots(ReportPage page, OwnRun run, SceneMovie movie) {
        Recording.Array img = run.recording().arrays().get("img");
        if (img == null || img.shape().length != 3 || img.shape()[0] != run.system().shots() || img.shape()[1] != movie.height() || img.shape()[2] != movie.width()) return;
        page.raw("The shots as recorded. The shot nearest to the time above is framed.", "", IntStream.rangeClosed(1, img.shape()[0]).mapToObj(shot -> "shot " + shot).toList(),
                IntStream.range(0, img.shape()[0]).mapToObj(img::part).toList());
    }

    /** A finished reconstruction at any times; returns what to tell the user. */
    public static String writeMovie(Path directory, Configuration c, TrainingState state, Device device, double[] times, int framesPerSecond) throws IOException {
        SceneMovie.Layout layout = SceneMovie.Layout.read(Run.result(directory), "");
        SceneRenderer renderer = new SceneRenderer(device, OwnRun.field(c, layout.height(), layout.width(), layout.channels()), PixelGrid.of(Shape.of(layout.height(), layout.width())), layout.channelUnits(),
                c.get(Keys.MOTION_RATE) > 0, state.object().parameters(), state.motion().parameters());
        write(SceneMovie.render(renderer, times, layout.height(), layout.width(), layout.channels(), layout.clock()), directory, "movie", layout.channelUnits(), c.get(Keys.PIXEL_SIZE), framesPerSecond);
        return times.length + " times in " + directory.resolve("movie.npz") + ", and as TIFF and animated PNG per channel\n";
    }
}
