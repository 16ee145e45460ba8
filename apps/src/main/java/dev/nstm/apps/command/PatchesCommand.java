package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.sim.PatchMerge;
import dev.nstm.apps.sim.Patches;
import dev.nstm.tensor.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "patches",
        mixinStandardHelpOptions = true,
        description = "Reconstructs a large SIM field patch by patch.",
        subcommands = {
            PatchesCommand.Plan.class,
            PatchesCommand.Run.class,
            PatchesCommand.Submit.class,
            PatchesCommand.Merge.class
        },
        footer = {
            "",
            "Example:",
            "  nstm patches plan my.yaml --data raw.tif --patch 128x128 --overlap 20 --out field",
            "  nstm patches run field",
            "  nstm patches merge field"
        })
final class PatchesCommand extends CommandGroup {
    @Command(
            name = "plan",
            mixinStandardHelpOptions = true,
            description = "Cuts the field and finds the patterns once for all patches.")
    static final class Plan implements Callable<Integer> {
        @Mixin
        private FieldOptions field;

        @Option(
                names = "--patch",
                paramLabel = "HxW",
                required = true,
                description = "Size of a patch in pixels of the camera.")
        private String patch;

        @Option(
                names = "--overlap",
                paramLabel = "PIXELS",
                defaultValue = "20",
                description = "Pixels that neighbours share (default: ${DEFAULT-VALUE}).")
        private int overlap;

        @Option(names = "--out", paramLabel = "DIR", required = true, description = "Directory for the patches.")
        private Path out;

        @Override
        public Integer call() throws Exception {
            Configuration configuration = field.read();
            require(patch.matches("\\d{1,6}x\\d{1,6}"), "--patch must be HEIGHTxWIDTH, such as 128x128, got %s", patch);
            String[] size = patch.split("x");
            Patches patches =
                    Patches.plan(configuration, Integer.parseInt(size[0]), Integer.parseInt(size[1]), overlap, out);
            System.out.println(patches.list().size() + " patches of " + patch + " in a field of " + patches.rows() + "x"
                    + patches.columns() + "; go on with nstm patches run " + out);
            return 0;
        }
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Reconstructs the patches that are not done; goes on where an earlier run was stopped.")
    static final class Run implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "Directory that nstm patches plan made.")
        private Path directory;

        @Option(names = "--only", paramLabel = "N", description = "Reconstructs one patch alone, counted from 0.")
        private Integer only;

        @Mixin
        private DeviceOptions computing;

        @Override
        public Integer call() throws Exception {
            Patches patches = Patches.read(directory);
            require(
                    only == null || only >= 0 && only < patches.list().size(),
                    "--only %s: there are patches 0 to %d",
                    only,
                    patches.list().size() - 1);
            List<Patches.Patch> wanted = (only == null
                            ? patches.list()
                            : List.of(patches.list().get(only)))
                    .stream().filter(patch -> !patches.done(patch)).toList();
            List<String> failed = new ArrayList<>();
            for (Patches.Patch patch : wanted) {
                System.err.printf(
                        Locale.ROOT,
                        "nstm: %s, rows %d to %d, columns %d to %d%n",
                        patch.name(),
                        patch.row(),
                        patch.row() + patch.rows() - 1,
                        patch.column(),
                        patch.column() + patch.columns() - 1);
                try {
                    if (Session.execute(
                                    () -> Instruments.load(patches.configuration(patch), List.of()),
                                    patches.directory(patch),
                                    computing,
                                    FollowOptions.none(),
                                    true)
                            .isEmpty()) return 130;
                } catch (InvalidInputException failure) {
                    System.err.println("nstm: " + patch.name() + ": " + failure.getMessage());
                    failed.add(patch.name());
                }
            }
            require(
                    failed.isEmpty(),
                    "%d of %d patches failed: %s; run the command again to try them anew",
                    failed.size(),
                    wanted.size(),
                    String.join(", ", failed));
            System.out.println(
                    only == null
                            ? "all patches are done; join them with nstm patches merge " + directory
                            : patches.list().get(only).name() + " is done");
            return 0;
        }
    }

    @Command(
            name = "submit",
            mixinStandardHelpOptions = true,
            description = "Hands the patches that are not done to a cluster as a job array; submit again what failed.",
            footer = {
                "",
                "Example:",
                "  nstm patches submit field --slurm --threads 8 --sbatch=--partition=cpu --sbatch=--time=2:00:00"
            })
    static final class Submit implements Callable<Integer> {
        @Parameters(
                paramLabel = "DIR",
                description = "Directory that nstm patches plan made, on a file system that all machines see.")
        private Path directory;

        @Option(names = "--slurm", required = true, description = "The cluster is run by Slurm.")
        private boolean slurm;

        @Option(
                names = "--threads",
                paramLabel = "N",
                defaultValue = "4",
                description = "Processors for each patch (default: ${DEFAULT-VALUE}).")
        private int threads;

        @Option(
                names = "--attempts",
                paramLabel = "N",
                defaultValue = "3",
                description =
                        "Times that a patch is started, each time from its last checkpoint, before its task fails (default: ${DEFAULT-VALUE}).")
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
            System.out.println(SlurmJob.submit(Patches.read(directory), threads, attempts, options));
            return 0;
        }
    }

    @Command(name = "merge", mixinStandardHelpOptions = true, description = "Joins the reconstructed patches.")
    static final class Merge implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "Directory that nstm patches plan made.")
        private Path directory;

        @Option(
                names = "--mode",
                paramLabel = "MODE",
                defaultValue = "gradient",
                description = "In the overlap: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
        private PatchMerge.Mode mode;

        @Override
        public Integer call() throws Exception {
            System.out.print(PatchMerge.write(Patches.read(directory), mode));
            return 0;
        }
    }
}
