package dev.nstm.apps.command;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this program was started, so that a job on another machine can start it alike. */
final class OwnCommand {
    private static final String LAUNCHER = "nstm.launcher";

    private OwnCommand() {}

    /** The launcher, or the Java command line where it was started without one. */
    static List<String> words() {
        String launcher = System.getProperty(LAUNCHER);
        if (launcher != null) return List.of(launcher);
        List<String> words = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        String module = System.getProperty("jdk.module.main");
        if (module != null)
            words.addAll(List.of(
                    "--module-path",
                    System.getProperty("jdk.module.path", ""),
                    "--module",
                    module + "/" + Nstm.class.getName()));
        else words.addAll(List.of("-cp", System.getProperty("java.class.path"), Nstm.class.getName()));
        return words;
    }
}
