package dev.nstm.apps.command;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What tests of other packages need of this one. */
public final class CommandAccess {
    private CommandAccess() {}

    /** Points of a table as text. */
    public static List<String> points(Path file, int... extents) throws Exception {
        return TrackCommand.starts(file, extents).stream().map(Arrays::toString).toList();
    }
}
