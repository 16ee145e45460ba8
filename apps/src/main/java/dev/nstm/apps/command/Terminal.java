package dev.nstm.apps.command;

/** What the launcher found out about the terminal. */
final class Terminal {
    private static final int DEFAULT_COLUMNS = 100;

    private Terminal() {}

    /** Whether standard error is a terminal, where a line may be drawn over. */
    static boolean interactive() {
        return Integer.getInteger("nstm.columns", 0) > 0;
    }

    /** Width of the terminal in characters. */
    static int columns() {
        int columns = Integer.getInteger("nstm.columns", 0);
        return columns > 0 ? columns : DEFAULT_COLUMNS;
    }
}
