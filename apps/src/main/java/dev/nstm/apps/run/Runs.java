package dev.nstm.apps.run;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.DpcRun;
import dev.nstm.apps.dpc.Measurement;
import dev.nstm.apps.sim.SimRun;
import java.io.IOException;

/** Finds the imaging system that a configuration asks for. */
public final class Runs {
    private Runs() {}

    /** Reads the data and prepares the run. */
    public static Run load(Configuration configuration) throws IOException {
        return switch (configuration.get(Keys.SYSTEM)) {
            case "sim" -> SimRun.load(configuration);
            default -> DpcRun.of(configuration, Measurement.load(configuration));
        };
    }
}
