package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.run.Runs;
import dev.nstm.apps.run.Simulations;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "demo", mixinStandardHelpOptions = true, description = "Simulates a moving specimen, reconstructs it conventionally and with the model, and compares both with the truth.",
        footer = {"", "Examples:", "  nstm demo", "  nstm demo sim2d", "  nstm demo --out demo --set simulation.noise=0.02"})
final class DemoCommand implements Callable<Integer> {
    private static final Map<String, String> CONFIGURATIONS = new TreeMap<>(Map.of("dpc", "dpc-demo.yaml", "sim", "sim3d-demo.yaml", "sim2d", "sim2d-demo.yaml", "diffusercam", "diffusercam-demo.yaml"));
    private static final Map<String, String> DESCRIPTIONS = Map.of(
            "dpc", "Four shots of moving cells, each lit from another side, are simulated and reconstructed.",
            "sim", "Fifteen stacks of moving filaments under three-beam patterns are simulated and reconstructed.",
            "sim2d", "Nine pictures of moving filaments under two-beam patterns are simulated and reconstructed.",
            "diffusercam", "One photograph of a falling object through a diffuser is simulated, and a movie of 100 frames made of it.");

    @Parameters(paramLabel = "SYSTEM", arity = "0..1", defaultValue = "dpc", description = "dpc, sim, sim2d or diffusercam (default: ${DEFAULT-VALUE}).")
    private String system;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "nstm-demo", description = "Where the results go (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Changes one value of the configuration; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Mixin
    private DeviceOptions computing;

    @Override
    public Integer call() throws Exception {
        computing.check();
        String name = CONFIGURATIONS.get(system);
        require(name != null, "there is no demo of \"%s\"; choose from %s", system, String.join(", ", CONFIGURATIONS.keySet()));
        Configuration configuration = Configuration.parse(bundled(name), name, settings);
        Path shots = out.resolve("shots.npz");
        // What a demo simulated and made of it comes again at any time.
        if (!Files.exists(shots)) Session.requireFree(out);
        System.out.println(DESCRIPTIONS.get(system));
        Simulations.write(configuration, List.of(), shots);
        configuration = configuration.with(Keys.DATA_FILE, shots.toString());
        Optional<String> outcome = new Session(Runs.load(configuration, List.of()), out).execute(computing, false);
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
