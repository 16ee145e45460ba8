package dev.nstm.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs the studies and writes their tables into {@code docs/performance.md}, between marks that stay there. Run it in
 * the root of a checkout; peers that the system lacks are left out with a word.
 */
public final class Study {
    private static final Path PAGE = Path.of("docs", "performance.md");
    private static final String[] AVX2 = {
        "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-XX:UseAVX=2"
    };

    private Study() {}

    public static void main(String[] arguments) throws RunnerException, IOException {
        if (!Files.exists(PAGE)) {
            System.err.println("there is no " + PAGE + " here; run the study in the root of a checkout");
            System.exit(2);
        }
        List<String> absent = new ArrayList<>();
        if (NativeLibrary.find(Fftw.LIBRARY).isEmpty()
                || NativeLibrary.find(Fftw.THREADS_LIBRARY).isEmpty()) absent.add("fftw");
        if (NativeLibrary.find(DenseStudy.OPENBLAS).isEmpty()) absent.add("openblas");
        for (String peer : absent)
            System.out.println(peer + " is not installed and left out (Debian: libfftw3-single3, libopenblas0)");
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put(
                "dense",
                table(
                        new Runner(study(DenseStudy.class, absent).build()).run(),
                        List.of("nstm", "openblas", "ejml", "floor")));
        tables.put(
                "fourier",
                table(
                        new Runner(study(FourierStudy.class, absent).build()).run(),
                        List.of("nstm", "fftw", "jtransforms")));
        tables.put("network", table(new Runner(study(NetworkStudy.class, absent).build()).run(), List.of()));
        // The peers choose their own instructions, so with AVX2 there is only ours to measure.
        List<String> peers = List.of("openblas", "ejml", "fftw", "jtransforms");
        tables.put(
                "dense-avx2",
                table(
                        new Runner(study(DenseStudy.class, peers)
                                        .jvmArgsAppend(AVX2)
                                        .build())
                                .run(),
                        List.of("nstm", "floor")));
        tables.put(
                "fourier-avx2",
                table(
                        new Runner(study(FourierStudy.class, peers)
                                        .jvmArgsAppend(AVX2)
                                        .param("threads", "1")
                                        .build())
                                .run(),
                        List.of("nstm")));
        String page = Files.readString(PAGE);
        for (Map.Entry<String, String> table : tables.entrySet())
            page = replace(page, table.getKey(), table.getValue());
        Path temporary = PAGE.resolveSibling(PAGE.getFileName() + ".tmp");
        Files.writeString(temporary, page);
        Files.move(temporary, PAGE, StandardCopyOption.REPLACE_EXISTING);
        System.out.println("tables written to " + PAGE);
    }

    private static ChainedOptionsBuilder study(Class<?> study, List<String> without) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + study.getSimpleName() + "\\.")
                .shouldFailOnError(true);
        for (String contender : without) options.exclude("\\." + contender + "$");
        return options;
    }

    /**
     * One row per setting, one column per contender: median, least and largest, and our time relative to the
     * contender's.
     */
    private static String table(Collection<RunResult> results, List<String> contenders) {
        Map<String, Map<String, Statistics>> rows = new TreeMap<>();
        String unit = "";
        for (RunResult result : results) {
            String benchmark = result.getParams().getBenchmark();
            String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
            StringBuilder setting = new StringBuilder();
            for (String key : result.getParams().getParamsKeys())
                setting.append(setting.isEmpty() ? "" : ", ")
                        .append(label(key, result.getParams().getParam(key)));
            String row = contenders.isEmpty() ? method : setting.toString();
            rows.computeIfAbsent(row, key -> new LinkedHashMap<>())
                    .put(
                            contenders.isEmpty() ? "time" : method,
                            result.getPrimaryResult().getStatistics());
            unit = result.getPrimaryResult().getScoreUnit().replace("/op", "");
        }
        List<String> columns = contenders.isEmpty() ? List.of("time") : contenders;
        StringBuilder text = new StringBuilder("| |");
        for (String column : columns)
            text.append(' ').append(column).append(", ").append(unit).append(" |");
        for (String column : columns.subList(1, columns.size()))
            text.append(" nstm / ").append(column).append(" |");
        text.append("\n|---|").append("---|".repeat(2 * columns.size() - 1)).append('\n');
        for (Map.Entry<String, Map<String, Statistics>> row : rows.entrySet()) {
            text.append("| ").append(row.getKey()).append(" |");
            for (String column : columns)
                text.append(' ').append(cell(row.getValue().get(column))).append(" |");
            Statistics ours = row.getValue().get(columns.getFirst());
            for (String column : columns.subList(1, columns.size()))
                text.append(' ').append(ratio(ours, row.getValue().get(column))).append(" |");
            text.append('\n');
        }
        return text.toString();
    }

    private static String label(String key, String value) {
        return key.equals("threads") ? value + (value.equals("1") ? " thread" : " threads") : value;
    }

    private static String cell(Statistics statistics) {
        if (statistics == null) return "not installed";
        return String.format(
                Locale.ROOT,
                "%.4g (%.4g to %.4g)",
                statistics.getPercentile(50),
                statistics.getMin(),
                statistics.getMax());
    }

    private static String ratio(Statistics ours, Statistics theirs) {
        return ours == null || theirs == null
                ? ""
                : String.format(Locale.ROOT, "%.2f", ours.getPercentile(50) / theirs.getPercentile(50));
    }

    private static String replace(String page, String mark, String table) {
        String begin = "<!-- begin " + mark + " -->\n";
        String end = "<!-- end " + mark + " -->";
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from)
            throw new IllegalStateException(PAGE + " has no marks for the table \"" + mark + "\"");
        return page.substring(0, from + begin.length()) + table + page.substring(to);
    }
}
