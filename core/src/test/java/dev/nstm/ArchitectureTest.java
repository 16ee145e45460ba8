package dev.nstm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Imports go down only, and the Vector API stays in its room. */
class ArchitectureTest {
    private static final List<String> FLOORS = List.of(
            "tensor", "simd", "device", "device.cpu", "autodiff", "field", "optics", "imaging", "files", "training");
    /** Packages beside the house: what they may use. */
    private static final Set<String> SIMULATE_MAY_USE = Set.of("optics", "imaging", "tensor");

    private static final Set<String> METRICS_MAY_USE = Set.of("optics", "tensor");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)(?:^import (?:static )?|[^\\w.])dev\\.nstm\\.(device\\.cpu|\\w+)\\.");

    @Test
    void importsGoDownOnly() throws IOException {
        List<String> offences = new ArrayList<>();
        Path root = Path.of("src/main/java/dev/nstm");
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String own = root.relativize(file.getParent()).toString().replace(File.separatorChar, '.');
                String text = Files.readString(file)
                        .replaceAll("(?m)^package .*$", "")
                        .replaceAll("\\{@link[^}]*}", "");
                Matcher matcher = IMPORT.matcher(text);
                while (matcher.find()) {
                    if (!allowed(own, matcher.group(1))) offences.add(file + " uses " + matcher.group(1));
                }
                if (text.contains("jdk.incubator.vector") && !own.equals("simd"))
                    offences.add(file + " uses the Vector API");
            }
        }
        assertEquals(List.of(), offences);
    }

    private static boolean allowed(String own, String used) {
        if (own.equals(used)) return true;
        if (own.equals("simulate")) return SIMULATE_MAY_USE.contains(used);
        if (own.equals("metrics")) return METRICS_MAY_USE.contains(used);
        if (own.equals("optics") || own.equals("files")) return used.equals("tensor");
        // The contract knows no kernels; only the processor's device does, and nobody else knows that.
        if (used.equals("simd") || used.equals("device.cpu")) return used.equals("simd") && own.equals("device.cpu");
        if (own.equals("imaging") && used.equals("field")) return false;
        return FLOORS.indexOf(used) >= 0 && FLOORS.indexOf(used) < FLOORS.indexOf(own);
    }
}
