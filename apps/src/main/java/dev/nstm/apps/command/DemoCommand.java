package dev.nstm.apps.command;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Instrument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Simulates a moving specimen, reconstructs it conventionally and with the model, and compares both with the truth.",
        footer = {
            "",
            "Examples:",
            "  nstm demo",
            "  nstm demo sim2d",
            "  nstm demo --out demo --set simulation.noise=0.02"
        })
final class DemoCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "SYSTEM",
            arity = "0..1",
            defaultValue = "dpc",
            description = "dpc, sim, sim2d, lensless or a system of your own (default: ${DEFAULT-VALUE}).")
    private String system;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "nstm-demo",
            description = "Where the results go (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Changes one value of the configuration; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Mixin
    private PluginsOption plugins;

    @Mixin
    private FollowOptions following;

    @Mixin
    private DeviceOptions computing;

    @Override
    public Integer call() throws Exception {
        computing.check();
        Instrument.Demo demo = Instruments.offer("demo", system, plugins.jars(), Instrument::demos);
        Configuration configuration = demo.configuration().with(settings, Instruments.SYSTEMS);
        Path shots = out.resolve("shots.npz");
        // The results of an earlier demo may be overwritten: they can be made again at any time.
        if (!Files.exists(shots)) Session.requireFree(out);
        if (!following.json()) System.out.println(demo.description());
        Instruments.of(configuration, plugins.jars()).simulate(configuration, shots);
        Configuration simulated = configuration.with(Keys.DATA_FILE, shots.toString());
        Optional<String> outcome =
                Session.execute(() -> Instruments.load(simulated, plugins.jars()), out, computing, following, false);
        if (outcome.isEmpty()) return 130;
        if (following.json()) return 0;
        System.out.print(outcome.get());
        System.out.println("report: " + out.resolve("report.html").toAbsolutePath());
        return 0;
    }
}
