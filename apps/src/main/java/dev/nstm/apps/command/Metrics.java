package dev.nstm.apps.command;

import dev.nstm.apps.io.TextFile;
import dev.nstm.files.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The table {@code metrics.csv} of a training: of every epoch its loss, the unweighted terms of it, learning rates and
 * seconds.
 */
final class Metrics {
    private final Path file;
    private final String head;
    private final List<String> rows = new ArrayList<>();

    /** @param terms names of the loss terms */
    Metrics(Path directory, List<String> terms) {
        file = directory.resolve("metrics.csv");
        head = "epoch,loss," + String.join(",", terms) + ",object rate,motion rate,seconds";
    }

    /** Takes over the rows of the first epochs from an existing table; a table with other columns is ignored. */
    void resume(int epochs) throws IOException {
        if (!Files.isRegularFile(file)) return;
        List<String> lines = TextFile.read(file).lines().toList();
        if (!lines.isEmpty() && lines.getFirst().equals(head))
            rows.addAll(lines.subList(1, Math.min(lines.size(), epochs + 1)));
    }

    void add(int epoch, double loss, double[] terms, double objectRate, double motionRate, double seconds) {
        StringBuilder row = new StringBuilder().append(epoch).append(',').append(number(loss));
        for (double term : terms) row.append(',').append(number(term));
        rows.add(row.append(',')
                .append(number(objectRate))
                .append(',')
                .append(number(motionRate))
                .append(',')
                .append(String.format(Locale.ROOT, "%.4f", seconds))
                .toString());
    }

    void write() throws IOException {
        String text = head + "\n" + String.join("\n", rows) + "\n";
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.9g", value);
    }
}
