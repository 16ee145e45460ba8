package dev.nstm.apps.command;

import dev.nstm.apps.report.Phase;
import dev.nstm.apps.report.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the time of a whole run goes, from a flight recording: how long its phases took, and what the threads were seen
 * to do in them.
 */
final class RunProfile {
    private static final String SAMPLE = "jdk.ExecutionSample";
    private static final Duration PERIOD = Duration.ofMillis(10);
    /** Shares of a phase's samples that are not worth a line. */
    private static final double LEAST = 0.02;
    /** Beginnings of names of classes, and what is done there; the innermost frame that has one says it. */
    private static final Map<String, String> WORK = work();

    private RunProfile() {}

    /** A phase of one title: all of its times together, with those of phases within it left out. */
    private static final class Row {
        private final String title;
        private double seconds;
        private final Map<String, Integer> samples = new TreeMap<>();

        Row(String title) {
            this.title = title;
        }
    }

    private record Span(String title, Instant start, Instant end) {
        Duration length() {
            return Duration.between(start, end);
        }

        boolean holds(Instant time) {
            return !time.isBefore(start) && time.isBefore(end);
        }
    }

    private static Map<String, String> work() {
        Map<String, String> work = new LinkedHashMap<>();
        work.put("dev.nstm.simd.HashGridKernel.addTable", "scatter");
        work.put("dev.nstm.device.cpu.TableScatter", "scatter");
        work.put("dev.nstm.device.cpu.SeparableGrid.addGradient", "scatter");
        work.put("dev.nstm.device.cpu.SeparableGrid.unfold", "scatter");
        work.put("dev.nstm.device.cpu.SeparableGrid", "encode");
        work.put("dev.nstm.device.cpu.TileEncoder", "encode");
        work.put("dev.nstm.device.cpu.TileEvaluator", "layers");
        work.put("dev.nstm.device.cpu.CpuNetwork", "layers");
        work.put("dev.nstm.simd.AdamKernel", "Adam");
        work.put("dev.nstm.training.ParameterGroup", "Adam");
        work.put("dev.nstm.device.cpu.CpuFftAxis", "filters");
        work.put("dev.nstm.device.cpu.CpuRealTransform", "filters");
        work.put("dev.nstm.device.cpu.CpuComplexTransform", "filters");
        work.put("dev.nstm.simd.Fft", "filters");
        work.put("dev.nstm.simd.ComplexKernel", "filters");
        work.put("dev.nstm.optics.Fourier", "filters");
        work.put("dev.nstm.autodiff.FilterBank", "filters");
        work.put("dev.nstm.autodiff.PatternedFilterBank", "filters");
        work.put("dev.nstm.autodiff.ShutteredFilterBank", "filters");
        work.put("dev.nstm.device.cpu.ThreadTeam", "waiting");
        work.put("dev.nstm.autodiff", "losses and the rest");
        work.put("dev.nstm.device.cpu", "losses and the rest");
        return work;
    }

    /**
     * Runs something and prints how its time was spent.
     *
     * @param run gives what tells the floors under its parts, to be asked for when all is done
     */
    static void print(Callable<Supplier<RunFloors>> run) throws Exception {
        Path file = Files.createTempFile("nstm", ".jfr");
        Instant born = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
        try (Recording recording = new Recording()) {
            recording.enable(Phase.class).withoutThreshold();
            recording.enable(SAMPLE).withPeriod(PERIOD);
            recording.start();
            Instant begin = Instant.now();
            Supplier<RunFloors> floors = run.call();
            recording.stop();
            Instant end = Instant.now();
            recording.dump(file);
            System.out.print(table(rows(file, begin, end), Duration.between(born, begin), floors.get())
                    .text());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Collection<Row> rows(Path file, Instant begin, Instant end) throws IOException {
        List<Span> spans = new ArrayList<>(List.of(new Span("everything else", begin, end)));
        List<RecordedEvent> samples = new ArrayList<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            if (event.getEventType().getName().equals(Phase.NAME))
                spans.add(new Span(event.getString("title"), event.getStartTime(), event.getEndTime()));
            else samples.add(event);
        }
        spans.sort(Comparator.comparing(Span::start));
        Map<String, Row> rows = new LinkedHashMap<>();
        for (Span span : spans) {
            Row row = rows.computeIfAbsent(span.title, Row::new);
            row.seconds += seconds(span.length());
            innermost(spans, span.start, span)
                    .ifPresent(outer -> rows.get(outer.title).seconds -= seconds(span.length()));
        }
        for (RecordedEvent sample : samples)
            innermost(spans, sample.getStartTime(), null)
                    .ifPresent(span -> rows.get(span.title).samples.merge(work(sample), 1, Integer::sum));
        return rows.values();
    }

    /** The shortest span that holds a time. */
    private static Optional<Span> innermost(List<Span> spans, Instant time, Span without) {
        return spans.stream()
                .filter(span -> span != without && span.holds(time))
                .min(Comparator.comparing(Span::length));
    }

    private static String work(RecordedEvent sample) {
        for (RecordedFrame frame : sample.getStackTrace().getFrames()) {
            RecordedMethod method = frame.getMethod();
            String name = method.getType().getName() + "." + method.getName();
            for (Map.Entry<String, String> known : WORK.entrySet())
                if (name.startsWith(known.getKey())) return known.getValue();
        }
        return "";
    }

    private static TextTable table(Collection<Row> phases, Duration start, RunFloors floors) {
        TextTable table = new TextTable(1, "phase", "seconds", "share", "floor");
        double total =
                seconds(start) + phases.stream().mapToDouble(row -> row.seconds).sum();
        add(table, "start of the program", seconds(start), total, OptionalDouble.empty());
        for (Row row : phases) {
            add(table, row.title, row.seconds, total, OptionalDouble.empty());
            int all = row.samples.values().stream().mapToInt(Integer::intValue).sum();
            row.samples.entrySet().stream()
                    .filter(part -> !part.getKey().isEmpty() && part.getValue() > LEAST * all)
                    .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                    .forEach(part -> add(
                            table,
                            "  " + part.getKey(),
                            row.seconds * part.getValue() / all,
                            total,
                            floors.seconds(row.title, part.getKey())));
        }
        add(table, "all", total, total, OptionalDouble.empty());
        return table;
    }

    private static void add(TextTable table, String title, double seconds, double total, OptionalDouble floor) {
        table.add(
                title,
                TextTable.cell("%.2f", seconds),
                TextTable.cell("%.1f %%", 100 * seconds / total),
                floor.isEmpty() ? "" : TextTable.cell("%.2f", floor.getAsDouble()));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
