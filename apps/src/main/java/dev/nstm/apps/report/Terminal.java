package dev.nstm.apps.report;

/** What the launcher found out about the terminal. */
public final class Terminal {
    private static final int DEFAULT_COLUMNS = 100;

    private Terminal() {}

    /** Whether standard error is a terminal, where a line may be drawn over. */
    public static boolean interactive() {
        return Integer.getInteger("nstm.columns", 0) > 0;
    }

    /** Width of the terminal in characters. */
    public static int columns() {
        int columns = Integer.getInteger("nstm.columns", 0);
        return columns > 0 ? columns : DEFAULT_COLUMNS;
    }

    /** A paragraph in lines as wide as the terminal, broken between words. */
    public static String wrapped(String paragraph) {
        return wrapped(paragraph, columns());
    }

    static String wrapped(String paragraph, int width) {
        StringBuilder text = new StringBuilder();
        int used = 0;
        for (String word : paragraph.split(" ")) {
            boolean breaks = used > 0 && used + 1 + word.length() > width;
            if (used > 0) text.append(breaks ? '\n' : ' ');
            used = (used == 0 || breaks ? 0 : used + 1) + word.length();
            text.append(word);
        }
        return text.append('\n').toString();
    }
}
