package dev.nstm.apps.config;

import java.util.List;

/**
 * The text given for a key.
 *
 * @param values one text, or several for a list
 * @param form in which they were written
 * @param line in the file, from 1; 0 where it did not come from a file
 */
public record ConfigEntry(List<String> values, Form form, int line) {
    /** How values are written: {@code 1}, {@code [1, 2]} or {@code [[1, 2], [3, 4]]}. */
    public enum Form {
        VALUE,
        LIST,
        PAIRS
    }

    public ConfigEntry {
        values = List.copyOf(values);
    }

    /** A value that did not come from a file. */
    public static ConfigEntry of(String value) {
        return new ConfigEntry(List.of(value), Form.VALUE, 0);
    }

    /** A list that did not come from a file. */
    public static ConfigEntry list(List<String> values) {
        return new ConfigEntry(values, Form.LIST, 0);
    }
}
