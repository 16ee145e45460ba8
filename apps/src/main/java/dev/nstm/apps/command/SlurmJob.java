package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.sim.Patches;
import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Patches as a job array of the Slurm workload manager: one task per patch that is not done. */
final class SlurmJob {
    private static final String SCRIPT = "patches.sbatch";

    private SlurmJob() {}

    /**
     * Writes the batch script and hands it to {@code sbatch}.
     *
     * @param threads processors per patch
     * @param attempts how often a patch is started before its task fails; each goes on from the last checkpoint
     * @param options further options for sbatch
     * @return what sbatch said
     */
    static String submit(Patches patches, int threads, int attempts, List<String> options)
            throws IOException, InterruptedException {
        List<Integer> open = IntStream.range(0, patches.list().size())
                .filter(i -> !patches.done(patches.list().get(i)))
                .boxed()
                .toList();
        require(
                !open.isEmpty(),
                "all %d patches are done; join them with nstm patches merge %s",
                patches.list().size(),
                patches.directory());
        Path directory = patches.directory().toAbsolutePath().normalize();
        Path script = directory.resolve(SCRIPT);
        String text = script(directory, open, threads, attempts);
        AtomicFile.write(script, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        List<String> command = new ArrayList<>(List.of("sbatch"));
        command.addAll(options);
        command.add(script.toString());
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            require(
                    status == 0,
                    "sbatch ended with status %d: %s",
                    status,
                    said.isEmpty() ? "see the logs in " + directory : Nstm.oneLine(said));
            return said;
        } catch (IOException absent) {
            throw new InvalidInputException(
                    "sbatch cannot be started (" + absent.getMessage() + "); is this a machine of a Slurm cluster?",
                    absent);
        }
    }

    private static String script(Path directory, List<Integer> open, int threads, int attempts) {
        List<String> words = new ArrayList<>(OwnCommand.words());
        words.addAll(List.of("patches", "run", directory.toString(), "--threads", Integer.toString(threads), "--only"));
        String command = String.join(" ", words.stream().map(SlurmJob::quoted).toList()) + " \"$SLURM_ARRAY_TASK_ID\"";
        return """
                #!/bin/bash
                #SBATCH --job-name=nstm-patches
                #SBATCH --array=%s
                #SBATCH --cpus-per-task=%d
                #SBATCH --requeue
                #SBATCH --output="%s/slurm-%%a.log"
                #SBATCH --open-mode=append
                for attempt in $(seq %d); do
                  %s && exit 0
                  echo "attempt $attempt ended with status $?" >&2
                done
                exit 1
                """.formatted(
                        String.join(",", open.stream().map(String::valueOf).toList()),
                        threads,
                        directory.toString().replace("%", "%%"),
                        attempts,
                        command);
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
