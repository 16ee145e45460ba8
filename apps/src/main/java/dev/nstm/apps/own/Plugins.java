package dev.nstm.apps.own;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.imaging.ImagingSystem;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Systems in jars: those named, and all in the folder {@code plugins} beside the launcher or in the working directory.
 */
final class Plugins {
    private static final String FOLDER = "plugins";
    private static final String LAUNCHER = "nstm.launcher";

    private Plugins() {}

    /**
     * @param name as the configuration has it
     * @param named jars, or folders of jars
     * @param builtIn names of the systems that are there without them
     */
    static ImagingSystem find(String name, List<Path> named, List<String> builtIn) throws IOException {
        SortedMap<String, ImagingSystem> systems = all(named);
        ImagingSystem found = systems.get(name);
        if (found != null) return found;
        List<String> all = new ArrayList<>(builtIn);
        all.addAll(systems.keySet());
        throw new InvalidInputException("there is no system \"" + name + "\"; there are " + String.join(", ", all)
                + " (own systems come with --plugin FILE.jar or from a folder named plugins)");
    }

    /**
     * All systems by name.
     *
     * @param named jars, or folders of jars
     */
    static SortedMap<String, ImagingSystem> all(List<Path> named) throws IOException {
        SortedMap<String, ImagingSystem> systems = new TreeMap<>();
        for (Path jar : jars(named)) {
            for (ImagingSystem system : load(jar)) {
                ImagingSystem other = systems.putIfAbsent(system.name(), system);
                require(other == null, "%s and another jar both bring a system \"%s\"; remove one", jar, system.name());
            }
        }
        return systems;
    }

    private static List<Path> jars(List<Path> named) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (Path jar : named) {
            require(Files.exists(jar), "%s: no such file", jar);
            if (Files.isDirectory(jar)) jars.addAll(jarsIn(jar));
            else jars.add(jar);
        }
        Path beside =
                Path.of(System.getProperty(LAUNCHER, "nstm")).toAbsolutePath().resolveSibling(FOLDER);
        Path here = Path.of(FOLDER).toAbsolutePath();
        for (Path folder : beside.equals(here) ? List.of(here) : List.of(beside, here))
            if (Files.isDirectory(folder)) jars.addAll(jarsIn(folder));
        return jars.stream()
                .map(jar -> jar.toAbsolutePath().normalize())
                .distinct()
                .toList();
    }

    private static List<Path> jarsIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static List<ImagingSystem> load(Path jar) throws IOException {
        // Left open: the systems load further classes while they run.
        URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, Plugins.class.getClassLoader());
        try {
            List<ImagingSystem> systems = new ArrayList<>();
            for (ImagingSystem system : ServiceLoader.load(ImagingSystem.class, loader))
                if (system.getClass().getClassLoader() == loader) systems.add(system);
            require(
                    !systems.isEmpty(),
                    "%s brings no imaging system; it needs META-INF/services/%s with the name of its class",
                    jar,
                    ImagingSystem.class.getName());
            return systems;
        } catch (ServiceConfigurationError | LinkageError broken) {
            throw new InvalidInputException(jar + " cannot be used: " + cause(broken), broken);
        }
    }

    /** The innermost reason, in one line. */
    static String cause(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) innermost = innermost.getCause();
        String message = innermost.getMessage() == null
                ? ""
                : ": " + innermost.getMessage().lines().findFirst().orElse("");
        return innermost instanceof InvalidInputException
                ? innermost.getMessage()
                : innermost.getClass().getSimpleName() + message;
    }
}
