package dev.nstm.apps.command;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.dpc.DpcRun;
import dev.nstm.apps.dpc.Evaluation;
import dev.nstm.apps.dpc.Measurement;
import dev.nstm.apps.dpc.Reconstructed;
import dev.nstm.imaging.TikhonovSolver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "baseline", mixinStandardHelpOptions = true, description = "Conventional (Tikhonov) reconstruction, which takes the specimen for unmoving.",
        footer = {"", "Example:", "  nstm baseline configs/dpc-cells.yaml --data cells.npz --out cells"})
final class BaselineCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG.yaml", description = "Configuration; see docs/configuration.md.")
    private Path config;

    @Option(names = "--data", paramLabel = "FILE", description = "Raw shots: NPZ, TIFF stack or PNG files separated by commas.")
    private String data;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Changes one value of the configuration; may be repeated.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Directory for baseline.npz.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        Configuration configuration = Configuration.read(config, settings);
        if (data != null) configuration = configuration.with(Keys.DATA_FILE, data);
        DpcRun run = DpcRun.of(configuration, Measurement.load(configuration));
        TikhonovSolver.Solution solution = run.baseline();
        Reconstructed still = Reconstructed.still(solution.absorption(), solution.phase(), run.measurement().times());
        Path file = out.resolve("baseline.npz");
        still.write(file, new double[] {1, 1});
        run.measurement().truth().ifPresent(truth -> System.out.print(Tables.evaluation(Evaluation.of(still, truth, Tables.margin(run)))));
        System.out.println("conventional reconstruction in " + file);
        return 0;
    }
}
