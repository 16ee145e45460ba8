package dev.nstm.apps.command;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.Dpc;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.lensless.LenslessCamera;
import dev.nstm.apps.own.OwnSystem;
import dev.nstm.apps.sim.Sim;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The instruments there are: those listed here, and those that users bring along. */
final class Instruments {
    static final List<Instrument> BUILT_IN = List.of(new Dpc(), new Sim(), new LenslessCamera());

    private Instruments() {}

    /**
     * The instrument that a configuration asks for.
     *
     * @param plugins jars with systems of the user's own
     */
    static Instrument of(Configuration configuration, List<Path> plugins) {
        String name = configuration.get(Keys.SYSTEM);
        return BUILT_IN.stream().filter(instrument -> instrument.name().equals(name)).findFirst().orElseGet(() -> new OwnSystem(name, plugins));
    }

    /** Reads the data and prepares the run; what speaks against the result is told. */
    static Run load(Configuration configuration, List<Path> plugins) throws IOException {
        Run run = of(configuration, plugins).load(configuration);
        run.doubts().forEach(doubt -> System.err.println("nstm: " + doubt));
        return run;
    }
}
