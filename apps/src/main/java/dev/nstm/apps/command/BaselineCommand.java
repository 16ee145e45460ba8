package dev.nstm.apps.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "baseline",
        mixinStandardHelpOptions = true,
        description =
                "Conventional reconstruction (Tikhonov for DPC, Wiener for SIM), which takes the specimen for unmoving; for DPC of 3 to 12 shots also that of shots shifted onto each other before.",
        footer = {"", "Example:", "  nstm baseline configs/dpc-cells.yaml --data cells.npz --out cells"})
final class BaselineCommand implements Callable<Integer> {
    @Mixin
    private RunOptions options;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Directory for the results.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        System.out.print(options.load().baseline(out));
        return 0;
    }
}
