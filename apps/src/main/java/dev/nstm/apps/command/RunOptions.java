package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.batch.MemoryPlan;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is reconstructed, for commands that reconstruct. */
final class RunOptions {
    @Parameters(paramLabel = "CONFIG.yaml", arity = "0..1", description = "Configuration; see docs/configuration.md.")
    private Path config;

    @Option(
            names = "--import-config",
            paramLabel = "FILE",
            description =
                    "Takes the configuration of a published Python program (YAML of 3-D SIM and DiffuserCam, the DPC notebook) instead.")
    private Path published;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description =
                    "Raw shots: a file, several separated by commas, a folder or a pattern; takes the place of data.file.")
    private String data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Changes one value of the configuration; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Mixin
    private PluginsOption plugins;

    /** Whether there is anything to run. */
    boolean given() {
        return config != null || published != null;
    }

    /** Whether raw shots are named. */
    boolean namesData() {
        return data != null;
    }

    List<String> settings() {
        return settings;
    }

    List<Path> plugins() {
        return plugins.jars();
    }

    /** Reads the configuration. */
    Configuration configuration() throws IOException {
        require(
                (config == null) != (published == null),
                "give a configuration: CONFIG.yaml, or --import-config with one of the published program");
        Configuration configuration = published == null
                ? Instruments.read(config, settings)
                : Instruments.published(published, settings, StandardError::tell);
        return data == null ? configuration : configuration.with(Keys.DATA_FILE, data);
    }

    /** Reads configuration and data, if they fit into memory. */
    Run load() throws IOException {
        Configuration c = configuration();
        Optional<MemoryPlan> plan = MemoryPlan.of(Instruments.of(c, plugins.jars()), c);
        if (plan.isPresent()) StandardError.tell(plan.get().fitting(c));
        return Instruments.load(c, plugins.jars());
    }
}
