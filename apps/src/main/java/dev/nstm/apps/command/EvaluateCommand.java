package dev.nstm.apps.command;

import dev.nstm.apps.instrument.Comparison;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description =
                "Compares a reconstruction with the truth: PSNR, with what the measurement leaves open fitted first, SSIM of DPC, and the motion error where the truth has a motion.",
        footer = {"", "Example:", "  nstm evaluate --recon out/recon.npz --truth shots.npz --margin 20 --json"})
final class EvaluateCommand implements Callable<Integer> {
    @Option(
            names = "--recon",
            paramLabel = "R.npz",
            required = true,
            description = "Reconstruction: recon.npz or baseline.npz of a run, with its config.yaml beside it.")
    private Path recon;

    @Option(
            names = "--truth",
            paramLabel = "T.npz",
            required = true,
            description =
                    "Truth, as nstm simulate writes it: absorption, phase, and motion or offset_yx (DPC); density and motion (SIM); or scene [t,y,x,c].")
    private Path truth;

    @Option(
            names = "--margin",
            paramLabel = "PIXELS",
            description = "Border left out; 20 by default, a sixth of small pictures.")
    private Integer margin;

    @Option(names = "--json", description = "Prints JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Comparison comparison =
                Instruments.evaluate(truth, recon, margin == null ? OptionalInt.empty() : OptionalInt.of(margin));
        System.out.print(json ? comparison.json() : comparison.text());
        return 0;
    }
}
