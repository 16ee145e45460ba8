package dev.nstm.apps.command;

import dev.nstm.apps.dpc.DpcRun;
import dev.nstm.apps.dpc.Evaluation;
import dev.nstm.apps.dpc.Reconstructed;
import dev.nstm.imaging.TikhonovSolver;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "baseline", mixinStandardHelpOptions = true, description = "Conventional (Tikhonov) reconstruction, which takes the specimen for unmoving.",
        footer = {"", "Example:", "  nstm baseline configs/dpc-cells.yaml --data cells.npz --out cells"})
final class BaselineCommand implements Callable<Integer> {
    @Mixin
    private RunOptions options;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Directory for baseline.npz.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        DpcRun run = options.load();
        TikhonovSolver.Solution solution = run.baseline();
        Reconstructed still = Reconstructed.still(solution.absorption(), solution.phase(), run.measurement().times());
        Path file = out.resolve("baseline.npz");
        still.write(file, new double[] {1, 1});
        run.measurement().truth().ifPresent(truth -> System.out.print(Tables.evaluation(Evaluation.of(still, truth, Tables.margin(run)))));
        System.out.println("conventional reconstruction in " + file);
        return 0;
    }
}
