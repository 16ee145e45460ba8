package dev.nstm.apps.command;

import dev.nstm.apps.report.Terminal;
import dev.nstm.training.TrainingPlan;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Tells how a training goes: on a terminal one line that is drawn over, shortened to its width; else a plain line now
 * and then.
 */
final class Progress {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final int PLAIN_LINES = 20;

    /** Seconds and epochs after which Java has compiled the kernels, so that a trial shows the true cost. */
    private static final double WARM_SECONDS = 5;

    private static final int WARM_EPOCHS = 3;

    private final int epochs;
    private final int first;
    private final TimeLeft timeLeft;
    private double seconds;
    private int epochsDone;
    private boolean rehearsed;
    private final boolean told;
    private final boolean interactive = Terminal.interactive();
    private long drawn;
    private boolean lineOpen;

    /**
     * @param first epochs that were done before
     * @param told whether people are told; the time left is known in any case
     */
    Progress(TrainingPlan plan, int first, boolean told) {
        this.told = told;
        this.epochs = plan.epochs();
        this.first = first;
        timeLeft = new TimeLeft(plan);
    }

    /** Whether to try now the resolutions that have not been trained yet: true once, when Java has warmed up. */
    boolean wantsRehearsal() {
        boolean now = !rehearsed && warm();
        rehearsed |= now;
        return now;
    }

    private boolean warm() {
        return seconds >= WARM_SECONDS && epochsDone >= WARM_EPOCHS;
    }

    int[] unknown(int epoch) {
        return timeLeft.unknown(epoch);
    }

    void tried(int reduction, double epochSeconds) {
        timeLeft.tried(reduction, epochSeconds);
    }

    void update(int epoch, double loss, double epochSeconds) {
        long now = System.nanoTime();
        boolean last = epoch == epochs;
        seconds += epochSeconds;
        epochsDone = epoch - first;
        timeLeft.trained(epoch - 1, epochSeconds);
        if (!told) return;
        OptionalDouble known = secondsLeft(epoch);
        String left = known.isPresent() ? "  " + duration(known.getAsDouble()) + " left" : "";
        String facts = String.format(
                Locale.ROOT, "epoch %d/%d  loss %.3e  %.3f s/epoch%s", epoch, epochs, loss, epochSeconds, left);
        if (interactive && facts.length() >= Terminal.columns())
            facts = String.format(Locale.ROOT, "%d/%d  %.1e%s", epoch, epochs, loss, left);
        if (interactive) {
            if (!last && now - drawn < REDRAW_NANOS) return;
            drawn = now;
            System.err.print("\r" + fit(facts, epoch) + "\u001b[K");
            lineOpen = true;
        } else if (last || epoch == first + 1 || epoch % Math.max(1, epochs / PLAIN_LINES) == 0) {
            System.err.println(facts);
        }
    }

    /** Until the training ends; empty while nobody can tell. */
    OptionalDouble secondsLeft(int epoch) {
        return warm() && epoch < epochs ? timeLeft.seconds(epoch) : OptionalDouble.empty();
    }

    private String fit(String facts, int epoch) {
        int columns = Terminal.columns() - 1;
        int bar = Math.min(30, columns - facts.length() - 3);
        if (bar < 5) return facts.substring(0, Math.min(facts.length(), columns));
        int full = (int) Math.round((double) bar * epoch / epochs);
        return "[" + "#".repeat(full) + "-".repeat(bar - full) + "] " + facts;
    }

    /** Ends the line that is drawn over. */
    void close() {
        if (lineOpen) System.err.println();
        lineOpen = false;
    }

    /** For example {@code 2 min 05 s}. */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) return whole + " s";
        if (whole < 3600) return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
        return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
    }
}
