package dev.nstm.apps.command;

import dev.nstm.apps.report.Terminal;
import dev.nstm.device.DeviceException;
import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.training.DivergedException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Entry point. Exit codes: 0 done, 1 failure, 2 usage. */
@Command(
        name = "nstm",
        mixinStandardHelpOptions = true,
        version = "nstm 0.1.0",
        description = "Sharp pictures and their motion from a few raw shots of a moving specimen.",
        footer = {
            "",
            "First steps:",
            "  nstm demo                                    simulate, reconstruct and compare",
            "  nstm app                                     the same and more on a page in the browser",
            "  nstm init shots.tif                          a configuration for your own data",
            "  nstm reconstruct my.yaml --out result        scene and motion from it",
            "  nstm COMMAND --help                          examples for every command"
        },
        subcommands = {
            DemoCommand.class,
            AppCommand.class,
            ViewCommand.class,
            MonitorCommand.class,
            InitCommand.class,
            ReconstructCommand.class,
            BaselineCommand.class,
            SimulateCommand.class,
            ExportCommand.class,
            TrackCommand.class,
            EvaluateCommand.class,
            SimCommand.class,
            DpcCommand.class,
            BatchCommand.class,
            TimestampsCommand.class,
            InfoCommand.class,
            BenchCommand.class
        })
public final class Nstm {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean debug;

    public static void main(String[] arguments) {
        StandardError.restore();
        System.exit(run(arguments));
    }

    static int run(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Nstm nstm = new Nstm();
        CommandLine line = new CommandLine(nstm);
        line.setOut(new PrintWriter(out, true));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExpandAtFiles(false);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(Math.clamp(Terminal.columns(), 60, 110));
        line.setParameterExceptionHandler((problem, given) -> {
            System.err.println("nstm: " + oneLine(problem.getMessage()) + meant(problem) + " (see "
                    + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help)");
            return CommandLine.ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((problem, command, result) -> {
            if (nstm.debug) problem.printStackTrace(System.err);
            System.err.println("nstm: " + explain(problem));
            return CommandLine.ExitCode.SOFTWARE;
        });
        if (arguments.length == 0) {
            line.usage(out);
            return CommandLine.ExitCode.USAGE;
        }
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError full) {
            if (nstm.debug) full.printStackTrace(System.err);
            System.err.println("nstm: " + explain(full));
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static String meant(CommandLine.ParameterException problem) {
        boolean suggests = problem instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty();
        return suggests
                ? "; is "
                        + ((CommandLine.UnmatchedArgumentException) problem)
                                .getSuggestions()
                                .getFirst() + " meant?"
                : "";
    }

    /** What went wrong, in a line. */
    static String explain(Throwable problem) {
        return switch (problem) {
            case InvalidInputException known -> known.getMessage();
            case DeviceException failed -> oneLine(failed.getMessage());
            case DivergedException diverged -> oneLine(diverged.getMessage());
            case IOException io ->
                AtomicFile.reason(io) + (io.getMessage() == null ? "" : " (" + oneLine(io.getMessage()) + ")");
            case OutOfMemoryError full ->
                "out of memory: this program may take "
                        + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MB of heap; use fewer or smaller pictures, or a machine with more memory";
            default -> "unexpected error: " + oneLine(problem.toString()) + "; run again with --debug for details";
        };
    }

    /** A message of other software, its lines joined to one. */
    static String oneLine(String message) {
        return message == null
                ? "unknown error"
                : message.lines()
                        .map(String::strip)
                        .reduce((a, b) -> a + " " + b)
                        .orElse("");
    }
}
