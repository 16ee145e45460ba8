package dev.nstm.tensor;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Input that a person can correct: the message is one line saying what was expected, what came and what to do. Control
 * characters in it, which names and damaged files bring along, are written as {@code \\u001b}: they would break the
 * line or reach the terminal.
 */
public final class InvalidInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]");

    public InvalidInputException(String message) {
        super(oneLine(message));
    }

    public InvalidInputException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    private static String oneLine(String message) {
        return CONTROL.matcher(message)
                .replaceAll(found -> String.format(
                        Locale.ROOT, "\\\\u%04x", (int) found.group().charAt(0)));
    }

    /**
     * An exception with a formatted message, for checks on hot paths, where {@link #require} would gather its arguments
     * every time.
     */
    public static InvalidInputException of(String format, Object... arguments) {
        return new InvalidInputException(String.format(Locale.ROOT, format, arguments));
    }

    /** Throws with the formatted message unless the condition holds. */
    public static void require(boolean condition, String format, Object... arguments) {
        if (!condition) throw of(format, arguments);
    }
}
