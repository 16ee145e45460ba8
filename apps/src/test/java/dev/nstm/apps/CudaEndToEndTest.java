package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nstm.apps.io.Npz;
import dev.nstm.cuda.CudaDouble;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command on a GPU, which the double of the CUDA libraries stands in for. */
class CudaEndToEndTest {
    @TempDir
    private static Path directory;

    private static Path libraries;
    private static Path config;
    private static Path shots;

    @BeforeAll
    static void simulate() throws Exception {
        libraries = directory.resolve("cuda-double");
        Optional<String> missing = CudaDouble.build(libraries);
        assumeTrue(missing.isEmpty(), missing::orElseThrow);
        config = Files.writeString(directory.resolve("small.yaml"), """
                system: dpc
                optics: {wavelength: 0.525, numericalAperture: 0.25, pixelSize: 0.454}
                simulation: {height: 32, width: 36, drift: 3}
                object: {width: 16, log2TableSize: 8}
                motion: {log2TableSize: 6}
                training: {epochs: 12}
                """);
        shots = directory.resolve("shots.npz");
        assertEquals(
                0,
                CommandLineRunner.run("simulate", config.toString(), "--out", shots.toString())
                        .exitCode());
    }

    private static CommandLineRunner.Result reconstruct(Path folder, String fault, Path out, String... more)
            throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("reconstruct", config.toString(), "--data", shots.toString(), "--out", out.toString()));
        arguments.addAll(List.of(more));
        return CommandLineRunner.run(
                Map.of(
                        "NSTM_CUDA_PATH",
                        folder.toString(),
                        "NSTM_CACHE",
                        directory.resolve("cache").toString(),
                        "NSTM_DOUBLE_FAIL",
                        fault),
                arguments.toArray(String[]::new));
    }

    @Test
    void aReconstructionOnAGpuGivesWhatTheProcessorGives() throws Exception {
        Path there = directory.resolve("cuda");
        CommandLineRunner.Result result =
                reconstruct(libraries, "", there, "--device", "cuda", "--gpu-memory", "500MB");
        assertEquals(0, result.exitCode(), result.err());
        Path here = directory.resolve("cpu");
        assertEquals(0, reconstruct(libraries, "", here, "--device", "cpu").exitCode());
        double[] expected = Npz.open(here.resolve("recon.npz")).get("recon").values();
        double[] found = Npz.open(there.resolve("recon.npz")).get("recon").values();
        for (int channel = 0; channel < 2; channel++) {
            double[] a = centred(expected, channel);
            double[] b = centred(found, channel);
            double error = 0;
            double size = 0;
            for (int i = 0; i < a.length; i++) {
                error += (b[i] - a[i]) * (b[i] - a[i]);
                size += a[i] * a[i];
            }
            // Rounded otherwise from the first step on, both train apart: 0.2 and 0.34 % after twelve epochs.
            assertTrue(
                    Math.sqrt(error / size) < 5e-3,
                    "channel " + channel + " differs by " + Math.sqrt(error / size) + " of its size");
        }
    }

    /** A channel about its mean: the shots say nothing of the mean phase, which follows what is rounded. */
    private static double[] centred(double[] scene, int channel) {
        double[] values = IntStream.range(0, scene.length / 2)
                .mapToDouble(i -> scene[2 * i + channel])
                .toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(value -> value - mean).toArray();
    }

    @Test
    void infoNamesTheGpuAndItsLibraries() throws Exception {
        CommandLineRunner.Result info = CommandLineRunner.run(
                Map.of(
                        "NSTM_CUDA_PATH",
                        libraries.toString(),
                        "NSTM_CACHE",
                        directory.resolve("cache").toString()),
                "info");
        assertTrue(
                info.out().contains("cuda     available")
                        && info.out().contains("driver: " + libraries.resolve("libcuda.so.1"))
                        && info.out().contains("GPU: double of a GPU, compute capability 9.0"),
                info.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version:11080 | the NVIDIA driver is for CUDA 11.8; CUDA 12.0 or newer is needed, update the driver",
                "cuInit:1:100 | CUDA: cuInit failed with CUDA_ERROR_NO_DEVICE (no CUDA-capable device is detected)",
                "cuMemAlloc_v2:1:2 | double of a GPU has no memory left: 34 MB were asked for, 0 MB are in use; use a smaller field (patches.size) or --device cpu",
                "nvrtcCompileProgram:1:6 | CUDA: the kernels do not compile with --gpu-architecture=sm_90 --std=c++17: nstm.cu(1): error: told to fail with --gpu-architecture=sm_90"
            })
    void aGpuThatCannotStartIsRefusedByNameAndPassedOverByAuto(String fault, String reason) throws Exception {
        Path cache = directory.resolve("cache");
        if (Files.isDirectory(cache))
            try (var kept = Files.list(cache)) {
                for (Path file : kept.toList()) Files.delete(file);
            }
        CommandLineRunner.Result forced =
                reconstruct(libraries, fault, directory.resolve("refused"), "--device", "cuda");
        assertEquals(1, forced.exitCode());
        assertEquals(List.of("nstm: device cuda cannot run here: " + reason), forced.errorLines());
        CommandLineRunner.Result passedOver =
                reconstruct(libraries, fault, directory.resolve("passed-over"), "--force");
        assertEquals(0, passedOver.exitCode(), passedOver.err());
        assertTrue(passedOver.err().contains("nstm: device cuda passed over: " + reason), passedOver.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "16 | cuLaunchKernel:300:700 | CUDA: cuLaunchKernel of",
                "16 | cuMemAlloc_v2:30:2 | no memory left",
                "200 | cublasSgemm_v2:100:13 | CUDA: cublasSgemm failed with CUBLAS_STATUS_EXECUTION_FAILED (the GPU program failed to execute)",
                "16 | cufftExecR2C:5:6 | CUDA: cufftExecR2C failed with CUFFT_EXEC_FAILED (the transform did not run)",
                "16 | cuStreamSynchronize:60:719 | CUDA: cuStreamSynchronize failed with CUDA_ERROR_LAUNCH_FAILED (unspecified launch failure)"
            })
    void aGpuThatFailsOnTheWayEndsInOneLine(int width, String fault, String reason) throws Exception {
        CommandLineRunner.Result result = reconstruct(
                libraries, fault, directory.resolve("failed"), "--device", "cuda", "--set", "object.width=" + width);
        assertEquals(1, result.exitCode(), result.out());
        assertTrue(
                result.errorLines().getLast().startsWith("nstm: ")
                        && result.errorLines().getLast().contains(reason),
                result.err());
        assertFalse(result.err().contains("\tat "), result.err());
    }

    @Test
    void aLibraryThatLacksAFunctionIsNamed() throws Exception {
        Path old = directory.resolve("old");
        CudaDouble.build(old, "-DWITHOUT_LAUNCH");
        CommandLineRunner.Result result = reconstruct(old, "", directory.resolve("lacking"), "--device", "cuda");
        assertEquals(1, result.exitCode());
        assertEquals(
                List.of("nstm: device cuda cannot run here: " + old.resolve("libcuda.so.1")
                        + " has no cuLaunchKernel; CUDA 12 or newer is needed, update the NVIDIA driver"),
                result.errorLines());
    }

    @ParameterizedTest
    @CsvSource({"--gpu-memory,much", "--gpu-memory,0.1MB", "--precision,fp8"})
    void wrongOptionsAreUsageMistakes(String option, String value) throws Exception {
        CommandLineRunner.Result result = reconstruct(libraries, "", directory.resolve("usage"), option, value);
        assertEquals(2, result.exitCode(), result.err());
        assertEquals(1, result.errorLines().size(), result.err());
    }
}
