package dev.nstm.jmh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Reconstructs every specimen whose truth is known with every group of settings, as a user would, and writes one table:
 * how near picture and motion come, and what it costs. Defaults are chosen by it.
 *
 * <pre>
 * java -cp 'jmh/target/lib/*' dev.nstm.jmh.SpecimenStudy DATA [--only PATTERN] [--nstm 'COMMAND'] [SETTINGS ...]
 * </pre>
 *
 * DATA is the folder of {@code dpc_suite} and the measured sets. SETTINGS are texts such as {@code "object.width=64
 * training.epochs=200"}; without any the defaults are measured. Only specimens whose name matches the regular
 * expression PATTERN are taken.
 */
public final class SpecimenStudy {
    private static final String SUITE = "dpc_suite";
    private static final List<String> DEMOS = List.of("dpc", "sim2d", "sim", "lensless");
    private static final int LOOK_EVERY = 50;

    private final List<String> command;
    private final Path temporary = Files.createTempDirectory("specimens");

    private SpecimenStudy(List<String> command) throws IOException {
        this.command = command;
    }

    /**
     * A specimen whose truth is known.
     *
     * @param name in the table
     * @param truth archive with the raw shots and the truth, seen from the directory of the results: a demo makes its
     *     own
     * @param words of the command that reconstructs it, without directory and settings
     */
    private record Specimen(String name, Path truth, List<String> words) {
        static Specimen recorded(Path file, String configuration) {
            String name = file.getFileName().toString().replaceFirst("\\.npz$", "");
            return new Specimen(
                    name, file.toAbsolutePath(), List.of("reconstruct", configuration, "--data", file.toString()));
        }

        static Specimen demo(String system) {
            return new Specimen("demo " + system, Path.of("shots.npz"), List.of("demo", system));
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path data = null;
        String only = ".*";
        List<String> command = List.of("./nstm");
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--only" -> only = arguments[++i];
                case "--nstm" -> command = words(arguments[++i]);
                default -> {
                    if (data == null) data = Path.of(arguments[i]);
                    else groups.add(arguments[i]);
                }
            }
        }
        if (data == null || !Files.isDirectory(data)) {
            System.err.println("the first argument must be the folder of " + SUITE + ", got " + data);
            System.exit(2);
        }
        if (groups.isEmpty()) groups.add("");
        String pattern = only;
        List<Specimen> specimens = specimens(data).stream()
                .filter(specimen -> specimen.name.matches(pattern))
                .toList();
        new SpecimenStudy(command).run(specimens, groups);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    private static List<Specimen> specimens(Path data) throws IOException {
        List<Specimen> specimens = new ArrayList<>();
        try (Stream<Path> files = Files.list(data.resolve(SUITE))) {
            files.filter(file -> file.toString().endsWith(".npz"))
                    .sorted()
                    .forEach(file -> specimens.add(Specimen.recorded(file, "configs/dpc-celegans.yaml")));
        }
        specimens.add(Specimen.recorded(data.resolve("dpc_celegans.npz"), "configs/dpc-celegans.yaml"));
        specimens.add(Specimen.recorded(data.resolve("dpc_cells_moving.npz"), "configs/dpc-cells.yaml"));
        DEMOS.forEach(system -> specimens.add(Specimen.demo(system)));
        return specimens;
    }

    private void run(List<Specimen> specimens, List<String> groups) throws IOException, InterruptedException {
        System.out.println(
                "| settings | specimen | phase, dB | absorption, dB | other, dB | motion median, px | 90 %, px | wall, s | processor, s |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (String settings : groups) {
            List<double[]> rows = new ArrayList<>();
            for (Specimen specimen : specimens) {
                double[] figures = row(specimen, words(settings));
                rows.add(figures);
                print(settings, specimen.name, figures);
            }
            double[] means = new double[rows.getFirst().length];
            for (int i = 0; i < means.length; i++) {
                int figure = i;
                means[i] = rows.stream()
                        .mapToDouble(row -> row[figure])
                        .filter(Double::isFinite)
                        .average()
                        .orElse(Double.NaN);
            }
            print(settings, "**mean**", means);
        }
    }

    private static void print(String settings, String specimen, double[] figures) {
        StringBuilder line = new StringBuilder(
                "| " + (settings.isEmpty() ? "defaults" : "`" + settings + "`") + " | " + specimen + " |");
        for (double figure : figures)
            line.append(Double.isNaN(figure) ? " |" : String.format(Locale.ROOT, " %.2f |", figure));
        System.out.println(line);
    }

    /** Figures of a row of the table; NaN where the specimen has none. */
    private double[] row(Specimen specimen, List<String> settings) throws IOException, InterruptedException {
        Path out = Files.createTempDirectory(temporary, "run");
        List<String> words = new ArrayList<>(specimen.words);
        words.addAll(List.of("--out", out.toString()));
        for (String setting : settings) words.addAll(List.of("--set", setting));
        Spent spent = spent(words, out);
        Path truth = out.resolve(specimen.truth);
        List<String> evaluate = new ArrayList<>(command);
        evaluate.addAll(List.of(
                "evaluate", "--json", "--recon", out.resolve("recon.npz").toString()));
        evaluate.addAll(List.of("--truth", truth.toString()));
        Process process = new ProcessBuilder(evaluate)
                .redirectError(out.resolve("evaluate.log").toFile())
                .start();
        JsonNode mean = new ObjectMapper().readTree(process.getInputStream()).path("mean");
        process.waitFor();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) Files.delete(file);
        }
        return new double[] {
            figure(mean.path("phase"), "psnr_db"),
            figure(mean.path("absorption"), "psnr_db"),
            figure(mean, "psnr_db"),
            figure(mean, "motion_error_px"),
            figure(mean, "motion_error_p90_px"),
            spent.wall,
            spent.processor
        };
    }

    private static double figure(JsonNode node, String name) {
        return node.path(name).asDouble(Double.NaN);
    }

    /** Seconds. */
    private record Spent(double wall, double processor) {}

    /** Processor time is looked at while the program runs: Java does not tell that of a process that has ended. */
    private Spent spent(List<String> words, Path out) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(command);
        all.addAll(words);
        Path log = out.resolveSibling(out.getFileName() + ".log");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Duration processor = Duration.ZERO;
        while (!process.waitFor(Duration.ofMillis(LOOK_EVERY)))
            processor = process.info().totalCpuDuration().orElse(processor);
        double wall = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0)
            throw new IOException(String.join(" ", all) + " failed: " + Files.readString(log));
        return new Spent(wall, processor.toMillis() / 1e3);
    }
}
