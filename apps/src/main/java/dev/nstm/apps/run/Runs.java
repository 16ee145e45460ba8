package dev.nstm.apps.run;

import dev.nstm.apps.camera.CameraMeasurement;
import dev.nstm.apps.camera.CameraResults;
import dev.nstm.apps.camera.CameraRun;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.DpcMovie;
import dev.nstm.apps.dpc.DpcRun;
import dev.nstm.apps.dpc.Measurement;
import dev.nstm.apps.own.OwnResults;
import dev.nstm.apps.own.OwnRun;
import dev.nstm.apps.own.Plugins;
import dev.nstm.apps.sim.SimMeasurement;
import dev.nstm.apps.sim.SimMovie;
import dev.nstm.apps.sim.SimRun;
import dev.nstm.device.Device;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Finds the imaging system that a configuration asks for. */
public final class Runs {
    private Runs() {}

    /**
     * Reads the data and prepares the run.
     *
     * @param plugins jars with systems of the user's own
     */
    public static Run load(Configuration configuration, List<Path> plugins) throws IOException {
        Run run = switch (configuration.get(Keys.SYSTEM)) {
            case "sim" -> SimRun.of(configuration, SimMeasurement.load(configuration));
            case "diffusercam" -> CameraRun.of(configuration, CameraMeasurement.load(configuration));
            case "dpc" -> DpcRun.of(configuration, Measurement.load(configuration));
            default -> OwnRun.of(configuration, Plugins.find(configuration.get(Keys.SYSTEM), plugins));
        };
        run.doubts().forEach(doubt -> System.err.println("nstm: " + doubt));
        return run;
    }

    /**
     * Shows a finished reconstruction at other times.
     *
     * @param directory that the run wrote
     * @return what to tell the user, whole lines
     */
    public static String render(Path directory, Configuration configuration, TrainingState state, Device device, double[] times, int framesPerSecond) throws IOException {
        return switch (configuration.get(Keys.SYSTEM)) {
            case "diffusercam" -> CameraResults.writeMovie(directory, configuration, state, device, times, framesPerSecond);
            case "sim" -> SimMovie.write(directory, configuration, state, device, times, framesPerSecond);
            case "dpc" -> DpcMovie.write(directory, configuration, state, device, times, framesPerSecond);
            default -> OwnResults.writeMovie(directory, configuration, state, device, times, framesPerSecond);
        };
    }
}
