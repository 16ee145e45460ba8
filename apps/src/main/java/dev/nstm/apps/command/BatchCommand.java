package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.batch.Batch;
import dev.nstm.apps.batch.JoinMode;
import dev.nstm.apps.batch.MemoryPlan;
import dev.nstm.apps.batch.MovieMerge;
import dev.nstm.apps.batch.Piece;
import dev.nstm.apps.batch.PieceState;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "batch",
        mixinStandardHelpOptions = true,
        description = "Reconstructs long recordings and large fields piece by piece, here or on a cluster.",
        subcommands = {
            BatchCommand.Plan.class,
            BatchCommand.Run.class,
            BatchCommand.Status.class,
            BatchCommand.Submit.class,
            BatchCommand.Merge.class
        },
        footer = {
            "",
            "Example:",
            "  nstm batch plan my.yaml --data raw.tif --set windows.shots=4 --out movie",
            "  nstm batch run movie",
            "  nstm batch status movie"
        })
final class BatchCommand extends CommandGroup {
    /** More hardly make a piece faster. */
    private static final int THREADS_OF_PIECE = 4;

    private static final String DIRECTORY = "Directory that nstm batch plan made.";

    @Command(
            name = "plan",
            mixinStandardHelpOptions = true,
            description =
                    "Cuts a recording into windows in time (windows.shots) and patches in space (patches.size); finds once what all pieces share.")
    static final class Plan implements Callable<Integer> {
        @Mixin
        private FieldOptions field;

        @Option(names = "--out", paramLabel = "DIR", required = true, description = "Directory for the pieces.")
        private Path out;

        @Mixin
        private MemoryOption memory;

        @Override
        public Integer call() throws Exception {
            Configuration c = cut(field.read(), List.of(), memory);
            Batch batch = Batch.plan(Instruments.of(c, List.of()), c, out);
            System.out.println(told(batch) + "; go on with nstm batch run " + out);
            return 0;
        }
    }

    /** The configuration, cut so that pieces fit into the memory that is given, if any is. */
    static Configuration cut(Configuration c, List<Path> plugins, MemoryOption memory) throws IOException {
        OptionalLong limit = memory.bytes();
        if (limit.isEmpty()) return c;
        return MemoryPlan.of(Instruments.of(c, plugins), c)
                .orElseThrow(() -> InvalidInputException.of(
                        "--memory: recordings of system: %s are not cut into pieces", c.get(Keys.SYSTEM)))
                .cut(c, limit.getAsLong());
    }

