package dev.nstm.apps.command;

import dev.nstm.apps.dpc.SourceReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "dpc",
        mixinStandardHelpOptions = true,
        description = "Tools for differential phase contrast.",
        subcommands = DpcCommand.Estimate.class)
final class DpcCommand extends CommandGroup {
    @Command(
            name = "estimate",
            mixinStandardHelpOptions = true,
            description =
                    "Checks where the light of the shots came from, and the focus: all orders of the configured directions (of up to four), turns of all together and distances from the focus are tried, and what each leaves unexplained of a specimen that moves as a whole is told.",
            footer = {"", "Example:", "  nstm dpc estimate my.yaml --data shots.tif"})
    static final class Estimate implements Callable<Integer> {
        @Mixin
        private FieldOptions field;

        @Override
        public Integer call() throws Exception {
            return field.tell(SourceReport.estimate(field.read()));
        }
    }
}
