package dev.nstm.apps.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only has others below it: alone, it shows which. */
abstract class CommandGroup implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Override
    public final Integer call() {
        command.commandLine().usage(System.out);
        return CommandLine.ExitCode.USAGE;
    }
}