    /** How a batch is cut, in a line. */
    static String told(Batch batch) {
        return String.format(
                Locale.ROOT,
                "%d pieces: %d windows of %d shots, %d patches of %dx%d",
                batch.count(),
                batch.windows().size(),
                batch.windowShots(),
                batch.patches().size(),
                batch.patchRows(),
                batch.patchColumns());
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description =
                    "Reconstructs the pieces that are not done, and joins them as they are finished; goes on where an earlier run was stopped.")
    static final class Run implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = DIRECTORY)
        private Path directory;

        @Option(names = "--only", paramLabel = "N", description = "Reconstructs one piece alone, counted from 0.")
        private Integer only;

        @Option(
                names = "--at-once",
                paramLabel = "N",
                description =
                        "Pieces at a time, each in a process of its own; by default as many as memory allows, with four threads each.")
        private Integer atOnce;

        @Mixin
        private MemoryOption memory;

        @Mixin
        private DeviceOptions computing;

        @Override
        public Integer call() throws Exception {
            computing.check();
            require(atOnce == null || atOnce >= 1, "--at-once must be at least 1, got %s", atOnce);
            Batch batch = Batch.read(directory);
            if (only != null) {
                Piece piece = batch.piece(only);
                if (!batch.done(piece)) {
                    require(
                            batch.before(piece)
                                    .filter(before -> !batch.done(before))
                                    .isEmpty(),
                            "%s goes on from the piece before, which is not done",
                            piece.name());
                    BatchWorker worker = new BatchWorker(batch, computing);
                    // Another may be at it, or the lock of a node that is gone not given back yet.
                    while (!batch.done(piece) && RunLock.isHeld(batch.directory(piece)) && BatchWorker.rested()) {}
                    boolean done = batch.done(piece) || worker.one(piece) || batch.done(piece);
                    if (worker.interrupted()) return 130;
                    require(done, "%s is not done", piece.name());
                }
                System.out.println(piece.name() + " is done");
                return 0;
            }
            return run(batch, computing, atOnce == null ? atOnce(batch, memory, computing) : atOnce);
        }
    }

    /** Pieces that memory and processors allow at a time; those of a patch follow each other. */
    private static int atOnce(Batch batch, MemoryOption memory, DeviceOptions computing) throws IOException {
        Configuration c = batch.configuration(Instruments.SYSTEMS);
        long limit = memory.bytes().orElse(MemoryPlan.there());
        long needed = MemoryPlan.of(Instruments.of(c, List.of()), c, batch.extent())
                .map(plan -> plan.needed(batch.windowShots(), batch.patchRows(), batch.patchColumns()))
                .orElse(limit);
        require(
                needed <= limit,
                "a piece needs about %s of memory, %s are there; plan anew with smaller patches (--memory %s)",
                MemoryPlan.text(needed),
                MemoryPlan.text(limit),
                MemoryPlan.text(limit));
        int processes = Math.max(1, computing.threads() / THREADS_OF_PIECE);
        return (int) Math.min(batch.patches().size(), Math.min(processes, Math.max(1, limit / needed)));
    }

    /** Works through a batch with as many processes as memory allows; returns the exit code. */
    static int run(Batch batch, DeviceOptions computing, MemoryOption memory) throws IOException {
        return run(batch, computing, atOnce(batch, memory, computing));
    }

    private static int run(Batch batch, DeviceOptions computing, int atOnce) throws IOException {
        computing.share(atOnce);
        BatchWorker worker = new BatchWorker(batch, computing);
        try (Helpers helpers = new Helpers(batch.directory(), atOnce - 1, computing.threads())) {
            worker.all(piece -> advanceUnlessOthersDo(batch));
        }
        if (worker.interrupted()) return 130;
        require(
                worker.failed().isEmpty(),
                "%d pieces failed: %s; run the command again to try them anew",
                worker.failed().size(),
                String.join(", ", worker.failed()));
        MovieMerge.requireComplete(batch);
        int frames = merged(batch);
        System.out.println(frames + " frames in " + MovieMerge.movie(batch) + "; look at them with nstm view "
                + MovieMerge.movie(batch));
        return 0;
    }

    private static void advanceUnlessOthersDo(Batch batch) throws IOException {
        if (!RunLock.isHeld(batch.directory())) merged(batch);
    }

    /** Joins what is done; waits while another process does. */
    private static int merged(Batch batch) throws IOException {
        while (true) {
            try (RunLock lock = RunLock.of(batch.directory())) {
                String join = batch.configuration(Instruments.SYSTEMS)
                        .find(Keys.PATCHES_JOIN)
                        .orElse(Keys.PATCHES_JOIN.fallback());
                return new MovieMerge(batch, JoinMode.valueOf(join.toUpperCase(Locale.ROOT))).advance();
            } catch (InvalidInputException refused) {
                if (!RunLock.isHeld(batch.directory()) || !BatchWorker.rested()) throw refused;
            }
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Says which pieces are done, running, stopped or failed, and why.")
    static final class Status implements Callable<Integer> {
        private static final int MOST_NAMED = 20;

        @Parameters(paramLabel = "DIR", description = DIRECTORY)
        private Path directory;

        @Override
        public Integer call() throws Exception {
            Batch batch = Batch.read(directory);
            Map<PieceState, Integer> counts = new EnumMap<>(PieceState.class);
            List<String> named = new ArrayList<>();
            for (int number = 0; number < batch.count(); number++) {
                Piece piece = batch.piece(number);
                PieceState state = PieceState.of(batch, piece, RunLock::isHeld);
                counts.merge(state, 1, Integer::sum);
                if (state == PieceState.DONE || state == PieceState.READY || state == PieceState.WAITING) continue;
                if (named.size() < MOST_NAMED)
                    named.add(String.format(
                            Locale.ROOT,
                            "  %d %s %s%s",
                            number,
                            piece.name(),
                            word(state),
                            state == PieceState.FAILED
                                    ? ": "
                                            + PieceState.failure(batch.directory(piece))
                                                    .orElse("")
                                    : ""));
            }
            System.out.println(told(batch));
            for (PieceState state : PieceState.values())
                System.out.printf(Locale.ROOT, "%8d %s%n", counts.getOrDefault(state, 0), word(state));
            named.forEach(System.out::println);
            return 0;
        }

        private static String word(PieceState state) {
            return state.name().toLowerCase(Locale.ROOT);
        }
    }

    @Command(
            name = "submit",
            mixinStandardHelpOptions = true,
            description = "Hands the pieces that are not done to a cluster, as job arrays; submit again what failed.",
            footer = {"", "Example:", "  nstm batch submit movie --slurm --threads 8 --sbatch=--partition=cpu"})
    static final class Submit implements Callable<Integer> {
        @Parameters(
                paramLabel = "DIR",
                description = "Directory that nstm batch plan made, on a file system that all machines see.")
        private Path directory;

        @Option(names = "--slurm", required = true, description = "The cluster is run by Slurm.")
        private boolean slurm;

        @Option(
                names = "--threads",
                paramLabel = "N",
                defaultValue = "4",
                description = "Processors for each piece (default: ${DEFAULT-VALUE}).")
        private int threads;

        @Option(
                names = "--attempts",
                paramLabel = "N",
                defaultValue = "3",
                description =
                        "Times that a piece is started, each time from its last checkpoint, before its task fails (default: ${DEFAULT-VALUE}).")
        private int attempts;

        @Option(names = "--sbatch", paramLabel = "OPTION", description = "Further option for sbatch; may be repeated.")
        private List<String> options = new ArrayList<>();

        @Override
        public Integer call() throws Exception {
            require(
                    threads >= 1 && attempts >= 1,
                    "--threads and --attempts must be at least 1, got %d and %d",
                    threads,
                    attempts);
            System.out.println(new SlurmJobs(Batch.read(directory), threads, attempts, options).submit());
            return 0;
        }
    }

    @Command(name = "merge", mixinStandardHelpOptions = true, description = "Joins the reconstructed pieces.")
    static final class Merge implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = DIRECTORY)
        private Path directory;

        @Override
        public Integer call() throws Exception {
            Batch batch = Batch.read(directory);
            MovieMerge.requireComplete(batch);
            System.out.println(merged(batch) + " frames in " + MovieMerge.movie(batch));
            return 0;
        }
    }
}
