package dev.nstm.apps.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.apps.command.CommandAccess;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.KeptFrames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.Outputs;
import dev.nstm.imaging.PatchPlan;
import dev.nstm.optics.Grid3D;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PatchMergeTest {
    private static final int ROWS = 20;
    private static final int COLUMNS = 27;
    private static final int OVERLAP = 4;
    private static final int ZOOM = 2;

    @TempDir
    private Path directory;

    private static double field(int z, int y, int x) {
        return 5 + z + Math.sin(0.3 * y) + Math.cos(0.2 * x);
    }

    /** Patches cut out of a known field, each of a brightness of its own as a reconstruction leaves it. */
    private Patches patches() throws IOException {
        Files.writeString(
                directory.resolve("config.yaml"),
                "system: sim\noptics:\n  pixelSize: 0.08\n  zStep: 0.15\nsim:\n  zoom: 2\n");
        List<Patches.Patch> list = new ArrayList<>();
        for (int[] start : PatchPlan.of(new int[] {ROWS, COLUMNS}, new int[] {10, 12}, OVERLAP)
                .starts()) {
            Patches.Patch patch = new Patches.Patch("patch-" + list.size(), start[0], start[1], 10, 12);
            int height = 10 * ZOOM;
            int width = 12 * ZOOM;
            float[] density = new float[2 * height * width];
            float[][] motion = new float[3][density.length];
            double mean = 0;
            long counted = 0;
            for (int i = 0; i < density.length; i++) {
                int y = i / width % height;
                int x = i % width;
                double value = field(i / width / height, y + start[0] * ZOOM, x + start[1] * ZOOM);
                density[i] = (float) (value * (1 + 0.3 * list.size()));
                motion[1][i] = (float) value;
                int margin = OVERLAP * ZOOM / 2;
                if (y < margin || x < margin || y >= height - margin || x >= width - margin) continue;
                mean += value;
                counted++;
            }
            Movie movie = SimResults.movie(
                    Configuration.read(directory.resolve("config.yaml"), List.of(), CommandAccess.systems()),
                    new Grid3D(2, height, width),
                    mean / counted,
                    Optional.empty(),
                    new double[] {0},
                    new KeptFrames(new float[][][] {{density}}, new float[][][] {motion}));
            Outputs.write(
                    movie, directory.resolve(patch.name()), new Output.Names("recon", "", 1), List.of(Outputs.NPZ));
            list.add(patch);
        }
        return new Patches(directory, ROWS, COLUMNS, OVERLAP, list);
    }

    @ParameterizedTest
    @EnumSource(PatchMerge.Mode.class)
    void patchesOfOneFieldGiveTheFieldBack(PatchMerge.Mode mode) throws IOException {
        PatchMerge.write(patches(), mode);
        Movie merged = Archives.volumes(directory.resolve("merged.npz"));
        float[] density = merged.scene(0, 0);
        float[] moved = merged.motion(0)[1];
        int width = COLUMNS * ZOOM;
        int height = ROWS * ZOOM;
        assertEquals(2 * height * width, density.length);
        for (int i = 0; i < density.length; i++) {
            double expected = field(i / width / height, i / width % height, i % width);
            assertEquals(expected, density[i], 1e-4, "voxel " + i);
            assertEquals(expected, moved[i], 1e-4, "motion at voxel " + i);
        }
    }

    @Test
    void missingPatchesAreNamed() throws IOException {
        Patches patches = patches();
        Files.delete(directory.resolve("patch-1").resolve("recon.npz"));
        String message = assertThrows(InvalidInputException.class, () -> PatchMerge.write(patches, PatchMerge.Mode.MID))
                .getMessage();
        assertTrue(message.contains("patch-1") && !message.contains("patch-0"), message);
    }
}
