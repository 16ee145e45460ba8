package dev.nstm.apps.report;

import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A part of a run that takes time. Flight recordings show it, {@code nstm bench} with a configuration makes one; where
 * nobody records, it costs nothing. Phases lie within each other, not across.
 */
@Name(Phase.NAME)
@Label("Phase")
@StackTrace(false)
public final class Phase extends Event implements AutoCloseable {
    public static final String NAME = "dev.nstm.Phase";

    @Label("Title")
    private final String title;

    private Phase(String title) {
        this.title = title;
    }

    /** Begins a phase, which ends when it is closed. */
    public static Phase of(String title) {
        Phase phase = new Phase(title);
        phase.begin();
        return phase;
    }

    @Override
    public void close() {
        commit();
    }
}
