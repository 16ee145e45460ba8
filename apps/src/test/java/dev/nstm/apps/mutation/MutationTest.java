package dev.nstm.apps.mutation;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files of every kind are refused in one line that names the file, or read as far as their format lets anyone
 * notice: without a trace, a hang, the heap's death or, where there are checksums, other values.
 * {@code -Dnstm.mutations=20000} tries more, {@code -Dnstm.test.seed=} the same again. Every key is tried at its
 * extremes.
 */
class MutationTest {
    @TempDir
    private Path directory;

    @Test
    void damagedFilesAreRefusedInOneLine() throws Exception {
        int count = Integer.getInteger("nstm.mutations", 500);
        SmallProcess.succeeds(
                MutationRun.class,
                directory,
                60 + count / 20,
                Integer.toString(count),
                System.getProperty("nstm.test.seed", Long.toString(System.nanoTime())),
                directory.toString());
    }

    @Test
    void everyKeyAtItsExtremesIsRefusedOrUsed() throws Exception {
        SmallProcess.succeeds(ExtremesRun.class, directory, 400, directory.toString());
    }
}
