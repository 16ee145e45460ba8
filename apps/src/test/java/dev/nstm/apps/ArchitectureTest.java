package dev.nstm.apps;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Packages of the upper floors and what each may use; instruments never know each other, nor the commands that list
 * them.
 */
class ArchitectureTest {
    private static final Set<String> INSTRUMENT_MAY_USE = Set.of("instrument", "config", "movie", "report", "io");
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("codec", Set.of()),
            entry("zarr", Set.of("codec")),
            entry("io", Set.of("codec", "zarr")),
            entry("config", Set.of("io")),
            entry("report", Set.of("io")),
            entry("movie", Set.of("report", "io", "zarr")),
            entry("instrument", Set.of("config", "movie", "report", "io")),
            entry("dpc", INSTRUMENT_MAY_USE),
            entry("sim", INSTRUMENT_MAY_USE),
            entry("lensless", INSTRUMENT_MAY_USE),
            entry("own", INSTRUMENT_MAY_USE),
            entry("batch", Set.of("instrument", "config", "movie", "io", "zarr")),
            entry("monitor", Set.of("instrument", "movie")),
            entry("page", Set.of("monitor", "instrument", "config", "io", "zarr")),
            entry(
                    "command",
                    Set.of(
                            "page",
                            "monitor",
                            "batch",
                            "dpc",
                            "sim",
                            "lensless",
                            "own",
                            "instrument",
                            "config",
                            "movie",
                            "report",
                            "io")));
    private static final Pattern USE = Pattern.compile("dev\\.nstm\\.apps\\.([a-z]+)\\.");

    @Test
    void packagesUseOnlyWhatLiesBelow() throws IOException {
        List<String> offences = new ArrayList<>();
        Path root = Path.of("src/main/java/dev/nstm/apps");
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String own = root.relativize(file).getName(0).toString();
                Matcher used = USE.matcher(Files.readString(file).replaceAll("(?m)^package .*$", ""));
                while (used.find())
                    if (!used.group(1).equals(own)
                            && !MAY_USE.getOrDefault(own, Set.of()).contains(used.group(1)))
                        offences.add(file + " uses " + used.group(1));
            }
        }
        assertEquals(List.of(), offences);
    }
}
