package dev.nstm.apps.command;

import dev.nstm.apps.config.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Simulates raw shots of a moving specimen, with the truth beside them.",
        footer = {"", "Example:", "  nstm simulate configs/dpc-demo.yaml --set simulation.noise=0.02 --out shots.npz"})
final class SimulateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG.yaml", description = "Configuration with optics and simulation sections.")
    private Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Changes one value of the configuration; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Mixin
    private PluginsOption plugins;

    @Option(names = "--out", paramLabel = "FILE.npz", required = true, description = "File to write.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        Configuration configuration = Instruments.read(config, settings);
        Instruments.of(configuration, plugins.jars()).simulate(configuration, out);
        System.out.println("raw shots and truth in " + out);
        return 0;
    }
}
