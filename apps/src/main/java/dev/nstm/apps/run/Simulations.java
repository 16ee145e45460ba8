package dev.nstm.apps.run;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.Simulation;
import dev.nstm.apps.sim.SimSimulator;
import java.io.IOException;
import java.nio.file.Path;

/** Simulates the raw data of the imaging system that a configuration asks for. */
public final class Simulations {
    private Simulations() {}

    public static void write(Configuration configuration, Path file) throws IOException {
        if (configuration.get(Keys.SYSTEM).equals("sim")) SimSimulator.write(configuration, file);
        else Simulation.write(configuration, file);
    }
}
