package dev.nstm.apps.own;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.NpyFloats;
import dev.nstm.apps.io.Npz;
import dev.nstm.imaging.ImagingSystem;
import dev.nstm.imaging.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Recordings for systems of a user's own, as NPZ files hold them. */
final class OwnRecording {
    private OwnRecording() {}

    static Recording read(Path file) throws IOException {
        require(Npz.isNamed(file.toString()), "%s: a system of one's own reads NPZ files", file);
        Map<String, Recording.Array> arrays = new LinkedHashMap<>();
        Npz archive = Npz.open(file);
        for (String name : archive.numeric()) {
            NpyFloats array = archive.floats(name);
            arrays.put(name, new Recording.Array(array.shape(), array.values()));
        }
        return new Recording(arrays);
    }

    static void write(Recording recording, Path file) throws IOException {
        Map<String, NpyFloats> arrays = new LinkedHashMap<>();
        recording.arrays().forEach((name, array) -> arrays.put(name, new NpyFloats(array.shape(), array.values())));
        Npz.write(file, arrays);
    }

    /** What a system makes up. */
    static Recording simulated(Configuration c, ImagingSystem provider) {
        Recording recording = GuardedModel.guarded(
                provider.name(), () -> provider.simulate(c.settings(), c.get(Keys.SIMULATION_SEED)));
        require(recording != null, "the system %s simulated nothing", provider.name());
        return recording;
    }
}
