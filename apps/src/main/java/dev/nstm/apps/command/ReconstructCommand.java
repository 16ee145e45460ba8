package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.batch.Batch;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.instrument.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "reconstruct",
        mixinStandardHelpOptions = true,
        description = "Reconstructs scene and motion from raw shots.",
        footer = {
            "",
            "Examples:",
            "  nstm reconstruct configs/dpc-cells.yaml --data cells.npz --out cells",
            "  nstm reconstruct my.yaml --set training.epochs=1000 --set optics.wavelength=0.53",
            "  nstm reconstruct my.yaml --out cells --resume    go on after an interruption"
        })
final class ReconstructCommand implements Callable<Integer> {
    @Mixin
    private RunOptions options;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "nstm-out",
            description = "Where the results go (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--resume",
            description =
                    "Goes on from the newest checkpoint in DIR; the result has the same bits as without the break (on a GPU with --deterministic).")
    private boolean resume;

    @Option(names = "--force", description = "Overwrites the results that DIR holds.")
    private boolean force;

    @Mixin
    private MemoryOption memory;

    @Mixin
    private FollowOptions following;

    @Mixin
    private DeviceOptions computing;

    @Override
    public Integer call() throws Exception {
        computing.check();
        if (!following.followed()) {
            Configuration c = BatchCommand.cut(options.configuration(), options.plugins(), memory);
            if (Batch.wanted(c)) return inPieces(c);
        }
        if (!resume && !force) Session.requireFree(out);
        Optional<String> outcome = Session.execute(this::whole, out, computing, following, resume);
        if (outcome.isEmpty()) return 130;
        if (following.json()) return 0;
        System.out.print(outcome.get());
        System.out.println("results in " + out + "; open " + out.resolve("report.html") + " in a browser");
        return 0;
    }

    /** A recording in one piece. */
    private Run whole() throws IOException {
        require(
                !Batch.wanted(options.configuration()),
                "windows.shots and patches.size cut the recording into pieces, which nstm batch status follows; leave --monitor and --progress away");
        require(
                !Batch.plannedIn(out),
                "%s holds a recording in pieces, which this configuration does not ask for; choose another --out",
                out);
        return options.load();
    }

    /** A long recording or a large field. */
    private int inPieces(Configuration c) throws Exception {
        if (force) Batch.remove(out);
        if (!resume && !force) Session.requireFree(out);
        Batch batch = Batch.plan(Instruments.of(c, options.plugins()), c, out);
        StandardError.tell(BatchCommand.told(batch));
        return BatchCommand.run(batch, computing, memory);
    }
}
