package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Programs in JavaScript that read what was written with the libraries of others; those that use them are skipped where
 * {@code npm install --no-save --prefix apps/target zarrita geotiff} was not run.
 */
public final class NodeProgram {
    private NodeProgram() {}

    /**
     * What a program among the tests' resources prints of a file or directory.
     *
     * @param library that it uses
     */
    public static JsonNode output(String program, String library, Path file) throws IOException, InterruptedException {
        Path modules = Path.of("target", "node_modules").toAbsolutePath();
        assumeTrue(Files.isDirectory(modules.resolve(library)), library + " is not installed in " + modules);
        Path script = modules.resolveSibling(program);
        try (InputStream in = NodeProgram.class.getResourceAsStream("/" + program)) {
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
        }
        Path printed = Files.createTempFile("nstm-node", ".json");
        try {
            Process node = new ProcessBuilder("node", script.toString(), file.toString())
                    .redirectOutput(printed.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertEquals(0, node.waitFor(), program);
            return new ObjectMapper().readTree(printed.toFile());
        } finally {
            Files.delete(printed);
        }
    }
}
