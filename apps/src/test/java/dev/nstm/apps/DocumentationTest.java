package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.apps.command.CommandAccess;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Vocabulary;
import dev.nstm.apps.dpc.DpcKeys;
import dev.nstm.apps.lensless.LenslessKeys;
import dev.nstm.apps.sim.SimKeys;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documentation says what the program does. */
class DocumentationTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String BEGIN =
            "<!-- made of the instruments' keys by DocumentationTest: run with -Dnstm.docs.write=true to renew -->\n";

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
        for (Key<?> key : CommandAccess.systems().keys()) {
            int dot = key.path().indexOf('.');
            String own = dot < 0 ? "" : key.path().substring(0, dot);
            if (!own.equals(section))
                text.append(own.isEmpty() ? "" : "\n## " + own + "\n")
                        .append("\n| key | default | unit | allowed | meaning |\n|---|---|---|---|---|\n");
            section = own;
            text.append("| `")
                    .append(key.path())
                    .append("` | ")
                    .append(key.fallback().isEmpty() ? "-" : "`" + key.fallback() + "`")
                    .append(" | ")
                    .append(key.unit())
                    .append(" | ")
                    .append(key.allowed())
                    .append(" | ")
                    .append(named(key) + key.meaning() + otherDefaults(key))
                    .append(" |\n");
        }
        return text.toString();
    }

    private static String otherDefaults(Key<?> key) {
        String others = CommandAccess.systems().knowing(key).stream()
                .filter(system -> system.defaults().containsKey(key.path()))
                .map(system -> system.title() + " `" + system.defaults().get(key.path()) + "`")
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? "" : " Other defaults: " + others + ".";
    }

    /** The systems that know a key, where that are not all. */
    private static String named(Key<?> key) {
        List<String> knowing = CommandAccess.systems().knowing(key).stream()
                .map(Vocabulary::title)
                .toList();
        if (knowing.size() == CommandAccess.systems().builtIn().size() + 1) return "";
        String list = String.join(", ", knowing);
        return Character.toUpperCase(list.charAt(0)) + list.substring(1) + ": ";
    }

    /** A constant says its key. */
    @ParameterizedTest
    @ValueSource(classes = {Keys.class, DpcKeys.class, SimKeys.class, LenslessKeys.class})
    void constantsAreCalledAsTheirKeys(Class<?> keys) throws IllegalAccessException {
        List<Key<?>> known = CommandAccess.systems().keys();
        for (Field field : keys.getFields()) {
            if (!(field.get(null) instanceof Key<?> key)) continue;
            assertEquals(
                    key.path().replace('.', '_').replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT),
                    field.getName());
            assertTrue(known.contains(key), key.path() + " is in no system's list");
        }
    }

    @Test
    void everyConfigurationInTheProjectIsRead() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../configs"))) {
            for (Path file : files.toList()) Configuration.read(file, List.of(), CommandAccess.systems());
        }
    }
}
