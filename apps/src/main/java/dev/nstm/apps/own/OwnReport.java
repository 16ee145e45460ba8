package dev.nstm.apps.own;

import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.ReportOutput;
import dev.nstm.apps.movie.Times;
import dev.nstm.apps.report.ReportPage;
import dev.nstm.apps.report.Shades;
import dev.nstm.apps.report.View;
import dev.nstm.imaging.Recording;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The report of a reconstruction with a system of one's own: its channels, the conventional view and the truth where
 * there are any.
 */
final class OwnReport {
    private OwnReport() {}

    /** For every so many-th time of a movie. */
    static Output of(OwnRun run, int step, Optional<Movie> truth, Optional<Comparison> compared, double[] losses) {
        String summary = String.format(
                Locale.ROOT,
                "%s, shots: %d, %d\u00d7%d pixels, channels: %d. %s.",
                run.configuration().get(Keys.SYSTEM),
                run.system().shots(),
                run.height(),
                run.width(),
                run.system().channels(),
                run.progress(losses));
        return new ReportOutput(
                summary,
                run.configuration().toYaml(),
                IntStream.range(0, run.system().shots())
                        .mapToDouble(shot -> Arrays.stream(run.system().moments(shot))
                                .average()
                                .orElseThrow())
                        .toArray(),
                losses,
                compared.map(Comparison::table),
                ReportPage.LEAST_MOTION,
                (page, movie) -> {
                    for (int channel = 0; channel < movie.channels().size(); channel++)
                        addChannel(page, run, step, movie, channel, truth, compared);
                    addShots(page, run, movie);
                });
    }

    private static void addChannel(
            ReportPage page,
            OwnRun run,
            int step,
            Movie movie,
            int channel,
            Optional<Movie> truth,
            Optional<Comparison> compared) {
        List<float[]> shown = movie.channel(channel);
        Shades shades = Shades.of(shown);
        String name = run.system().channelName(channel);
        String map = channel % 2 == 0 ? "grey" : "viridis";
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
                .ratedFrames(compared.map(both -> Times.every(step, both.model().psnr(channel))));
        page.view(channel == 0 ? view.withMotion() : view);
        truth.ifPresent(scene -> page.view(new View(
                name,
                View.Role.TRUTH,
                name + ", truth",
                "",
                map,
                shades.bytes(scene.every(step).channel(channel)),
                shades)));
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
