package dev.nstm.apps.instrument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.apps.instrument.Evaluation.Measure;
import dev.nstm.apps.report.TextTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reconstructions beside the truth, for people and for programs.
 *
 * @param headings of what tells the times apart, such as a shot's number
 * @param labels numbers under these headings, of every time
 * @param conventional how near the conventional reconstruction comes, where there is one
 * @param model how near the model comes
 * @param note lines for people; may be empty
 */
public record Comparison(
        List<String> headings, List<int[]> labels, Optional<Evaluation> conventional, Evaluation model, String note) {
    /** Times that a table lists of many. */
    private static final int ROWS = 15;

    /** A comparison whose times are numbered from 1. */
    public static Comparison counted(String heading, Optional<Evaluation> conventional, Evaluation model, String note) {
        int times = model.pictures().getFirst().values().length;
        return new Comparison(
                List.of(heading),
                IntStream.rangeClosed(1, times).mapToObj(i -> new int[] {i}).toList(),
                conventional,
                model,
                note);
    }

    /** All times or, of many, some from the first to the last, and the mean of all. */
    public TextTable table() {
        List<String> names =
                model.pictures().stream().map(Measure::name).distinct().toList();
        List<String> channels =
                model.pictures().stream().map(Measure::channel).distinct().toList();
        List<String> columns = new ArrayList<>(headings);
        if (names.size() > 1) columns.add("");
        for (String channel : channels) {
            String title = (channel + (names.size() > 1 ? "" : " " + names.getFirst())).strip();
            if (conventional.isPresent()) columns.add(title + ": conventional");
            columns.add(conventional.isPresent() ? "model" : title);
        }
        model.further().forEach(measure -> columns.add(measure.name()));
        TextTable table = new TextTable(headings.size() + (names.size() > 1 ? 1 : 0), columns.toArray(String[]::new));
        shown(labels.size())
                .forEach(time -> add(
                        table,
                        Arrays.stream(labels.get(time))
                                .mapToObj(Integer::toString)
                                .toList(),
                        names,
                        channels,
                        measure -> measure.values()[time]));
        List<String> mean = new ArrayList<>(headings);
        mean.replaceAll(heading -> "");
        mean.set(0, "mean");
        add(table, mean, names, channels, Measure::mean);
        return table;
    }

    private void add(
            TextTable table,
            List<String> label,
            List<String> names,
            List<String> channels,
            ToDoubleFunction<Measure> value) {
        for (int i = 0; i < names.size(); i++) {
            boolean first = i == 0;
            List<String> cells = new ArrayList<>(label);
            if (!first) cells.replaceAll(cell -> "");
            if (names.size() > 1) cells.add(names.get(i));
            for (String channel : channels) {
                String name = names.get(i);
                conventional.ifPresent(evaluation -> cells.add(cell(evaluation, channel, name, value)));
                cells.add(cell(model, channel, name, value));
            }
            for (Measure measure : model.further()) cells.add(first ? cell(measure, value.applyAsDouble(measure)) : "");
            table.add(cells.toArray(String[]::new));
        }
    }

    private static String cell(Evaluation evaluation, String channel, String name, ToDoubleFunction<Measure> value) {
        return evaluation.pictures().stream()
                .filter(measure ->
                        measure.channel().equals(channel) && measure.name().equals(name))
                .findFirst()
                .map(measure -> cell(measure, value.applyAsDouble(measure)))
                .orElse("");
    }

    private static String cell(Measure measure, double value) {
        return measure.unit().isEmpty()
                ? TextTable.cell("%.3f", value)
                : TextTable.cell("%.2f ", value) + measure.unit();
    }

    private static IntStream shown(int times) {
        int rows = Math.min(ROWS, times);
        return IntStream.range(0, rows).map(row -> rows == 1 ? 0 : row * (times - 1) / (rows - 1));
    }

    /** Table and note, whole lines. */
    public String text() {
        return table().text() + (note.isEmpty() ? "" : note + "\n");
    }

    /** The model's figures at every time and their means. */
    public String json() {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        ArrayNode times = root.putArray("times");
        for (int time = 0; time < labels.size(); time++) {
            ObjectNode node = times.addObject();
            for (int i = 0; i < headings.size(); i++) node.put(name(headings.get(i)), labels.get(time)[i]);
            int at = time;
            fill(node, measure -> measure.values()[at]);
        }
        fill(root.putObject("mean"), Measure::mean);
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Undefined figures are left out. */
    private void fill(ObjectNode node, ToDoubleFunction<Measure> value) {
        for (Measure measure : Stream.of(model.pictures(), model.further(), model.details())
                .flatMap(List::stream)
                .toList()) {
            double figure = value.applyAsDouble(measure);
            String name = name(measure.name() + (measure.unit().isEmpty() ? "" : " " + measure.unit()));
            if (Double.isFinite(figure))
                (measure.channel().isEmpty() ? node : node.withObjectProperty(measure.channel())).put(name, figure);
        }
    }

    private static String name(String heading) {
        return heading.toLowerCase(Locale.ROOT).replace(' ', '_');
    }
}
