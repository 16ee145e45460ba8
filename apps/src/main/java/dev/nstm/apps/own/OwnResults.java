package dev.nstm.apps.own;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.SceneEvaluation;
import dev.nstm.apps.instrument.SceneMovie;
import dev.nstm.apps.instrument.Times;
import dev.nstm.apps.io.AnimatedPng;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.apps.report.Film;
import dev.nstm.apps.report.Shades;
import dev.nstm.device.Device;
import dev.nstm.training.SceneRenderer;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a reconstruction with a system of one's own leaves in its directory. */
public final class OwnResults {
    private static final int FRAMES_PER_SECOND = 20;
    private static final int MOST_FRAMES = 200;

    private OwnResults() {}

    static String write(OwnRun run, Path directory, Device device, TrainingState state) throws IOException {
        int height = run.system().grid().extent(0);
        int width = run.system().grid().extent(1);
        double[] units = IntStream.range(0, run.system().channels()).mapToDouble(run.system()::channelUnit).toArray();
        SceneRenderer renderer = new SceneRenderer(device, run.field(), run.system().samples(), units, !run.plan().motion().frozen(), state.object().parameters(), state.motion().parameters());
        SceneMovie movie = SceneMovie.render(renderer, frames(run.configuration().get(Keys.TIMES)), height, width, units, Optional.empty());
        Files.deleteIfExists(directory.resolve("movie.npz"));
        Optional<SceneEvaluation.Scene> truth = run.truth(movie);
        Optional<SceneEvaluation> evaluation = truth.map(scene -> SceneEvaluation.of(movie::picture, scene, movie.times().length, movie.channels(), 0));
        OwnReport.write(directory.resolve("report.html"), run, movie, truth, evaluation, state.losses());
        String written = write(movie, directory, "recon", run.configuration().get(Keys.PIXEL_SIZE), FRAMES_PER_SECOND);
        return evaluation.map(compared -> compared.table(run.channelNames()).text()).orElse("") + written;
    }

    static String writeConventional(OwnRun run, Path directory) throws IOException {
        int height = run.system().grid().extent(0);
        int width = run.system().grid().extent(1);
        float[][] channels = IntStream.range(0, run.system().channels()).mapToObj(channel -> run.conventionalPicture(channel).getFirst()).toArray(float[][]::new);
        Npz.write(directory.resolve("baseline.npz"), Map.of("recon", NpyArray.ofParts(new float[][][] {channels}, 1, height, width, channels.length)));
        for (int c = 0; c < channels.length; c++) {
            writeStack(directory.resolve("conventional-" + (c + 1) + ".tif"), List.of(channels[c]), height, width, run.configuration().get(Keys.PIXEL_SIZE));
            AnimatedPng.write(directory.resolve("conventional-" + (c + 1) + ".png"), Shades.of(List.of(channels[c])), height, width, 1);
        }
        return "conventional reconstruction in " + directory.resolve("baseline.npz") + ", and as TIFF and PNG per channel\n";
    }

    /** All moments, or an even choice of them where there are many; {@code nstm render} shows any others. */
    private static double[] frames(double[] moments) {
        return Times.every(Math.ceilDiv(moments.length, MOST_FRAMES), moments);
    }

    /** Returns what was written, for people. */
    private static String write(SceneMovie movie, Path directory, String name, double pixelSize, int framesPerSecond) throws IOException {
        Film film = new Film(movie.height(), movie.width(), pixelSize, pixelSize == 1 ? Film.PIXELS : Film.MICROMETRES, movie.times(), movie.clock());
        List<String> written = new ArrayList<>();
        for (int c = 0; c < movie.channels(); c++) {
            Path stack = directory.resolve(name + "-" + (c + 1) + ".tif");
            writeStack(stack, movie.channel(c), movie.height(), movie.width(), pixelSize);
            written.add(film.write(directory, name + "-" + (c + 1), Shades.of(movie.channel(c)), framesPerSecond));
        }
        movie.write(directory.resolve(name + ".npz"));
        return movie.times().length + " times in " + directory.resolve(name + ".npz") + ", as TIFF beside it, and as " + String.join(" and ", written) + "\n";
    }

    private static void writeStack(Path file, List<float[]> pages, int height, int width, double pixelSize) throws IOException {
        if (pixelSize == 1) TiffStack.writeInPixels(file, pages, height, width, 1);
        else TiffStack.write(file, pages, height, width, pixelSize);
    }

    /** A finished reconstruction at any times; returns what to tell the user. */
    public static String writeMovie(Path directory, Configuration c, TrainingState state, Device device, double[] times, int framesPerSecond) throws IOException {
        return write(SceneMovie.again(directory, c, state, device, times, Optional.empty(), ""), directory, "movie", c.get(Keys.PIXEL_SIZE), framesPerSecond);
    }
}
