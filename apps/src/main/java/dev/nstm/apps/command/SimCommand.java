package dev.nstm.apps.command;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.sim.PatternReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "sim", mixinStandardHelpOptions = true, description = "Tools for structured illumination.", subcommands = SimCommand.Estimate.class)
final class SimCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        command.commandLine().usage(System.out);
        return CommandLine.ExitCode.USAGE;
    }

    @Command(name = "estimate", mixinStandardHelpOptions = true, description = "Finds angle, line spacing and modulation of every direction's light pattern in the raw images.",
            footer = {"", "Example:", "  nstm sim estimate my.yaml --data raw.tif"})
    static final class Estimate implements Callable<Integer> {
        @Parameters(paramLabel = "CONFIG.yaml", description = "Configuration with optics, sim.otf and page order.")
        private Path config;

        @Option(names = "--data", paramLabel = "FILE", description = "Raw stack.")
        private String data;

        @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Changes one value of the configuration; may be repeated.")
        private List<String> settings = new ArrayList<>();

        @Override
        public Integer call() throws Exception {
            Configuration configuration = Configuration.read(config, settings);
            if (data != null) configuration = configuration.with(Keys.DATA_FILE, data);
            System.out.print(PatternReport.of(configuration));
            return 0;
        }
    }
}
