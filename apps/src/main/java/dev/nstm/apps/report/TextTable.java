package dev.nstm.apps.report;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A table for the terminal. Where the terminal is too narrow for all columns, the rest follows below, beside the same
 * key columns; no cell is cut. The first column stands at the left, the others at the right.
 */
public final class TextTable {
    private static final String GAP = "  ";

    private final int keys;
    private final String[] headings;
    private final List<String[]> rows = new ArrayList<>();

    /**
     * @param keys columns at the left that say what a row is about
     * @param headings of all columns
     */
    public TextTable(int keys, String... headings) {
        this.keys = keys;
        this.headings = headings;
    }

    /** Adds a row, a cell per column. */
    public TextTable add(String... cells) {
        require(
                cells.length == headings.length,
                "a row of %d cells in a table of %d columns",
                cells.length,
                headings.length);
        rows.add(cells);
        return this;
    }

    /** A number for a cell. */
    public static String cell(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** A PSNR for a cell. */
    public static String decibels(double value) {
        return cell("%.2f dB", value);
    }

    String[] headings() {
        return headings;
    }

    List<String[]> rows() {
        return rows;
    }

    /** As wide as the terminal is. */
    public String text() {
        return text(Terminal.columns());
    }

    /** @param width in characters; no part is narrower than the key columns and one more column */
    String text(int width) {
        int[] widths = new int[headings.length];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = headings[c].length();
            for (String[] row : rows) widths[c] = Math.max(widths[c], row[c].length());
        }
        int left = Arrays.stream(widths, 0, keys).sum() + GAP.length() * (keys - 1);
        StringBuilder text = new StringBuilder();
        int first = keys;
        while (first < widths.length) {
            int end = first;
            int used = left;
            while (end < widths.length && (end == first || used + GAP.length() + widths[end] <= width))
                used += GAP.length() + widths[end++];
            if (first > keys) text.append('\n');
            line(text, headings, widths, first, end);
            for (String[] row : rows) line(text, row, widths, first, end);
            first = end;
        }
        return text.toString();
    }

    private void line(StringBuilder text, String[] cells, int[] widths, int first, int end) {
        int start = text.length();
        for (int c = 0; c < end; c++) {
            if (c >= keys && c < first) continue;
            if (text.length() > start) text.append(GAP);
            String room = " ".repeat(widths[c] - cells[c].length());
            text.append(c == 0 ? cells[c] + room : room + cells[c]);
        }
        text.setLength(start + text.substring(start).stripTrailing().length());
        text.append('\n');
    }
}
