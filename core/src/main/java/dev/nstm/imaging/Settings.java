package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.InvalidInputException;
import java.util.Map;

/** What the configuration says to a system of one's own: its section {@code own}, without the section's name. */
public record Settings(Map<String, String> values) {
    public Settings {
        values = Map.copyOf(values);
    }

    public String text(String key, String fallback) {
        return values.getOrDefault(key, fallback);
    }

    /** @throws InvalidInputException if the value is no finite number */
    public double number(String key, double fallback) {
        if (!values.containsKey(key)) return fallback;
        try {
            double value = Double.parseDouble(values.get(key));
            require(Double.isFinite(value), "own.%s must be a finite number, got %s", key, values.get(key));
            return value;
        } catch (NumberFormatException notANumber) {
            throw new InvalidInputException("own." + key + " must be a number, got " + values.get(key), notANumber);
        }
    }

    /** @throws InvalidInputException if the value is no whole number from {@code least} on */
    public int whole(String key, int fallback, int least) {
        double value = number(key, fallback);
        require(
                value == Math.rint(value) && value >= least && value <= Integer.MAX_VALUE,
                "own.%s must be a whole number from %d on, got %s",
                key,
                least,
                text(key, Integer.toString(fallback)));
        return (int) value;
    }
}
