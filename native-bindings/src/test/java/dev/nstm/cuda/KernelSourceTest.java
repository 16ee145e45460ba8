package dev.nstm.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels' sources: known by name, and CUDA's own compiler takes them where it is installed. */
class KernelSourceTest {
    @TempDir
    private Path directory;

    private static List<MatchResult> kernels(Program program) {
        return Pattern.compile(
                        "^ *(?:TILE_)?KERNEL void (?:KERNEL_OF\\((\\w+), width, tensor\\)|(\\w+))\\(([^)]*)\\)",
                        Pattern.MULTILINE)
                .matcher(program.text())
                .results()
                .toList();
    }

    static Stream<Program> programs() {
        return Stream.concat(Stream.of(Program.operations()), CudaDouble.perceptrons().stream());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void everyKernelIsKnownAndThereIsNoOther(Program program) {
        TreeSet<String> written = new TreeSet<>(kernels(program).stream()
                .map(found -> found.group(1) != null ? found.group(1) : found.group(2))
                .toList());
        assertEquals(
                new TreeSet<>(program.kernels().stream().map(Kernel::symbol).toList()), written);
    }

    /** The double reads as many arguments as a kernel has; a launch has room for no more. */
    @ParameterizedTest
    @MethodSource("programs")
    void noKernelHasMoreArgumentsThanALaunchHasRoomFor(Program program) {
        for (MatchResult kernel : kernels(program))
            assertTrue(kernel.group(3).split(",").length <= Kernels.MOST_ARGUMENTS, kernel.group());
    }

    @ParameterizedTest
    @ValueSource(ints = {70, 80, 90})
    void theCompilerOfCudaTakesThem(int capability) throws Exception {
        List<String> known = nvcc("--list-gpu-code").lines().toList();
        assumeTrue(known.contains("sm_" + capability), "the nvcc here does not make sm_" + capability);
        for (Program program : programs().toList()) {
            Path source = Files.writeString(directory.resolve("nstm.cu"), program.text());
            Path code = directory.resolve("nstm.cubin");
            nvcc(
                    "-std=c++17",
                    "-arch=sm_" + capability,
                    "-Werror",
                    "all-warnings",
                    "-cubin",
                    "-o",
                    code.toString(),
                    source.toString());
            assertTrue(Files.size(code) > 10_000);
        }
    }

    /** What nvcc says; the test is skipped where there is none. */
    private static String nvcc(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("nvcc"));
        command.addAll(List.of(arguments));
        try {
            Process compiler =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(compiler.waitFor(2, TimeUnit.MINUTES));
            assertEquals(0, compiler.exitValue(), text);
            return text;
        } catch (IOException none) {
            assumeTrue(false, "no nvcc here");
            throw new AssertionError(none);
        }
    }
}
