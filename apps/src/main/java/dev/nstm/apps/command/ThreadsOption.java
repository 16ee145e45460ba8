package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where to compute, for commands that do. */
final class ThreadsOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the processor to use; all by default. Results do not depend on it.")
    private Integer threads;

    @Option(names = "--device", paramLabel = "NAME", defaultValue = "auto", description = "auto, cpu or cuda (default: ${DEFAULT-VALUE}).")
    private String device;

    int threads() {
        if (threads == null) return Runtime.getRuntime().availableProcessors();
        if (threads < 1) throw new ParameterException(command.commandLine(), "--threads must be at least 1, got " + threads);
        return threads;
    }

    String device() {
        require(!device.isBlank(), "--device needs a name");
        return device;
    }
}
