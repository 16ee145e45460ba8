package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.batch.Batch;
import dev.nstm.apps.batch.MemoryPlan;
import dev.nstm.apps.batch.MovieMerge;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The pieces of a batch as job arrays of the Slurm workload manager: one array for a window, one task for a patch,
 * which waits for the same patch's task in the array of the window before; and at last a job that joins them.
 *
 * @param threads processors per piece
 * @param attempts how often a piece is started before its task fails; each goes on from the last checkpoint
 * @param options further options for sbatch
 */
record SlurmJobs(Batch batch, int threads, int attempts, List<String> options) {
    private static final String SCRIPT = "piece.sbatch";
    private static final String MERGING = "merge.sbatch";
    /** Tasks of an array; a cluster allows 1001 unless told otherwise. */
    private static final int MOST_TASKS = 1000;

    /** Memory is asked for with so much more than estimated. */
    private static final double MORE_MEMORY = 1.2;
    /** Time likewise, with some minutes more. */
    private static final double MORE_TIME = 2;

    private static final double MORE_MINUTES = 10;

    /**
     * Writes the batch scripts and hands them to {@code sbatch}.
     *
     * @return what was submitted, for people
     */
    String submit() throws IOException, InterruptedException {
        Path directory = batch.directory().toAbsolutePath().normalize();
        int open = 0;
        int arrays = 0;
        write(directory.resolve(SCRIPT), script(directory, request()));
        write(directory.resolve(MERGING), merging(directory));
        List<String> last = new ArrayList<>();
        for (List<Integer> patches : groups()) {
            Optional<String> before = Optional.empty();
            int offset = patches.getFirst();
            String tasks = patches.stream()
                    .map(patch -> Integer.toString(patch - offset))
                    .collect(Collectors.joining(","));
            for (int window = firstOpen(patches.getFirst());
                    window < batch.windows().size();
                    window++) {
                List<String> words = new ArrayList<>(List.of("--array=" + tasks));
                before.ifPresent(
                        job -> words.addAll(List.of("--dependency=aftercorr:" + job, "--kill-on-invalid-dep=yes")));
                words.add(directory.resolve(SCRIPT).toString());
                words.add(Integer.toString(window * batch.patches().size() + offset));
                before = Optional.of(sbatch(words));
                open += patches.size();
                arrays++;
            }
            before.ifPresent(last::add);
        }
        require(
                open > 0,
                "all %d pieces are done; join them with nstm batch merge %s",
                batch.count(),
                batch.directory());
        String merge = sbatch(List.of(
                "--dependency=afterany:" + String.join(":", last),
                directory.resolve(MERGING).toString()));
        return open + " pieces in " + arrays + " job arrays; job " + merge + " joins them to "
                + MovieMerge.movie(batch);
    }

    /** Patches of which the same windows are open, in portions that an array holds. */
    private List<List<Integer>> groups() {
        TreeMap<Integer, List<Integer>> byFirst = IntStream.range(
                        0, batch.patches().size())
                .boxed()
                .filter(patch -> firstOpen(patch) < batch.windows().size())
                .collect(Collectors.groupingBy(this::firstOpen, TreeMap::new, Collectors.toList()));
        List<List<Integer>> groups = new ArrayList<>();
        for (List<Integer> patches : byFirst.values()) {
            List<Integer> group = new ArrayList<>();
            for (int patch : patches) {
                if (!group.isEmpty() && patch - group.getFirst() >= MOST_TASKS) {
                    groups.add(group);
                    group = new ArrayList<>();
                }
                group.add(patch);
            }
            groups.add(group);
        }
        return groups;
    }

    private int firstOpen(int patch) {
        int window = 0;
        while (window < batch.windows().size() && batch.done(batch.piece(window, patch))) window++;
        return window;
    }

    private static void write(Path file, String text) {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Submits a job; returns its number. */
    private String sbatch(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sbatch", "--parsable"));
        command.addAll(options);
        command.addAll(words);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            require(status == 0, "sbatch ended with status %d: %s", status, Nstm.oneLine(said));
            // A cluster's name may stand behind the number.
            return said.lines().reduce("", (a, b) -> b).split(";")[0];
        } catch (IOException absent) {
            throw new InvalidInputException(
                    "sbatch cannot be started (" + absent.getMessage() + "); is this a machine of a Slurm cluster?",
                    absent);
        }
    }

    /** Memory and time as estimated; nothing where they are not known. */
    private String request() throws IOException {
        Configuration c = batch.configuration(Instruments.SYSTEMS);
        Optional<MemoryPlan> plan = MemoryPlan.of(Instruments.of(c, List.of()), c, batch.extent());
        if (plan.isEmpty()) return "";
        long bytes = plan.get().needed(batch.windowShots(), batch.patchRows(), batch.patchColumns());
        double seconds = plan.get()
                .seconds(
                        batch.windowShots(),
                        batch.patchRows(),
                        batch.patchColumns(),
                        c.get(Keys.TRAINING_EPOCHS),
                        threads);
        return """
                #SBATCH --mem=%dM
                #SBATCH --time=%d
                """.formatted((long) Math.ceil(MORE_MEMORY * bytes / (1 << 20)), (long)
                Math.ceil(MORE_TIME * seconds / 60 + MORE_MINUTES));
    }

    /** @param request what is asked for */
    private String script(Path directory, String request) {
        String command = command("batch", "run", directory.toString(), "--threads", Integer.toString(threads))
                + " --only \"$piece\"";
        return """
                #!/bin/bash
                #SBATCH --job-name=nstm-piece
                #SBATCH --cpus-per-task=%d
                %s#SBATCH --requeue
                #SBATCH --output="%s/slurm-%%A-%%a.log"
                #SBATCH --open-mode=append
                # Of a container's memory Java's heap would take a quarter.
                export JDK_JAVA_OPTIONS=-XX:MaxRAMPercentage=80
                piece=$(($1 + SLURM_ARRAY_TASK_ID))
                for attempt in $(seq %d); do
                  %s && exit 0
                  echo "attempt $attempt at piece $piece ended with status $?" >&2
                done
                exit 1
                """.formatted(threads, request, directory.toString().replace("%", "%%"), attempts, command);
    }

    private String merging(Path directory) {
        return """
                #!/bin/bash
                #SBATCH --job-name=nstm-merge
                #SBATCH --cpus-per-task=1
                #SBATCH --requeue
                #SBATCH --output="%s/slurm-merge.log"
                #SBATCH --open-mode=append
                exec %s
                """.formatted(directory.toString().replace("%", "%%"), command("batch", "merge", directory.toString()));
    }

    private static String command(String... words) {
        List<String> all = new ArrayList<>(OwnCommand.words());
        all.addAll(List.of(words));
        return all.stream().map(SlurmJobs::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
