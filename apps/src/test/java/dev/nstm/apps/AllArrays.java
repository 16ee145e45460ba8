package dev.nstm.apps;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every array of numbers in an archive, for tests that change one and write all back. */
public final class AllArrays {
    private AllArrays() {}

    public static Map<String, NpyArray> in(Path file) throws IOException {
        Npz archive = Npz.open(file);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (String name : archive.numeric()) arrays.put(name, archive.get(name));
        return arrays;
    }
}
