package dev.nstm.apps.sim;

import java.io.IOException;
import java.nio.file.Path;

/** What tests of other packages need of this one. */
public final class SimAccess {
    private SimAccess() {}

    public static double[] timestamps(Path file, int timePoints, int directions, int phases, int planes)
            throws IOException {
        return Timestamps.read(file, new ShotOrder(timePoints, directions, phases), planes);
    }
}
