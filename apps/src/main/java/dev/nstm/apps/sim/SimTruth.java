package dev.nstm.apps.sim;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import java.io.IOException;
import java.util.Optional;

/**
 * What simulated data know about themselves.
 *
 * @param density {@code [time, z, y, x]}
 * @param motion displacement of the specimen since the first time, {@code [time, z, y, x, axis]}, in voxels
 */
record SimTruth(NpyArray density, NpyArray motion) {
    static Optional<SimTruth> find(Npz arrays) throws IOException {
        if (!arrays.has("density") || !arrays.has("motion")) return Optional.empty();
        return Optional.of(new SimTruth(arrays.get("density"), arrays.get("motion")));
    }
}
