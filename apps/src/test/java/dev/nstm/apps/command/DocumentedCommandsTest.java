package dev.nstm.apps.command;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Every nstm command that the documentation or a help page shows is one that the program understands. */
class DocumentedCommandsTest {
    private static final Pattern SHOWN = Pattern.compile("(?m)^(?:    |exec )(?:\\./)?nstm ([^\\n]*)$");
    private static final Pattern INLINE = Pattern.compile("`(?:\\./)?nstm ([a-z][^`\\n]*)`");

    private static CommandLine program() {
        return new CommandLine(new Nstm()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static void assertUnderstood(String command, String where) {
        String[] words = command.replaceFirst("( {2,}| #).*", "")
                .replace("\"", "")
                .replace("'", "")
                .replaceAll("\\$[A-Z_]+", "1")
                .strip()
                .split(" +");
        assertDoesNotThrow(() -> program().parseArgs(words), () -> where + ": nstm " + command);
    }

    @Test
    void commandsOnThePagesAreUnderstood() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("../README.md")));
        try (Stream<Path> docs = Files.list(Path.of("../docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        int found = 0;
        for (Path page : pages) {
            Matcher shown = SHOWN.matcher(Files.readString(page));
            while (shown.find()) {
                assertUnderstood(shown.group(1), page.toString());
                found++;
            }
            Matcher inline = INLINE.matcher(Files.readString(page));
            // Mentioned in a sentence, a command may lack what it needs; its name must be one.
            while (inline.find()) {
                String name = inline.group(1).split(" ")[0];
                assertTrue(program().getSubcommands().containsKey(name), page + ": `nstm " + inline.group(1) + "`");
            }
        }
        assertTrue(found > 10, found + " commands found");
    }

    @Test
    void examplesOfTheHelpPagesAreUnderstood() {
        List<CommandLine> all = new ArrayList<>(program().getSubcommands().values());
        for (int i = 0; i < all.size(); i++)
            all.addAll(all.get(i).getSubcommands().values());
        for (CommandLine command : all) {
            Arrays.stream(command.getCommandSpec().usageMessage().footer())
                    .filter(line -> line.startsWith("  nstm "))
                    .forEach(line -> assertUnderstood(
                            line.substring(7), command.getCommandSpec().qualifiedName() + " --help"));
        }
    }
}
