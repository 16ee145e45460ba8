package dev.nstm.apps;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the nstm command in a process of its own, as a person would. */
final class CommandLineRunner {
    private CommandLineRunner() {}

    /** What a finished command left. */
    record Result(int exitCode, String out, String err) {
        /**
         * Standard error without the JVM's greeting, which the launcher takes away, and without what a run says of its
         * memory before it begins.
         */
        List<String> errorLines() {
            return err.lines()
                    .filter(line ->
                            !line.contains("Using incubator modules") && !line.startsWith("nstm: memory: about "))
                    .toList();
        }
    }

    /** The words of the command line. */
    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.nstm.apps.command.Nstm"));
        command.addAll(List.of(arguments));
        return command;
    }

    static Process start(Path stdout, Path stderr, String... arguments) throws IOException {
        return start(Map.of(), stdout, stderr, arguments);
    }

    private static Process start(Map<String, String> environment, Path stdout, Path stderr, String... arguments)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments))
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    static Result run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments);
    }

    /** @param environment variables beside those of this process */
    static Result run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        Path stdout = Files.createTempFile("nstm", ".out");
        Path stderr = Files.createTempFile("nstm", ".err");
        try {
            Process process = start(environment, stdout, stderr, arguments);
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("nstm " + String.join(" ", arguments) + " did not end in five minutes");
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(stdout, StandardCharsets.UTF_8),
                    Files.readString(stderr, StandardCharsets.UTF_8));
        } finally {
            Files.delete(stdout);
            Files.delete(stderr);
        }
    }
}
