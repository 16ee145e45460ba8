package dev.nstm.apps.movie;

import dev.nstm.apps.report.ReportPage;
import dev.nstm.apps.report.TextTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The page {@code report.html}: what every instrument shows of a movie, and the sections that it adds. All times of the
 * movie are shown.
 *
 * @param summary in sentences
 * @param configuration as YAML
 * @param shotTimes of the shots
 * @param losses of the epochs
 * @param truth how the movie compares with it, where it is known
 * @param leastMotion displacement in pixels that is told from the reconstruction's own uncertainty
 * @param sections what the instrument adds
 */
public record ReportOutput(
        String summary,
        String configuration,
        double[] shotTimes,
        double[] losses,
        Optional<TextTable> truth,
        double leastMotion,
        Sections sections)
        implements Output {
    /** Values that a page holds of one movie; more would make it slow to open. */
    private static final int MOST_VALUES = 12_000_000;

    private static final String FILE = "report.html";

    /** Views and pictures of an instrument. */
    public interface Sections {
        /** @param movie that is shown */
        void add(ReportPage page, Movie movie);
    }

    /**
     * Step from one time that is shown to the next; 1 where all are shown.
     *
     * @param values shown of one time
     */
    public static int step(int times, double values) {
        return (int) Math.max(1, Math.ceil(times * values / MOST_VALUES));
    }

    @Override
    public List<String> write(Movie movie, Path directory, Names names) throws IOException {
        ReportPage page = new ReportPage(
                movie.height(),
                movie.width(),
                movie.pixel().spacing(),
                movie.pixel().unit(),
                summary,
                configuration);
        page.curves(movie.times(), shotTimes, losses);
        movie.clock().ifPresent(page::clock);
        sections.add(page, movie);
        truth.ifPresent(page::truth);
        page.motion(movie.times().length, leastMotion, movie::lateralMotion);
        page.write(directory.resolve(FILE));
        return List.of(FILE);
    }
}
