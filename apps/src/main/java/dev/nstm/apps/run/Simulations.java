package dev.nstm.apps.run;

import dev.nstm.apps.camera.CameraSimulator;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.Simulation;
import dev.nstm.apps.own.OwnRun;
import dev.nstm.apps.own.Plugins;
import dev.nstm.apps.sim.SimSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Simulates the raw data of the imaging system that a configuration asks for. */
public final class Simulations {
    private Simulations() {}

    /** @param plugins jars with systems of the user's own */
    public static void write(Configuration configuration, List<Path> plugins, Path file) throws IOException {
        switch (configuration.get(Keys.SYSTEM)) {
            case "sim" -> SimSimulator.write(configuration, file);
            case "diffusercam" -> CameraSimulator.write(configuration, file);
            case "dpc" -> Simulation.write(configuration, file);
            default -> OwnRun.simulate(configuration, Plugins.find(configuration.get(Keys.SYSTEM), plugins), file);
        }
    }
}
