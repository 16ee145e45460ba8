package dev.nstm.apps.command;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Estimate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Raw shots with their configuration, for commands that look at it without reconstructing. */
final class FieldOptions {
    @Parameters(
            paramLabel = "CONFIG.yaml",
            description = "Configuration with optics and, of SIM, sim.otf and page order.")
    private Path config;

    @Option(names = "--data", paramLabel = "FILE", description = "Raw shots.")
    private String data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Changes one value of the configuration; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--json", description = "Prints JSON instead of a table.")
    private boolean json;

    /** Tells what was found; returns the exit code. */
    int tell(Estimate estimate) {
        System.out.print(json ? estimate.json() : estimate.text());
        return estimate.right() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    Configuration read() throws IOException {
        Configuration configuration = Instruments.read(config, settings);
        return data == null ? configuration : configuration.with(Keys.DATA_FILE, data);
    }
}
