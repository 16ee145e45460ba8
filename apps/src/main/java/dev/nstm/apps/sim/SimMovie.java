package dev.nstm.apps.sim;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.report.Film;
import dev.nstm.apps.report.Shades;
import dev.nstm.device.Device;
import dev.nstm.optics.Grid3D;
import dev.nstm.training.SceneRenderer;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;

/** A finished structured-illumination reconstruction at any times. */
public final class SimMovie {
    private SimMovie() {}

    /** Writes {@code movie.npz}, a hyperstack and an animated projection; returns what to tell the user. */
    public static String write(Path directory, Configuration c, TrainingState state, Device device, double[] times, int framesPerSecond) throws IOException {
        Volumes.Written shots = Volumes.read(Run.result(directory));
        Grid3D support = shots.volumes().support();
        SceneRenderer renderer = new SceneRenderer(device, SimRun.field(c, support.depth(), support.height(), support.width()),
                SimRun.shown(support.depth(), support.height(), support.width()), new double[] {1}, c.get(Keys.MOTION_RATE) > 0, state.object().parameters(), state.motion().parameters());
        Volumes movie = Volumes.render(renderer, times, support, support.depth() == 1 ? 2 : 3);
        movie.write(directory.resolve("movie.npz"), shots.imageMean(), shots.clock());
        double pixel = c.get(Keys.PIXEL_SIZE) / c.get(Keys.SIM_ZOOM);
        movie.writeTiff(directory.resolve("movie.tif"), pixel, c.get(Keys.Z_STEP));
        String film = new Film(support.height(), support.width(), pixel, Film.MICROMETRES, times, shots.clock()).write(directory, "movie", Shades.of(movie.projections()), framesPerSecond);
        return times.length + " times in " + directory.resolve("movie.npz") + ", movie.tif and maximum projections in " + film + "\n";
    }
}
