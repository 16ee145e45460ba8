package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation says what the program does. */
class DocumentationTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String BEGIN = "<!-- made from Keys.java by DocumentationTest: run with -Dnstm.docs.write=true to renew -->\n";

    @Test
    void everyKeyIsDocumentedWithUnitDefaultAndRange() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN);
        assertTrue(begin >= 0, "the page has lost its marker: " + BEGIN);
        String expected = page.substring(0, begin) + BEGIN + table();
        if (Boolean.getBoolean("nstm.docs.write")) Files.writeString(PAGE, expected);
        assertEquals(expected, Files.readString(PAGE));
    }

    private static String table() {
        StringBuilder text = new StringBuilder();
        String section = null;
        for (Key<?> key : Keys.ALL) {
            int dot = key.path().indexOf('.');
            String own = dot < 0 ? "" : key.path().substring(0, dot);
            if (!own.equals(section)) text.append(own.isEmpty() ? "" : "\n## " + own + "\n").append("\n| key | default | unit | allowed | meaning |\n|---|---|---|---|---|\n");
            section = own;
            text.append("| `").append(key.path()).append("` | ").append(key.fallback().isEmpty() ? "-" : "`" + key.fallback() + "`").append(" | ").append(key.unit())
                    .append(" | ").append(key.allowed()).append(" | ").append((key.systems().isEmpty() ? "" : named(key) + ": ") + key.meaning()).append(" |\n");
        }
        return text.toString();
    }

    private static String named(Key<?> key) {
        Map<String, String> names = Map.of("dpc", "DPC", "sim", "SIM", "diffusercam", "lensless camera", "own", "own systems");
        String list = String.join(", ", key.systems().stream().map(names::get).toList());
        return Character.toUpperCase(list.charAt(0)) + list.substring(1);
    }

    @Test
    void everyConfigurationInTheProjectIsRead() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../configs"))) {
            for (Path file : files.toList()) Configuration.read(file, List.of());
        }
    }
}
