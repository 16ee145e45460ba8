package dev.nstm.cuda;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the CUDA libraries lie: in the folders that NSTM_CUDA_PATH lists, the toolkit of CUDA_HOME or CUDA_PATH, the
 * loader's own path, the usual folders, and NVIDIA's Python packages.
 */
final class LibrarySearch {
    private static final List<String> IN_TOOLKIT =
            List.of("lib64", "lib", "targets/x86_64-linux/lib", "targets/sbsa-linux/lib", "bin", "bin/x64");
    private static final List<String> USUAL = List.of(
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/usr/lib64",
            "/usr/local/nvidia/lib64",
            "/usr/lib/wsl/lib",
            "C:/Windows/System32");
    private static final List<String> USUAL_TOOLKITS = List.of("/usr/local/cuda", "/opt/cuda");
    private static final int PACKAGE_DEPTH = 3;

    private final List<Path> folders;
    private final Map<CudaLibrary, Outcome> outcomes = new EnumMap<>(CudaLibrary.class);

    /** @param environment variables of the process */
    LibrarySearch(Map<String, String> environment) {
        Set<Path> found = new LinkedHashSet<>();
        for (Path folder : listed(environment.get("NSTM_CUDA_PATH"))) {
            found.add(folder);
            addToolkit(found, folder);
        }
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH"))
            for (Path toolkit : listed(environment.get(variable))) addToolkit(found, toolkit);
        found.addAll(listed(environment.get("LD_LIBRARY_PATH")));
        for (String toolkit : USUAL_TOOLKITS) addToolkit(found, Path.of(toolkit));
        for (String folder : USUAL) found.add(Path.of(folder));
        for (Path python : pythons(environment)) addPackages(found, python);
        folders = found.stream().filter(Files::isDirectory).toList();
    }

    /** Folders that are there, in the order in which they are searched. */
    List<Path> folders() {
        return folders;
    }

    private static List<Path> listed(String paths) {
        if (paths == null || paths.isBlank()) return List.of();
        return Stream.of(paths.split(File.pathSeparator))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .toList();
    }

    private static void addToolkit(Set<Path> folders, Path toolkit) {
        for (String inside : IN_TOOLKIT) folders.add(toolkit.resolve(inside));
    }

    /**
     * Folders under which Python keeps packages: the active environment's, those of the interpreters on the path, the
     * user's, the system's.
     */
    private static List<Path> pythons(Map<String, String> environment) {
        List<Path> pythons = new ArrayList<>();
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX"))
            for (Path root : listed(environment.get(variable)))
                pythons.addAll(List.of(root.resolve("lib"), root.resolve("Lib")));
        for (Path folder : listed(environment.get("PATH"))) {
            if (Files.isExecutable(folder.resolve("python3")) && folder.getParent() != null)
                pythons.add(folder.resolveSibling("lib"));
        }
        if (environment.containsKey("HOME")) pythons.add(Path.of(environment.get("HOME"), ".local", "lib"));
        pythons.addAll(List.of(Path.of("/usr/local/lib"), Path.of("/usr/lib")));
        return pythons;
    }

    /** {@code python3.x/site-packages/nvidia/PACKAGE/lib} and, for CUDA 13, {@code nvidia/cu13/lib}. */
    private static void addPackages(Set<Path> folders, Path lib) {
        List<Path> roots = new ArrayList<>(List.of(lib.resolve("site-packages/nvidia")));
        try (Stream<Path> versions = Files.isDirectory(lib) ? Files.list(lib) : Stream.empty()) {
            versions.filter(version -> version.getFileName().toString().startsWith("python3"))
                    .sorted()
                    .forEach(version -> Stream.of("site-packages/nvidia", "dist-packages/nvidia")
                            .map(version::resolve)
                            .forEach(roots::add));
            for (Path root : roots) {
                if (!Files.isDirectory(root)) continue;
                try (Stream<Path> inside = Files.walk(root, PACKAGE_DEPTH)) {
                    inside.filter(folder -> folder.getFileName().toString().equals("lib")
                                    || folder.getFileName().toString().equals("bin"))
                            .sorted()
                            .forEach(folders::add);
                }
            }
        } catch (IOException unreadable) {
            // A folder that cannot be read holds nothing for us; the search goes on elsewhere.
        }
    }

    /**
     * What became of a library.
     *
     * @param file that was loaded; empty where none could be
     * @param reason why not, in one line; empty where one was
     */
    record Outcome(CudaLibrary library, Optional<Path> file, String reason) {}

    /**
     * The file to load for a library: the newest that can be loaded in the first folder that has one. Searched only
     * once.
     */
    Outcome find(CudaLibrary library) {
        return outcomes.computeIfAbsent(library, this::search);
    }

    private Outcome search(CudaLibrary library) {
        List<String> failures = new ArrayList<>();
        for (Path folder : folders) {
            for (String name : library.fileNames()) {
                Path file = folder.resolve(name);
                if (!Files.isRegularFile(file)) continue;
                Optional<String> failure = failure(file);
                if (failure.isEmpty()) return new Outcome(library, Optional.of(file), "");
                failures.add(failure.get());
            }
        }
        String reason = failures.isEmpty()
                ? String.join(" or ", library.fileNames()) + " not found in " + folders.size()
                        + " folders; name its folder with NSTM_CUDA_PATH"
                : failures.getFirst();
        return new Outcome(library, Optional.empty(), reason);
    }

    private static Optional<String> failure(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(file, arena);
            return Optional.empty();
        } catch (IllegalArgumentException refused) {
            String why = refused.getMessage() == null
                    ? ""
                    : ": " + refused.getMessage().lines().findFirst().orElse("");
            return Optional.of(file + " cannot be loaded" + why);
        }
    }
}
