package dev.nstm.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nstm.Seeds;
import dev.nstm.device.Activation;
import dev.nstm.device.Device;
import dev.nstm.device.DeviceException;
import dev.nstm.device.DeviceSettings;
import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.PixelGrid;
import dev.nstm.field.NetworkInitializer;
import dev.nstm.tensor.ElementType;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Shape;
import dev.nstm.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the CUDA device does with the memory, libraries and failures that the double of CUDA gives it. */
class CudaDeviceTest {
    private static final long CUBLAS_WORKSPACE = 32L << 20;

    private final SplittableRandom random = Seeds.random();
    private final CudaDeviceProvider provider = new CudaDeviceProvider();

    @TempDir
    private Path directory;

    @BeforeEach
    void needTheDouble() {
        assumeTrue(provider.unavailableReason().isEmpty(), provider::unavailableReason);
        CudaLibraries.load(new LibrarySearch(System.getenv()));
        assumeTrue(DoubleControl.present(), "these are the real libraries");
        assertEquals(0, DoubleControl.live(), "something is left from an earlier test");
    }

    @AfterEach
    void nothingIsLeft() {
        if (!DoubleControl.present()) return;
        DoubleControl.reset();
        assertEquals(0, DoubleControl.live(), "something was taken and not given back");
        assertEquals(0, DoubleControl.overruns(), "something was written beyond its end");
    }

    private static DeviceSettings settings(long memoryLimit, boolean deterministic) {
        return new DeviceSettings(1, memoryLimit, false, deterministic);
    }

    private static DeviceSettings tensorCores() {
        return new DeviceSettings(1, Long.MAX_VALUE, true, false);
    }

    private static NetworkLayout layout() {
        return new NetworkLayout(
                List.of(
                        new Encoding.HashGrid(
                                0,
                                new double[] {-2, -2},
                                new double[] {2, 2},
                                new int[][] {{3, 3}, {7, 8}},
                                2,
                                64,
                                Encoding.Addressing.AUTO),
                        new Encoding.Identity(2, 1)),
                24,
                3,
                2,
                Activation.GELU,
                2);
    }

