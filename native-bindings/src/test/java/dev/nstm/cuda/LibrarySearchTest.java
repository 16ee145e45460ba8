package dev.nstm.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {
    @TempDir
    private Path directory;

    private Path folder(String path) throws IOException {
        return Files.createDirectories(directory.resolve(path));
    }

    @Test
    void foldersAreSearchedInTheirOrder() throws IOException {
        Path named = folder("named");
        Path toolkit = folder("toolkit/lib64").getParent();
        Path loader = folder("loader");
        Path cuda13 = folder("venv/lib/python3.12/site-packages/nvidia/cu13/lib");
        Path cuda12 = folder("venv/lib/python3.12/site-packages/nvidia/cufft/lib");
        Path interpreter = Files.writeString(folder("other/bin").resolve("python3"), "");
        assumeTrue(interpreter.toFile().setExecutable(true), "files cannot be made executable here");
        Path onPath = folder("other/lib/python3.13/site-packages/nvidia/cu13/lib");
        LibrarySearch search = new LibrarySearch(Map.of(
                "NSTM_CUDA_PATH",
                named + File.pathSeparator + directory.resolve("missing"),
                "CUDA_HOME",
                toolkit.toString(),
                "LD_LIBRARY_PATH",
                loader.toString(),
                "VIRTUAL_ENV",
                directory.resolve("venv").toString(),
                "PATH",
                interpreter.getParent().toString()));
        List<Path> ours = search.folders().stream()
                .filter(path -> path.startsWith(directory))
                .toList();
        assertEquals(List.of(named, toolkit.resolve("lib64"), loader, cuda13, cuda12, onPath), ours);
    }

    /** A library that loads: built here, where there is a compiler. */
    private Path library(String path) throws Exception {
        Path source = Files.writeString(directory.resolve("empty.c"), "int cuInit(unsigned flags) { return 0; }\n");
        Path file = folder(path).resolve("libcuda.so.1");
        try {
            Process compiler = new ProcessBuilder("gcc", "-shared", "-fPIC", "-o", file.toString(), source.toString())
                    .inheritIO()
                    .start();
            assertTrue(compiler.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, compiler.exitValue());
        } catch (IOException none) {
            assumeTrue(false, "no gcc here");
        }
        return file;
    }

    @Test
    void theFirstFileThatLoadsIsTaken() throws Exception {
        Path good = library("good");
        Path broken = Files.writeString(folder("broken").resolve("libcuda.so.1"), "no library");
        LibrarySearch search =
                new LibrarySearch(Map.of("NSTM_CUDA_PATH", broken.getParent() + File.pathSeparator + good.getParent()));
        assertEquals(Optional.of(good), search.find(CudaLibrary.DRIVER).file());
        assertTrue(new CudaDeviceProvider(search, directory).facts().getFirst().equals("driver: " + good));
    }

    @Test
    void aFileThatDoesNotLoadIsNamedWithTheReason() throws IOException {
        Path broken = Files.writeString(folder("broken").resolve("libcufft.so.12"), "no library");
        LibrarySearch.Outcome outcome =
                new LibrarySearch(Map.of("NSTM_CUDA_PATH", broken.getParent().toString())).find(CudaLibrary.CUFFT);
        assumeTrue(outcome.file().isEmpty(), "this machine has cuFFT");
        assertTrue(outcome.reason().startsWith(broken + " cannot be loaded"), outcome.reason());
    }

    @Test
    void aLibraryThatIsNowhereSaysWhatToDo() {
        LibrarySearch.Outcome outcome = new LibrarySearch(Map.of()).find(CudaLibrary.NVRTC);
        assumeTrue(outcome.file().isEmpty(), "this machine has NVRTC");
        assertTrue(
                outcome.reason().contains("libnvrtc.so.13 or libnvrtc.so.12")
                        && outcome.reason().contains("NSTM_CUDA_PATH"),
                outcome.reason());
    }
}
