package dev.nstm.apps.command;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.Simulation;
import dev.nstm.apps.run.Runs;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "demo", mixinStandardHelpOptions = true, description = "Simulates a moving specimen, reconstructs it conventionally and with the model, and compares both with the truth.",
        footer = {"", "Examples:", "  nstm demo", "  nstm demo --out demo --set simulation.noise=0.02"})
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--out", paramLabel = "DIR", defaultValue = "nstm-demo", description = "Where the results go (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Changes one value of the configuration; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Mixin
    private ThreadsOption computing;

    @Override
    public Integer call() throws Exception {
        int threads = computing.threads();
        Configuration configuration = Configuration.parse(bundled("dpc-demo.yaml"), "dpc-demo.yaml", settings);
        Path shots = out.resolve("shots.npz");
        System.out.println("Four shots of moving cells, each lit from another side, are simulated and reconstructed.");
        Simulation.write(configuration, shots);
        configuration = configuration.with(Keys.DATA_FILE, shots.toString());
        Optional<String> outcome = new Session(Runs.load(configuration), out).execute(computing.device(), threads, false);
        if (outcome.isEmpty()) return 130;
        System.out.print(outcome.get());
        System.out.println("report: " + out.resolve("report.html").toAbsolutePath());
        return 0;
    }

    /** A configuration that ships with the program. */
    static String bundled(String name) throws IOException {
        try (InputStream in = DemoCommand.class.getResourceAsStream("/dev/nstm/apps/configs/" + name)) {
            if (in == null) throw new InvalidInputException("the configuration " + name + " is missing from this build");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
