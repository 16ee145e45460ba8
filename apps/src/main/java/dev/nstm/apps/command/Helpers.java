package dev.nstm.apps.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Further processes of this program that work through the same batch; they end when this one does. */
final class Helpers implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();
    private final Thread hook = new Thread(() -> processes.forEach(Process::destroy), "nstm-helpers");

    /**
     * @param directory of the batch
     * @param count of the processes
     * @param threads of each
     */
    Helpers(Path directory, int count, int threads) throws IOException {
        Runtime.getRuntime().addShutdownHook(hook);
        for (int number = 1; number <= count; number++) {
            List<String> words = new ArrayList<>(OwnCommand.words());
            words.addAll(List.of("batch", "run", directory.toString(), "--at-once", "1", "--threads"));
            words.add(Integer.toString(threads));
            processes.add(new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            directory.resolve("worker-" + number + ".log").toFile())
                    .start());
        }
    }

    /** Asks those that still work to stop at their next checkpoint, and waits for them. */
    @Override
    public void close() {
        processes.forEach(Process::destroy);
        for (Process process : processes) process.onExit().join();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook runs already.
            return;
        }
    }
}
