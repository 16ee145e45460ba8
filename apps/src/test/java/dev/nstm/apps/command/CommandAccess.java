package dev.nstm.apps.command;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Systems;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** What tests of other packages need of this one. */
public final class CommandAccess {
    private CommandAccess() {}

    /** The built-in systems. */
    public static Systems systems() {
        return Instruments.SYSTEMS;
    }

    /** Reads a configuration of one of the published programs. */
    public static Configuration published(Path file, List<String> settings, Consumer<String> notice)
            throws IOException {
        return Instruments.published(file, settings, notice);
    }

    /** Writes what a configuration's instrument simulates. */
    public static void simulate(Configuration configuration, Path file) throws IOException {
        Instruments.of(configuration, List.of()).simulate(configuration, file);
    }

    /** Reads the data and prepares the run. */
    public static Run load(Configuration configuration) throws IOException {
        return Instruments.load(configuration, List.of());
    }

    /** Points of a table as text. */
    public static List<String> points(Path file, int... extents) throws Exception {
        return TrackCommand.starts(file, extents).stream().map(Arrays::toString).toList();
    }

    /** The instruments that are built in. */
    public static List<Instrument> instruments() {
        return Instruments.BUILT_IN;
    }
}
