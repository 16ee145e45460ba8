package dev.nstm.apps.own;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Evaluation;
import dev.nstm.apps.instrument.PictureField;
import dev.nstm.apps.movie.Axis;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.Companion;
import dev.nstm.apps.movie.KeptFrames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.Outputs;
import dev.nstm.apps.movie.ReportOutput;
import dev.nstm.apps.movie.Times;
import dev.nstm.apps.movie.TrainedScene;
import dev.nstm.device.Device;
import dev.nstm.metrics.ImageMetrics;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a reconstruction with a system of one's own leaves in its directory. */
final class OwnResults {
    private static final Output.Names NAMES = new Output.Names("recon", "recon", 20);
    private static final int MOST_FRAMES = 200;

    private OwnResults() {}

    static String write(OwnRun run, Path directory, Device device, TrainingState state) throws IOException {
        Files.deleteIfExists(directory.resolve("movie.npz"));
        try (Movie movie = movie(run, device, state, directory)) {
            Optional<Movie> truth = run.truth(movie);
            Optional<Comparison> compared =
                    truth.map(known -> comparison(movie, known, Evaluation.margin(movie.height(), movie.width())));
            int step = ReportOutput.step(
                    movie.times().length, (double) movie.channels().size() * movie.samples());
            Output report = OwnReport.of(run, step, truth, compared, state.losses());
            Outputs.write(movie.every(step), directory, NAMES, List.of(report));
            return compared.map(Comparison::text).orElse("")
                    + Outputs.writeTold(movie, directory, NAMES, Outputs.all(companions(run, movie.times())));
        }
    }

    /** Scene and motion at the frames. */
    static Movie movie(OwnRun run, Device device, TrainingState state, Path directory) {
        double[] units = IntStream.range(0, run.system().channels())
                .mapToDouble(run.system()::channelUnit)
                .toArray();
        PictureField pictures = new PictureField(run.height(), run.width(), units, Optional.empty());
        return movie(
                run.configuration(),
                pictures,
                pictures.trained(run.configuration(), Optional.empty(), state, device, directory),
                run.channels(),
                frames(run.configuration().get(Keys.DATA_TIMES)));
    }

    /** Scene and motion at some times. */
    static Movie movie(
            Configuration c, PictureField pictures, TrainedScene trained, List<Channel> channels, double[] times) {
        return new Movie(
                axes(c, pictures.height(), pictures.width()),
                channels,
                Movie.Look.GREY,
                times,
                pictures.clock(),
                pictures.notes(),
                trained.frames(times));
    }

    /** A movie beside the truth. */
    static Comparison comparison(Movie movie, Movie truth, int margin) {
        return Comparison.counted(
                "frame", Optional.empty(), Evaluation.of(movie, truth, ImageMetrics.Freedom.OFFSET, margin, false), "");
    }

    /** A pixel size of 1 is that of a configuration without one. */
    private static List<Axis> axes(Configuration c, int height, int width) {
        double pixel = c.get(Keys.OPTICS_PIXEL_SIZE);
        return pixel == 1 ? Axis.ofPictures(height, width) : Axis.ofPictures(height, width, pixel);
    }

    static String writeConventional(OwnRun run, Path directory) throws IOException {
        return Outputs.writeStill(conventional(run, new double[] {0}), directory, "baseline", "conventional");
    }

    /** The conventional reconstruction, where the system has one. */
    private static List<Companion> companions(OwnRun run, double[] times) {
        return run.hasBaseline() ? Companion.of("conventional ", conventional(run, times)) : List.of();
    }

    /** The conventional reconstruction, which takes the scene for unmoving. */
    private static Movie conventional(OwnRun run, double[] times) {
        float[][] channels = IntStream.range(0, run.system().channels())
                .mapToObj(channel -> run.conventionalPicture(channel).getFirst())
                .toArray(float[][]::new);
        return new Movie(
                axes(run.configuration(), run.height(), run.width()),
                run.channels(),
                Movie.Look.GREY,
                times,
                Optional.empty(),
                Map.of(),
                KeptFrames.still(channels, times.length));
    }

    /** All moments, or an even choice of them where there are many; {@code nstm export} shows any others. */
    private static double[] frames(double[] moments) {
        return Times.every(Math.ceilDiv(moments.length, MOST_FRAMES), moments);
    }
}
