package dev.nstm.apps.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C or a termination request: the work notices it at its next stopping place, and the program waits for that. */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::waitForWork, "nstm-interruption");
    private volatile boolean requested;

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    boolean requested() {
        return requested;
    }

    private void waitForWork() {
        requested = true;
        try {
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                System.err.println("nstm: gave up waiting for a checkpoint");
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work is done or its state is saved. */
    @Override
    public void close() {
        done.countDown();
        if (!requested) Runtime.getRuntime().removeShutdownHook(hook);
    }
}
