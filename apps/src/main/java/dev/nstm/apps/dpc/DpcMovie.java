package dev.nstm.apps.dpc;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.SceneMovie;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.apps.report.Film;
import dev.nstm.apps.report.Shades;
import dev.nstm.device.Device;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A finished DPC reconstruction at any times. */
public final class DpcMovie {
    private DpcMovie() {}

    /** Writes {@code movie.npz}, TIFF stacks and animated pictures; returns what to tell the user. */
    public static String write(Path directory, Configuration configuration, TrainingState state, Device device, double[] times, int framesPerSecond) throws IOException {
        SceneMovie movie = SceneMovie.again(directory, configuration, state, device, times, Optional.empty(), "");
        movie.write(directory.resolve("movie.npz"));
        Film film = new Film(movie.height(), movie.width(), configuration.get(Keys.PIXEL_SIZE), Film.MICROMETRES, times, Optional.empty());
        List<String> written = new ArrayList<>();
        for (int channel = 0; channel < 2; channel++) {
            String name = Evaluation.CHANNELS.get(channel);
            TiffStack.write(directory.resolve("movie-" + name + ".tif"), movie.channel(channel), movie.height(), movie.width(), configuration.get(Keys.PIXEL_SIZE));
            written.add(film.write(directory, "movie-" + name, Shades.of(movie.channel(channel)), framesPerSecond));
        }
        return times.length + " times in " + directory.resolve("movie.npz") + ", as TIFF beside it, and as " + String.join(" and ", written) + "\n";
    }
}
