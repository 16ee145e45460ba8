package dev.nstm.tensor;

import java.util.Locale;

/** Input that a person can correct: the message is one line saying what was expected, what came and what to do. */
public final class InvalidInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidInputException(String message) {
        super(message);
    }

    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }

    /** An exception with a formatted message, for checks on hot paths, where {@link #require} would gather its arguments every time. */
    public static InvalidInputException of(String format, Object... arguments) {
        return new InvalidInputException(String.format(Locale.ROOT, format, arguments));
    }

    /** Throws with the formatted message unless the condition holds. */
    public static void require(boolean condition, String format, Object... arguments) {
        if (!condition) throw of(format, arguments);
    }
}
