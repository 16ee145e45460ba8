package dev.nstm.apps.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where systems of the user's own come from. */
final class PluginsOption {
    @Option(
            names = "--plugin",
            paramLabel = "FILE.jar",
            description =
                    "Jar with a system of your own, or a folder of such; may be repeated. Jars in a folder named plugins are found without.")
    private List<Path> jars = new ArrayList<>();

    List<Path> jars() {
        return jars;
    }
}
