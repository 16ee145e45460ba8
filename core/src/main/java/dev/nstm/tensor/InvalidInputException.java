package dev.nstm.tensor;

/** Input that a person can correct: the message is one line saying what was expected, what came and what to do. */
public final class InvalidInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidInputException(String message) {
        super(message);
    }

    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Throws with the formatted message unless the condition holds. */
    public static void require(boolean condition, String format, Object... arguments) {
        if (!condition) throw new InvalidInputException(String.format(java.util.Locale.ROOT, format, arguments));
    }
}
