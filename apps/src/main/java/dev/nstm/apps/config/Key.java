package dev.nstm.apps.config;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.InvalidInputException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One key of the configuration: where it stands, what it may be, and what it means.
 *
 * @param path section and name, such as {@code optics.wavelength}
 * @param kind how its text is read
 * @param fallback value where none is given, as text; empty where it follows from other values or the data
 * @param range what is allowed
 * @param unit of the value; empty for pure numbers
 * @param meaning one sentence for people
 * @param mayBeEmpty whether a list without values means something
 */
public record Key<T>(
        String path, Kind<T> kind, String fallback, Range range, String unit, String meaning, boolean mayBeEmpty) {
    public Key(String path, Kind<T> kind, String fallback, Range range, String unit, String meaning) {
        this(path, kind, fallback, range, unit, meaning, false);
    }

    /** Any number above 0. */
    public static Key<Double> positive(String path, String fallback, String unit, String meaning) {
        return new Key<>(
                path, Kind.NUMBER, fallback, new Range.Numbers(0, true, Double.POSITIVE_INFINITY), unit, meaning);
    }

    /** A length in micrometres; a value outside the limits was probably meant in another unit. */
    public static Key<Double> length(String path, double min, double max, String meaning) {
        return new Key<>(path, Kind.NUMBER, "", new Range.Lengths(min, max), "um", meaning);
    }

    public static Key<Double> atLeast(String path, String fallback, double min, String unit, String meaning) {
        return new Key<>(
                path, Kind.NUMBER, fallback, new Range.Numbers(min, false, Double.POSITIVE_INFINITY), unit, meaning);
    }

    public static Key<Double> numberIn(
            String path, String fallback, double min, double max, String unit, String meaning) {
        return new Key<>(path, Kind.NUMBER, fallback, new Range.Numbers(min, false, max), unit, meaning);
    }

    /** From 0 to 1. */
    public static Key<Double> fraction(String path, String fallback, String meaning) {
        return new Key<>(path, Kind.NUMBER, fallback, new Range.Numbers(0, false, 1), "", meaning);
    }

    public static Key<Integer> integer(String path, String fallback, double min, double max, String meaning) {
        return new Key<>(path, Kind.INTEGER, fallback, new Range.Numbers(min, false, max), "", meaning);
    }

    /** A list of numbers. */
    public static Key<double[]> numbers(
            String path, String fallback, double min, double max, String unit, String meaning) {
        return new Key<>(path, Kind.NUMBERS, fallback, new Range.Numbers(min, false, max), unit, meaning);
    }

    /** A list of numbers, or of pairs of them. */
    public static Key<double[]> pairs(String path, double min, double max, String unit, String meaning) {
        return new Key<>(path, Kind.PAIRS, "", new Range.Numbers(min, false, max), unit, meaning);
    }

    public static Key<String> word(String path, String fallback, String meaning, String... words) {
        return new Key<>(path, Kind.WORD, fallback, new Range.Words(List.of(words)), "", meaning);
    }

    public static Key<String> text(String path, String fallback, String meaning) {
        return new Key<>(path, Kind.TEXT, fallback, new Range.Any(), "", meaning);
    }

    /** The same list, which may be empty. */
    public Key<T> orEmpty() {
        return new Key<>(path, kind, fallback, range, unit, meaning, true);
    }

    /** The part of the path before the dot; empty where there is none. */
    public String section() {
        return path.substring(0, Math.max(0, path.indexOf('.')));
    }

    /** What may be written for a key. */
    public sealed interface Range {
        /** Numbers from {@code min} to {@code max}; an open end excludes the limit itself. */
        record Numbers(double min, boolean openMin, double max) implements Range {}

        /** Positive lengths in micrometres; beyond {@code least} and {@code most} another unit was meant. */
        record Lengths(double least, double most) implements Range {}

        /** One of several words. */
        record Words(List<String> words) implements Range {}

        /** Anything. */
        record Any() implements Range {}
    }

    /** Turns text into a value. */
    public enum KindName {
        NUMBER,
        INTEGER,
        WORD,
        TEXT,
        NUMBERS,
        PAIRS,
        NUMBER_OR_WORD
    }

    /** Kind of value, with the type it has in Java. */
    public record Kind<T>(KindName name, Class<T> type) {
        public static final Kind<Double> NUMBER = new Kind<>(KindName.NUMBER, Double.class);
        public static final Kind<Integer> INTEGER = new Kind<>(KindName.INTEGER, Integer.class);
        public static final Kind<String> WORD = new Kind<>(KindName.WORD, String.class);
        public static final Kind<String> TEXT = new Kind<>(KindName.TEXT, String.class);
        public static final Kind<double[]> NUMBERS = new Kind<>(KindName.NUMBERS, double[].class);
        public static final Kind<double[]> PAIRS = new Kind<>(KindName.PAIRS, double[].class);
        /** A number, or one word that stands for a rule. */
        public static final Kind<String> NUMBER_OR_WORD = new Kind<>(KindName.NUMBER_OR_WORD, String.class);
    }

    /** What is allowed, in words. */
    public String allowed() {
        return switch (range) {
            case Range.Any any -> "any";
            case Range.Words words ->
                switch (kind.name()) {
                    case NUMBER_OR_WORD -> "a positive number or " + String.join(", ", words.words());
                    default -> String.join(", ", words.words());
                };
            case Range.Lengths lengths ->
                "above 0; " + text(lengths.least()) + " to " + text(lengths.most()) + " exist";
            case Range.Numbers numbers ->
                (numbers.openMin() ? "above " : "at least ")
                        + text(numbers.min())
                        + (Double.isInfinite(numbers.max()) ? "" : ", at most " + text(numbers.max()));
        };
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /**
     * Reads a value.
     *
     * @param where file and line, for the message
     * @throws InvalidInputException naming key, value and range where it is not allowed
     */
    public T parse(ConfigEntry entry, String where) {
        require(
                entry.form() != ConfigEntry.Form.PAIRS || kind.name() == KindName.PAIRS,
                "%s: %s is a plain list of values",
                where,
                path);
        if (isList()) {
            require(
                    !entry.values().isEmpty() || mayBeEmpty,
                    "%s: %s is an empty list; give at least one value, or leave the key away",
                    where,
                    path);
            double[] values = new double[entry.values().size()];
            for (int i = 0; i < values.length; i++)
                values[i] = number(entry.values().get(i), where);
            return kind.type().cast(values);
        }
        require(
                entry.values().size() == 1 && entry.form() == ConfigEntry.Form.VALUE,
                "%s: %s is one value, got a list of %d",
                where,
                path,
                entry.values().size());
        String text = entry.values().getFirst();
        Object value = switch (kind.name()) {
            case NUMBER -> number(text, where);
            case INTEGER -> {
                double number = number(text, where);
                require(
                        number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE,
                        "%s: %s must be a whole number, got %s",
                        where,
                        path,
                        text);
                yield (int) number;
            }
            case WORD -> {
                String word = text.toLowerCase(Locale.ROOT);
                require(
                        ((Range.Words) range).words().contains(word),
                        "%s: %s must be one of %s, got %s",
                        where,
                        path,
                        allowed(),
                        text);
                yield word;
            }
            case NUMBER_OR_WORD -> {
                String word = text.toLowerCase(Locale.ROOT);
                if (!((Range.Words) range).words().contains(word)) {
                    double number = parseNumber(text);
                    require(
                            number > 0 && Double.isFinite(number),
                            "%s: %s must be %s, got %s",
                            where,
                            path,
                            allowed(),
                            text);
                }
                yield word;
            }
            default -> {
                require(text.indexOf('\0') < 0, "%s: %s must not hold the character NUL", where, path);
                yield text;
            }
        };
        return kind.type().cast(value);
    }

    private double number(String text, String where) {
        double value = parseNumber(text);
        String list = isList() && text.matches("[^/ ]+([/ ] *[^/ ]+)+")
                ? "; a list is written [" + String.join(", ", text.split("[/ ]+")) + "]"
                : "";
        require(Double.isFinite(value), "%s: %s must be a number, got %s%s", where, path, text, list);
        if (range instanceof Range.Numbers numbers) {
            require(
                    value >= numbers.min() && !(numbers.openMin() && value == numbers.min()) && value <= numbers.max(),
                    "%s: %s must be %s%s, got %s",
                    where,
                    path,
                    allowed(),
                    unit.isEmpty() ? "" : " (" + unit + ")",
                    text);
        }
        if (range instanceof Range.Lengths lengths) {
            require(value > 0, "%s: %s must be above 0 (um), got %s", where, path, text);
            require(
                    value >= lengths.least() && value <= lengths.most(),
                    "%s: %s is in micrometres, and %s to %s exist, got %s%s",
                    where,
                    path,
                    text(lengths.least()),
                    text(lengths.most()),
                    text,
                    likelyUnit(value, lengths));
        }
        return value;
    }

    /** Names the unit in which a length outside the limits would lie inside them. */
    private static String likelyUnit(double value, Range.Lengths lengths) {
        for (Map.Entry<String, Double> other :
                List.of(Map.entry("nm", 1e-3), Map.entry("mm", 1e3), Map.entry("m", 1e6))) {
            double micrometres = value * other.getValue();
            if (micrometres >= lengths.least() && micrometres <= lengths.most())
                return "; " + plain(value) + " " + other.getKey() + " would be " + plain(micrometres) + " um";
        }
        return "";
    }

    /** Six digits, without zeros behind them. */
    private static String plain(double value) {
        return new BigDecimal(value)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static double parseNumber(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
            return Double.NaN;
        }
    }

    /** Whether the value is a list. */
    public boolean isList() {
        return kind.type() == double[].class;
    }

    /** The fallback as an entry; null where there is none. */
    ConfigEntry fallbackEntry() {
        return fallback.isEmpty() ? null : entry(fallback);
    }

    /** A default as an entry: the elements of a list with commas between them. */
    ConfigEntry entry(String text) {
        if (!isList()) return ConfigEntry.of(text);
        return ConfigEntry.list(
                Arrays.stream(text.split(",")).map(String::strip).toList());
    }
}
