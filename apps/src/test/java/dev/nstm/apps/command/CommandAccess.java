package dev.nstm.apps.command;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.instrument.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What tests of other packages need of this one. */
public final class CommandAccess {
    private CommandAccess() {}

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
}
