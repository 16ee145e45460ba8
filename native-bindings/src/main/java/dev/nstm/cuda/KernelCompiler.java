package dev.nstm.cuda;

import dev.nstm.cuda.ffi.Nvrtc;
import dev.nstm.device.DeviceException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Compiles our kernels for the GPU that is there, once: the outcome is kept on disk under the hash of all that made it.
 */
final class KernelCompiler {
    private static final int DIGEST_BYTES = 32;

    private final Path cache;

    /** @param cache folder of compiled kernels; made when needed */
    KernelCompiler(Path cache) {
        this.cache = cache;
    }

    /** {@code NSTM_CACHE}, else the folder that the system has for caches. */
    static Path usualCache(Map<String, String> environment) {
        if (environment.containsKey("NSTM_CACHE")) return Path.of(environment.get("NSTM_CACHE"));
        for (String variable : List.of("XDG_CACHE_HOME", "LOCALAPPDATA"))
            if (environment.containsKey(variable)) return Path.of(environment.get(variable), "nstm");
        return Path.of(environment.getOrDefault("HOME", System.getProperty("java.io.tmpdir")), ".cache", "nstm");
    }

    /**
     * Machine code or, where the compiler is older than the GPU, the text from which the driver makes machine code.
     *
     * @param capability of the GPU, times ten
     * @throws DeviceException if the compiler does not know the GPU any more, or the kernels do not compile
     */
    byte[] compile(Program program, int capability) {
        String source = program.text();
        int known = newestKnown(capability);
        List<String> options =
                List.of("--gpu-architecture=" + (known == capability ? "sm_" : "compute_") + known, "--std=c++17");
        Path kept = cache.resolve("kernels-" + hash(source, options) + ".bin");
        Optional<byte[]> earlier = read(kept);
        if (earlier.isPresent()) return earlier.get();
        byte[] compiled = compile(source, options, known == capability);
        keep(kept, compiled);
        return compiled;
    }

    /** The newest architecture that the compiler knows and the GPU understands. */
    private static int newestKnown(int capability) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            CudaStatus.compiler(Nvrtc.nvrtcGetNumSupportedArchs(count), "nvrtcGetNumSupportedArchs");
            MemorySegment known = arena.allocate(ValueLayout.JAVA_INT, count.get(ValueLayout.JAVA_INT, 0));
            CudaStatus.compiler(Nvrtc.nvrtcGetSupportedArchs(known), "nvrtcGetSupportedArchs");
            int[] architectures = known.toArray(ValueLayout.JAVA_INT);
            return IntStream.of(architectures)
                    .filter(architecture -> architecture <= capability)
                    .max()
                    .orElseThrow(() -> new DeviceException(String.format(
                            Locale.ROOT,
                            "the GPU has compute capability %d.%d, and the run-time compiler of CUDA found here knows none older than %d.%d; install an older CUDA",
                            capability / 10,
                            capability % 10,
                            architectures[0] / 10,
                            architectures[0] % 10)));
        }
    }

    /** @param machineCode else the text that the driver compiles */
    private static byte[] compile(String source, List<String> options, boolean machineCode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slot = arena.allocate(ValueLayout.ADDRESS);
            CudaStatus.compiler(
                    Nvrtc.nvrtcCreateProgram(
                            slot,
                            arena.allocateFrom(source),
                            arena.allocateFrom("nstm.cu"),
                            0,
                            MemorySegment.NULL,
                            MemorySegment.NULL),
                    "nvrtcCreateProgram");
            MemorySegment program = slot.get(ValueLayout.ADDRESS, 0);
            try {
                MemorySegment arguments = arena.allocate(ValueLayout.ADDRESS, options.size());
                for (int i = 0; i < options.size(); i++)
                    arguments.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(options.get(i)));
                int status = Nvrtc.nvrtcCompileProgram(program, options.size(), arguments);
                if (status == Nvrtc.NVRTC_ERROR_COMPILATION())
                    throw new DeviceException("CUDA: the kernels do not compile with " + String.join(" ", options)
                            + ": " + log(program, arena));
                CudaStatus.compiler(status, "nvrtcCompileProgram");
                MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
                CudaStatus.compiler(
                        machineCode ? Nvrtc.nvrtcGetCUBINSize(program, size) : Nvrtc.nvrtcGetPTXSize(program, size),
                        machineCode ? "nvrtcGetCUBINSize" : "nvrtcGetPTXSize");
                MemorySegment code = arena.allocate(size.get(ValueLayout.JAVA_LONG, 0));
                CudaStatus.compiler(
                        machineCode ? Nvrtc.nvrtcGetCUBIN(program, code) : Nvrtc.nvrtcGetPTX(program, code),
                        machineCode ? "nvrtcGetCUBIN" : "nvrtcGetPTX");
                return code.toArray(ValueLayout.JAVA_BYTE);
            } finally {
                Nvrtc.nvrtcDestroyProgram(slot);
            }
        }
    }

    /** The first complaint of the compiler. */
    private static String log(MemorySegment program, Arena arena) {
        MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
        CudaStatus.compiler(Nvrtc.nvrtcGetProgramLogSize(program, size), "nvrtcGetProgramLogSize");
        MemorySegment text = arena.allocate(Math.max(1, size.get(ValueLayout.JAVA_LONG, 0)));
        CudaStatus.compiler(Nvrtc.nvrtcGetProgramLog(program, text), "nvrtcGetProgramLog");
        return text.getString(0)
                .lines()
                .filter(line -> line.contains("error"))
                .findFirst()
                .orElse("no reason given");
    }

    /** Of its CUDA: major and minor. */
    static int[] version() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, 2);
            CudaStatus.compiler(Nvrtc.nvrtcVersion(numbers, numbers.asSlice(4)), "nvrtcVersion");
            return numbers.toArray(ValueLayout.JAVA_INT);
        }
    }

    private static String hash(String source, List<String> options) {
        byte[] all = (source + options + Arrays.toString(version())).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(digest(all), 0, 12);
    }

    /** What was kept, unless it was damaged since. */
    private static Optional<byte[]> read(Path file) {
        try {
            if (!Files.isRegularFile(file)) return Optional.empty();
            byte[] kept = Files.readAllBytes(file);
            if (kept.length < DIGEST_BYTES) return Optional.empty();
            byte[] code = Arrays.copyOfRange(kept, DIGEST_BYTES, kept.length);
            return Arrays.equals(digest(code), Arrays.copyOf(kept, DIGEST_BYTES))
                    ? Optional.of(code)
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** A cache that cannot be written costs a compilation at the next start, nothing else. */
    private void keep(Path file, byte[] code) {
        try {
            Files.createDirectories(cache);
            Path part = Files.createTempFile(cache, "kernels", ".part");
            Files.write(part, digest(code));
            Files.write(part, code, StandardOpenOption.APPEND);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            // Nothing is lost.
        }
    }
}