    private static float[] noise(SplittableRandom random, int count, double size) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) (size * (2 * random.nextDouble() - 1));
        return values;
    }

    /** Output, parameter gradient and coordinate gradient of one pass over random points. */
    private float[][] pass(DeviceSettings settings, int points, long seed) {
        return pass(settings, layout(), points, seed);
    }

    private float[][] pass(DeviceSettings settings, NetworkLayout layout, int points, long seed) {
        try (Device device = provider.open(settings)) {
            SplittableRandom own = new SplittableRandom(seed);
            Tensor coordinates = device.allocate(3, points);
            device.write(coordinates, noise(own, 3 * points, 2));
            Tensor parameters = device.allocate(layout.parameterCount());
            float[] initial = NetworkInitializer.initialize(layout, seed);
            for (int i = 0; i < layout.layersOffset(); i++) initial[i] = (float) own.nextGaussian();
            device.write(parameters, initial);
            Tensor window = device.allocate(layout.features());
            device.write(window, noise(own, layout.features(), 1));
            Tensor output = device.allocate(layout.outputs(), points);
            Tensor gradient = device.allocate(layout.parameterCount());
            Tensor coordinateGradient = device.allocate(3, points);
            Device.NetworkEvaluator network = device.network(layout, points, true);
            network.forward(coordinates, parameters, window, output);
            float[] values = device.read(output);
            device.write(output, noise(own, layout.outputs() * points, 1));
            network.backward(coordinates, parameters, window, output, gradient, coordinateGradient);
            return new float[][] {values, device.read(gradient), device.read(coordinateGradient)};
        }
    }

    private static void assertAlike(float[][] expected, float[][] found) {
        assertAlike(expected, found, 1e-5);
    }

    private static void assertAlike(float[][] expected, float[][] found, double tolerance) {
        for (int part = 0; part < expected.length; part++) {
            double size = 0;
            for (float value : expected[part]) size = Math.max(size, Math.abs(value));
            for (int i = 0; i < expected[part].length; i++)
                assertEquals(expected[part][i], found[part][i], tolerance * size, "part " + part + ", value " + i);
        }
    }

    @Test
    void littleMemoryMeansChunksAndTheSameResult() {
        long seed = random.nextLong();
        float[][] whole = pass(settings(Long.MAX_VALUE, false), 20_000, seed);
        long needed = 4L * 20_000 * (3 + 3 + 2 + 2);
        assertAlike(whole, pass(settings(CUBLAS_WORKSPACE + needed + 2_000_000, false), 20_000, seed));
    }

    @Test
    void deterministicSumsHaveTheSameBitsWhateverTheOrder() {
        long seed = random.nextLong();
        float[][] first = pass(settings(Long.MAX_VALUE, true), 9_999, seed);
        float[][] second = pass(settings(Long.MAX_VALUE, true), 9_999, seed);
        for (int part = 0; part < first.length; part++) assertArrayEquals(first[part], second[part]);
        assertAlike(first, pass(settings(Long.MAX_VALUE, false), 9_999, seed));
    }

    static Stream<NetworkLayout> layouts() {
        Encoding grid = new Encoding.HashGrid(
                0,
                new double[] {-2, -2, -2},
                new double[] {2, 2, 2},
                new int[][] {{3, 3, 1}, {7, 8, 2}, {9, 9, 9}},
                2,
                64,
                Encoding.Addressing.AUTO);
        Encoding waves = new Encoding.Positional(0, 3, new float[] {1, 2, 4, 8, 16, 32});
        return Stream.of(
                new NetworkLayout(List.of(grid), 1, 1, 4, Activation.GELU, 1),
                new NetworkLayout(List.of(grid), 32, 2, 6, Activation.ELU, 2),
                new NetworkLayout(List.of(grid, waves), 27, 4, 1, Activation.GELU, 3),
                new NetworkLayout(List.of(waves), 33, 3, 2, Activation.ELU, 8),
                new NetworkLayout(List.of(grid), 64, 5, 2, Activation.GELU, 2),
                new NetworkLayout(List.of(waves, grid), 100, 3, 2, Activation.ELU, 2),
                new NetworkLayout(List.of(waves), 128, 2, 1, Activation.GELU, 2));
    }

    /** The one kernel for all layers against the products of cuBLAS, over tiles that are full and not. */
    @ParameterizedTest
    @MethodSource("layouts")
    void fusedLayersDoWhatChainedLayersDo(NetworkLayout layout) {
        for (int points : new int[] {3, 127, 128 * (1 + random.nextInt(5)), 1000 + random.nextInt(2000)}) {
            long seed = random.nextLong();
            float[][] fused = pass(settings(Long.MAX_VALUE, false), layout, points, seed);
            DoubleControl.sharedBytesOfBlock(0);
            assertAlike(pass(settings(Long.MAX_VALUE, false), layout, points, seed), fused);
            DoubleControl.reset();
        }
    }

    /**
     * Without their rounding the tensor cores do what the others do; with it they are close, where there are enough
     * values to tell.
     */
    @ParameterizedTest
    @MethodSource("layouts")
    void tensorCoresComputeTheSameProducts(NetworkLayout layout) {
        for (int points : new int[] {3, 127, 500 + random.nextInt(1000)}) {
            long seed = random.nextLong();
            float[][] single = pass(settings(Long.MAX_VALUE, false), layout, points, seed);
            DoubleControl.tensorRounding(false);
            assertAlike(single, pass(tensorCores(), layout, points, seed));
            DoubleControl.tensorRounding(true);
            if (points == 3) continue;
            float[][] rounded = pass(tensorCores(), layout, points, seed);
            assertFalse(Arrays.equals(single[1], rounded[1]));
            assertAlike(single, rounded, 1e-2);
        }
    }

    /** As where a multiprocessor has less shared memory than today's, or a network needs more. */
    @Test
    void layersThatDoNotFitTogetherAreChained() {
        DoubleControl.sharedBytesOfBlock(64 << 10);
        try (CudaDevice device = new CudaDevice(settings(Long.MAX_VALUE, false), directory)) {
            assertInstanceOf(ChainedLayers.class, device.layers(layout(), 10, true));
        }
        DoubleControl.reset();
        try (CudaDevice device = new CudaDevice(settings(Long.MAX_VALUE, false), directory)) {
            assertInstanceOf(FusedLayers.class, device.layers(layout(), 10, true));
            assertInstanceOf(ChainedLayers.class, device.layers(tooWideToBeFused(), 10, true));
            NetworkLayout manyOutputs = new NetworkLayout(layout().encodings(), 16, 1, 1, Activation.ELU, 9);
            assertInstanceOf(ChainedLayers.class, device.layers(manyOutputs, 10, true));
            NetworkLayout manyFeatures =
                    new NetworkLayout(List.of(new Encoding.Identity(0, 129)), 16, 1, 1, Activation.ELU, 1);
            assertInstanceOf(ChainedLayers.class, device.layers(manyFeatures, 10, true));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theComparisonOfLayersComparesTheSameWork(boolean tensorCores) {
        float[] chained = LayersComparison.run(layout(), 40, false, false).gradient();
        float[] fused = LayersComparison.run(layout(), 40, true, tensorCores).gradient();
        float largest = 0;
        for (float value : chained) largest = Math.max(largest, Math.abs(value));
        assertTrue(largest > 0, "the gradient is zero");
        assertArrayEquals(chained, fused, (tensorCores ? 1e-2f : 1e-5f) * largest);
    }

    @Test
    void moreThanIsAllowedIsRefusedInOneLine() {
        try (Device device = provider.open(settings(CUBLAS_WORKSPACE + 1_000_000, false))) {
            DeviceException refused = assertThrows(DeviceException.class, () -> device.allocate(1000, 1000));
            assertTrue(
                    refused.getMessage()
                            .matches(
                                    "double of a GPU has no memory left: 4 MB were asked for, 34 MB are in use; 35 MB are allowed by --gpu-memory"),
                    refused.getMessage());
        }
    }

    @Test
    void aFullGpuIsToldFromALimit() {
        DoubleControl.machine(13000, 1, CUBLAS_WORKSPACE + 1_000_000);
        try (Device device = provider.open(DeviceSettings.of(1))) {
            DeviceException refused = assertThrows(DeviceException.class, () -> device.allocate(1000, 1000));
            assertTrue(refused.getMessage().contains("use a smaller field"), refused.getMessage());
        }
    }

    @Test
    void anOldDriverLibrariesThatAreTooNewAndAMachineWithoutGpuAreNamed() {
        DoubleControl.machine(11080, 1, 1L << 30);
        assertEquals(
                "the NVIDIA driver is for CUDA 11.8; CUDA 12.0 or newer is needed, update the driver",
                assertThrows(DeviceException.class, () -> provider.open(DeviceSettings.of(1)))
                        .getMessage());
        DoubleControl.machine(12040, 1, 1L << 30);
        assertEquals(
                "the NVIDIA driver is for CUDA 12.4, the libraries found are those of CUDA 13; update the driver or name a folder with older ones in NSTM_CUDA_PATH",
                assertThrows(DeviceException.class, () -> provider.open(DeviceSettings.of(1)))
                        .getMessage());
        DoubleControl.machine(13000, 0, 1L << 30);
        assertEquals(
                "the NVIDIA driver finds no GPU",
                assertThrows(DeviceException.class, () -> provider.open(DeviceSettings.of(1)))
                        .getMessage());
        assertEquals("GPU: the NVIDIA driver finds no GPU", provider.facts().getLast());
    }

    static Stream<String> functions() {
        return Stream.of(CudaLibrary.values())
                .flatMap(library -> library.symbols().stream())
                .filter(name -> !name.matches(
                        ".*(GetError|GetStatus|Destroy|Release|FreeHost|Unload|ProgramLog|PTX).*|cuMemFree_v2"));
    }

    /** Opens a device, uses all of it, and closes it. */
    private void useEverything() {
        try (Device device = new CudaDevice(settings(Long.MAX_VALUE, true), directory.resolve("cache"))) {
            device.allocate(7);
            Tensor real = device.allocate(6, 10);
            Tensor spectrum = device.allocate(ElementType.COMPLEX64, 6, 6);
            Tensor complex = device.allocate(ElementType.COMPLEX64, 6, 10);
            device.realTransform(2, 6, 10).forward(real, spectrum);
            device.realTransform(2, 6, 10).inverse(spectrum, real);
            device.complexTransform(2, 6, 10).forward(complex);
            device.complexTransform(2, 6, 10).inverse(complex);
            for (int i = 0; i < 3; i++) device.repeat("copy", () -> device.copy(real, 0, real, 30, 10));
            Device.Sums sums = device.sums(1);
            sums.addSquares(0, 1, real, 0, 60);
            sums.read(new double[1]);
            device.halfSpectrumDot(spectrum, 0, spectrum, 0, 6, 10);
            for (NetworkLayout layout : List.of(layout(), tooWideToBeFused())) {
                Device.PixelEvaluator network = device.pixelNetwork(layout, PixelGrid.of(Shape.of(5, 7)), 0, 1, true);
                Tensor parameters = device.allocate(layout.parameterCount());
                Tensor window = device.allocate(layout.features());
                Tensor output = device.allocate(2, 35);
                network.forward(device.allocate(1), parameters, window, output);
                network.backward(
                        device.allocate(1), parameters, window, output, device.allocate(layout.parameterCount()), null);
            }
        }
    }

    private static NetworkLayout tooWideToBeFused() {
        return new NetworkLayout(layout().encodings(), 129, 1, 1, Activation.ELU, 2);
    }

    /** Every function that can fail does, at its first call, its second, and one later: always a line that names it. */
    @ParameterizedTest
    @MethodSource("functions")
    void everyFailureIsNamedAndNothingIsLeft(String function) throws IOException {
        int status = function.equals("nvrtcCompileProgram")
                ? 6
                : function.startsWith("cuMemAlloc")
                        ? 2
                        : function.startsWith("cufft")
                                ? 6
                                : function.startsWith("cublas") ? 13 : function.startsWith("nvrtc") ? 1 : 719;
        int failures = 0;
        for (int call : new int[] {1, 2, 9, 40}) {
            try (Stream<Path> kept = Files.walk(directory)) {
                for (Path file : kept.filter(Files::isRegularFile).toList()) Files.delete(file);
            }
            DoubleControl.fail(function, call, status);
            try {
                useEverything();
            } catch (DeviceException failure) {
                failures++;
                assertFalse(failure.getMessage().contains("\n"), failure.getMessage());
                String stem = function.replaceAll("_v2$", "");
                boolean told = failure.getMessage().contains(stem)
                        || failure.getMessage().contains("no memory left")
                        || failure.getMessage().contains("kernels do not compile");
                assertTrue(told, function + ": " + failure.getMessage());
            }
            DoubleControl.fail(function, 0, 0);
            assertEquals(0, DoubleControl.live(), function + " failed at call " + call + " and left something");
        }
        assertTrue(failures > 0, function + " was never called");
    }

    @Test
    void recordedWorkIsDoneAgainWithoutBeingCalled() {
        try (Device device = provider.open(DeviceSettings.of(1))) {
            Tensor x = device.allocate(100);
            Tensor y = device.allocate(100);
            device.fill(x, 1);
            int[] calls = new int[2];
            for (int i = 1; i <= 5; i++) {
                device.repeat("add", () -> {
                    calls[0]++;
                    device.axpy(1, x, y);
                });
                assertEquals(i, device.read(y)[99]);
            }
            assertEquals(2, calls[0], "once as it comes, once to be recorded");
            double[] sum = new double[1];
            Device.Sums sums = device.sums(1);
            for (int i = 1; i <= 4; i++) {
                device.repeat("add and look", () -> {
                    calls[1]++;
                    device.axpy(1, x, y);
                    sums.addSquares(0, 1, x, 0, 100);
                    sums.read(sum);
                });
                assertEquals(5 + i, device.read(y)[99]);
                assertEquals(100 * i, sum[0]);
            }
            assertEquals(5, calls[1], "work that looks at its outcome is called every time, and once in vain");
            device.complexTransform(1, 100);
            device.network(layout(), 3, true);
            device.network(layout(), 3000, true);
            device.repeat("add", () -> calls[0]++);
            assertEquals(3, calls[0], "scratch memory has moved: what was recorded is forgotten");
            assertThrows(InvalidInputException.class, () -> {
                for (int i = 0; i < 2; i++)
                    device.repeat("mistake", () -> {
                        if (calls[0]++ > 3) device.fillRange(x, 90, 11, 0);
                    });
            });
            device.axpy(1, x, y);
            assertEquals(10, device.read(y)[99], "a mistake while recording leaves the device usable");
        }
    }

    @Test
    void kernelsAreCompiledOnceAndKept() throws IOException {
        KernelCompiler compiler = new KernelCompiler(directory.resolve("kept"));
        byte[] code = compiler.compile(Program.operations(), 90);
        DoubleControl.fail("nvrtcCompileProgram", 1, 6);
        assertArrayEquals(code, compiler.compile(Program.operations(), 90));
        DeviceException refused = assertThrows(DeviceException.class, () -> compiler.compile(Program.operations(), 80));
        assertEquals(
                "CUDA: the kernels do not compile with --gpu-architecture=sm_80 --std=c++17: nstm.cu(1): error: told to fail with --gpu-architecture=sm_80",
                refused.getMessage());
        try (Stream<Path> kept = Files.list(directory.resolve("kept"))) {
            for (Path damaged : kept.toList())
                Files.writeString(damaged, "damaged, and longer than the digest that begins the file");
        }
        assertArrayEquals(code, compiler.compile(Program.operations(), 90), "what was damaged is compiled anew");
        Path file = Files.writeString(directory.resolve("file"), "");
        assertArrayEquals(
                code,
                new KernelCompiler(file.resolve("no folder")).compile(Program.operations(), 90),
                "a cache that cannot be written is no failure");
    }

    @Test
    void aGpuNewerThanTheCompilerGetsWhatTheDriverCompilesAndAnOlderOneIsRefused() {
        KernelCompiler compiler = new KernelCompiler(directory.resolve("architectures"));
        assertArrayEquals(
                compiler.compile(Program.operations(), 90),
                compiler.compile(Program.operations(), 120),
                "what the double compiles has the same words for every architecture");
        for (String function : List.of("nvrtcGetPTXSize", "nvrtcGetPTX")) {
            DoubleControl.fail(function, 1, 1);
            assertTrue(assertThrows(
                            DeviceException.class,
                            () -> new KernelCompiler(directory.resolve(function)).compile(Program.operations(), 120))
                    .getMessage()
                    .contains(function));
        }
        DoubleControl.fail("nvrtcCompileProgram", 1, 6);
        assertTrue(assertThrows(
                        DeviceException.class,
                        () -> new KernelCompiler(directory.resolve("anew")).compile(Program.operations(), 89))
                .getMessage()
                .endsWith("told to fail with --gpu-architecture=compute_86"));
        assertEquals(
                "the GPU has compute capability 7.0, and the run-time compiler of CUDA found here knows none older than 7.5; install an older CUDA",
                assertThrows(DeviceException.class, () -> compiler.compile(Program.operations(), 70))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({"NSTM_CACHE,/a,/a", "XDG_CACHE_HOME,/a,/a/nstm", "HOME,/a,/a/.cache/nstm"})
    void compiledKernelsLieWhereTheSystemKeepsCaches(String variable, String value, Path expected) {
        assertEquals(expected, KernelCompiler.usualCache(Map.of(variable, value)));
    }

    @Test
    void theDeviceDescribesItself() {
        try (Device device = provider.open(new DeviceSettings(1, Long.MAX_VALUE, true, true))) {
            assertEquals("cuda", device.name());
            assertEquals(
                    "double of a GPU, compute capability 9.0, 2 multiprocessors, tf32, deterministic",
                    device.description());
            assertThrows(InvalidInputException.class, () -> device.network(layout(), 0, false));
        }
        assertTrue(
                provider.facts().getLast().startsWith("GPU: double of a GPU"),
                provider.facts().getLast());
    }

    @Test
    void aNetworkPreparedForEvaluationHasNoBackwardPass() {
        try (Device device = provider.open(DeviceSettings.of(1))) {
            NetworkLayout layout = layout();
            Device.NetworkEvaluator network = device.network(layout, 4, false);
            Tensor parameters = device.allocate(layout.parameterCount());
            assertThrows(
                    InvalidInputException.class,
                    () -> network.backward(
                            device.allocate(3, 4),
                            parameters,
                            device.allocate(layout.features()),
                            device.allocate(2, 4),
                            parameters,
                            null));
        }
    }
}
