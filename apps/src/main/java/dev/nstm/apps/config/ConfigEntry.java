package dev.nstm.apps.config;

import java.util.List;

/**
 * The text given for a key.
 *
 * @param values one text, or several for a list
 * @param list whether it was written as a list
 * @param line in the file, from 1; 0 where it did not come from a file
 */
public record ConfigEntry(List<String> values, boolean list, int line) {
    public ConfigEntry {
        values = List.copyOf(values);
    }
}
