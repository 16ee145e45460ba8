package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.files.AtomicFile;
import java.io.Console;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description =
                "Writes a configuration for a recording: calibration from the file, the rest as given or, on a terminal, asked for.",
        footer = {
            "",
            "Examples:",
            "  nstm init shots.tif",
            "  nstm init shots.tif --set optics.wavelength=0.525 --set optics.numericalAperture=0.25 --out my.yaml"
        })
final class InitCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            description = "Raw shots: a file, several separated by commas, a folder or a pattern.")
    private String data;

    @Option(
            names = "--system",
            paramLabel = "NAME",
            description = "dpc, sim or lensless; found from an NPZ file, else dpc.")
    private String system;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A value of the configuration; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "FILE.yaml",
            defaultValue = "my.yaml",
            description = "Configuration to write (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--force", description = "Overwrites the configuration.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        require(
                force || !Files.exists(out),
                "%s is there already; choose another --out, or overwrite it with --force",
                out);
        Map<String, String> given = new LinkedHashMap<>();
        for (String setting : settings) {
            Map.Entry<String, String> parts = Configuration.setting(setting);
            given.put(parts.getKey(), parts.getValue().strip());
        }
        Console console = System.console();
        Optional<UnaryOperator<String>> person = console != null && console.isTerminal()
                ? Optional.of(question -> console.readLine("%s", question))
                : Optional.empty();
        Questionnaire questionnaire = new Questionnaire(data, given, person);
        String yaml = questionnaire.configuration(system == null ? questionnaire.likelySystem() : system);
        Configuration.parse(yaml, out.toString(), List.of(), Instruments.SYSTEMS);
        AtomicFile.write(out, target -> target.write(yaml.getBytes(StandardCharsets.UTF_8)));
        System.out.print(yaml);
        System.out.println(out + " is written; go on with nstm reconstruct " + out + " --out result");
        return 0;
    }
}
