package dev.nstm.apps.command;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How much memory may be taken. */
final class MemoryOption {
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([MG])B?", Pattern.CASE_INSENSITIVE);

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "Most memory to take, such as 4G or 800M: a field that needs more is cut into patches that fit.")
    private String memory;

    /** Bytes, where it is given. */
    OptionalLong bytes() {
        if (memory == null) return OptionalLong.empty();
        Matcher size = SIZE.matcher(memory.strip());
        if (!size.matches())
            throw new ParameterException(
                    command.commandLine(), "--memory takes a size such as 4G or 800M, got " + memory);
        double unit = size.group(2).toUpperCase(Locale.ROOT).equals("G") ? 1e9 : 1e6;
        return OptionalLong.of((long) (Double.parseDouble(size.group(1)) * unit));
    }
}
