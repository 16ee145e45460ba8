package dev.nstm.apps.run;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.DpcMovie;
import dev.nstm.apps.dpc.DpcRun;
import dev.nstm.apps.dpc.Measurement;
import dev.nstm.apps.sim.SimMeasurement;
import dev.nstm.apps.sim.SimMovie;
import dev.nstm.apps.sim.SimRun;
import dev.nstm.device.Device;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;

/** Finds the imaging system that a configuration asks for. */
public final class Runs {
    private Runs() {}

    /** Reads the data and prepares the run. */
    public static Run load(Configuration configuration) throws IOException {
        return switch (configuration.get(Keys.SYSTEM)) {
            case "sim" -> {
                SimRun run = SimRun.of(configuration, SimMeasurement.load(configuration));
                run.doubts().forEach(doubt -> System.err.println("nstm: " + doubt));
                yield run;
            }
            default -> DpcRun.of(configuration, Measurement.load(configuration));
        };
    }

    /**
     * Shows a finished reconstruction at other times.
     *
     * @param directory that the run wrote
     * @return what to tell the user, whole lines
     */
    public static String render(Path directory, Configuration configuration, TrainingState state, Device device, double[] times, int framesPerSecond) throws IOException {
        return switch (configuration.get(Keys.SYSTEM)) {
            case "sim" -> SimMovie.write(directory, configuration, state, device, times, framesPerSecond);
            default -> DpcMovie.write(directory, configuration, state, device, times, framesPerSecond);
        };
    }
}
