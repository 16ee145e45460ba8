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

    /** An array's values in single precision. */
    static float[] floats(NpyArray array) {
        float[] narrow = new float[array.values().length];
        for (int i = 0; i < narrow.length; i++) narrow[i] = (float) array.values()[i];
        return narrow;
    }

    public static Map<String, NpyArray> in(Path file) throws IOException {
        Npz archive = Npz.open(file);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (String name : archive.numeric()) arrays.put(name, archive.get(name));
        return arrays;
    }
}
