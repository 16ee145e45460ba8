package dev.nstm.apps.command;

import dev.nstm.apps.sim.PatternReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "sim",
        mixinStandardHelpOptions = true,
        description = "Tools for structured illumination.",
        subcommands = SimCommand.Estimate.class)
final class SimCommand extends CommandGroup {
    @Command(
            name = "estimate",
            mixinStandardHelpOptions = true,
            description =
                    "Finds angle, line spacing and modulation of every direction's light pattern in the raw images.",
            footer = {"", "Example:", "  nstm sim estimate my.yaml --data raw.tif"})
    static final class Estimate implements Callable<Integer> {
        @Mixin
        private FieldOptions field;

        @Override
        public Integer call() throws Exception {
            return field.tell(PatternReport.of(field.read()));
        }
    }
}
