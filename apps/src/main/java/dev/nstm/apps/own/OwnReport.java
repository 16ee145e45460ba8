package dev.nstm.apps.own;

import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Times;
import dev.nstm.apps.report.ReportPage;
import dev.nstm.apps.report.Shades;
import dev.nstm.apps.report.View;
import dev.nstm.imaging.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** The report of a reconstruction with a system of one's own: its channels, the conventional view and the truth where there are any. */
final class OwnReport {
    private static final int MOST_VALUES = 12_000_000;

    private OwnReport() {}

    static void write(
            Path file, OwnRun run, Movie movie, Optional<Movie> truth, Optional<Comparison> compared, double[] losses)
            throws IOException {
        String summary = String.format(
                Locale.ROOT,
                "%s, shots: %d, %d\u00d7%d pixels, channels: %d. %s.",
                run.configuration().get(Keys.SYSTEM),
                run.system().shots(),
                movie.height(),
                movie.width(),
                movie.channels().size(),
                run.progress(losses));
        ReportPage page = new ReportPage(
                movie.height(),
                movie.width(),
                movie.pixel().spacing(),
                movie.pixel().unit(),
                summary,
                run.configuration().toYaml());
        int step = (int) Math.max(
                1,
                Math.ceil((double) movie.times().length
                        * movie.channels().size()
                        * movie.height()
                        * movie.width()
                        / MOST_VALUES));
        Movie kept = movie.every(step);
        page.curves(
                kept.times(),
                IntStream.range(0, run.system().shots())
                        .mapToDouble(shot -> Arrays.stream(run.system().moments(shot))
                                .average()
                                .orElseThrow())
                        .toArray(),
                losses);
        for (int channel = 0; channel < kept.channels().size(); channel++) {
            List<float[]> shown = kept.channel(channel);
            Shades shades = Shades.of(shown);
            String name = run.system().channelName(channel);
            String map = channel % 2 == 0 ? "grey" : "viridis";
            int one = channel;
            for (float[] picture : run.conventionalPicture(channel))
                page.view(new View(
                        name,
                        View.Role.CONVENTIONAL,
                        name + ", conventional",
                        "",
                        map,
                        List.of(shades.bytes(picture)),
                        shades));
            View view = new View(name, View.Role.MODEL, name, "", map, shades.bytes(shown), shades)
                    .ratedFrames(
                            compared.map(both -> Times.every(step, both.model().psnr(one))));
            page.view(channel == 0 ? view.withMotion() : view);
            truth.ifPresent(scene -> page.view(new View(
                    name,
                    View.Role.TRUTH,
                    name + ", truth",
                    "",
                    map,
                    shades.bytes(scene.every(step).channel(one)),
                    shades)));
        }
        compared.ifPresent(both -> page.truth(both.table()));
        addShots(page, run, movie);
        page.motion(kept.times().length, ReportPage.LEAST_MOTION, kept::lateralMotion);
        page.write(file);
    }

    /** The shots, where the recording holds them as pictures of the scene's size. */
    private static void addShots(ReportPage page, OwnRun run, Movie movie) {
        Recording.Array img = run.recording().arrays().get("img");
        if (img == null
                || img.shape().length != 3
                || img.shape()[0] != run.system().shots()
                || img.shape()[1] != movie.height()
                || img.shape()[2] != movie.width()) return;
        page.raw(
                "The shots as recorded. The shot nearest to the time above is framed.",
                "",
                IntStream.rangeClosed(1, img.shape()[0])
                        .mapToObj(shot -> "shot " + shot)
                        .toList(),
                IntStream.range(0, img.shape()[0]).mapToObj(img::part).toList());
    }
}
