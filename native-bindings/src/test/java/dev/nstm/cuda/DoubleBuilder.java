package dev.nstm.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Has the double of the CUDA libraries built where the tests' NSTM_CUDA_PATH says it is, before any test runs. */
public final class DoubleBuilder implements LauncherSessionListener {
    static final String FOLDER = "cuda-double";

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        String path = System.getenv("NSTM_CUDA_PATH");
        if (path == null || !Path.of(path).endsWith(FOLDER)) return;
        try {
            CudaDouble.build(Path.of(path));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
