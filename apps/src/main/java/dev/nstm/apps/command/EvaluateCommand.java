package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Remainder;
import dev.nstm.apps.instrument.Run;
import dev.nstm.device.Device;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description =
                "Compares a reconstruction with the truth: PSNR, with what the measurement leaves open fitted first, SSIM of DPC, and the motion error where the truth has a motion. Without a truth: what the model leaves of every raw shot beside the shot's noise, and what to try where it is more.",
        footer = {
            "",
            "Examples:",
            "  nstm evaluate --recon out/recon.npz --truth shots.npz --margin 20 --json",
            "  nstm evaluate --recon out/recon.npz"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Option(
            names = "--recon",
            paramLabel = "R.npz",
            required = true,
            description =
                    "Reconstruction: recon.npz or baseline.npz of a run, with its config.yaml beside it. Without a truth recon.npz, with checkpoints and configuration beside it.")
    private Path recon;

    @Option(
            names = "--truth",
            paramLabel = "T.npz",
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

    @Mixin
    private DeviceOptions computing;

    @Override
    public Integer call() throws Exception {
        if (truth == null) {
            System.out.print(withoutTruth());
            return 0;
        }
        Comparison comparison =
                Instruments.evaluate(truth, recon, margin == null ? OptionalInt.empty() : OptionalInt.of(margin));
        System.out.print(json ? comparison.json() : comparison.text());
        return 0;
    }

    private String withoutTruth() throws IOException {
        require(margin == null, "--margin is of a comparison with a --truth; shots are compared but for loss.margin");
        require(Files.isRegularFile(recon), "%s: no such file", recon);
        require(
                recon.endsWith(Run.RESULT),
                "%s: without a --truth only the %s of a run can be judged, beside its configuration and checkpoints",
                recon,
                Run.RESULT);
        Path directory = recon.toAbsolutePath().getParent();
        Run run = Instruments.load(Instruments.read(directory.resolve("config.yaml"), List.of()), List.of());
        TrainingState state = Session.newest(directory);
        try (Device device = computing.open()) {
            Remainder remainder = run.remainder(device, state);
            require(!remainder.shots().isEmpty(), "%s: this system does not tell what it leaves of its shots", recon);
            return json ? remainder.json(run.advice()) : remainder.table().text() + remainder.text(run.advice());
        }
    }
}
