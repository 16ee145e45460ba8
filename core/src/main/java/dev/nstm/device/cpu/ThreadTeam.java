package dev.nstm.device.cpu;

import static dev.nstm.tensor.InvalidInputException.require;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads that works through numbered tasks. Which thread does a task is chance; what the task does
 * must depend on its number alone, so results do not depend on the size of the team. Allocates nothing per call.
 */
final class ThreadTeam implements AutoCloseable {
    /** One numbered piece of work. */
    interface Task {
        /**
         * @param index number of the piece
         * @param worker number of the thread, for its own scratch memory
         */
        void run(int index, int worker);
    }

    private static final int SPINS = 4000;

    private final Thread[] helpers;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger working = new AtomicInteger();
    private volatile Task task;
    private volatile int count;
    private volatile int round;
    private volatile boolean closed;
    private volatile Throwable failure;

    ThreadTeam(int threads) {
        require(threads >= 1, "the number of threads must be at least 1, got %d", threads);
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            int worker = i + 1;
            helpers[i] =
                    Thread.ofPlatform().daemon().name("nstm-worker-" + worker).start(() -> serve(worker));
        }
    }

    int size() {
        return helpers.length + 1;
    }

    /** Runs tasks 0 to count-1 and returns when all are done; a task's exception is thrown here. */
    void run(int count, Task task) {
        if (helpers.length == 0 || count <= 1) {
            for (int i = 0; i < count; i++) task.run(i, 0);
            return;
        }
        this.task = task;
        this.count = count;
        failure = null;
        next.set(0);
        working.set(helpers.length);
        round++;
        for (Thread helper : helpers) LockSupport.unpark(helper);
        work(task, count, 0);
        while (working.get() != 0) Thread.onSpinWait();
        Throwable thrown = failure;
        if (thrown instanceof RuntimeException exception) throw exception;
        if (thrown instanceof Error error) throw error;
    }

    private void work(Task task, int count, int worker) {
        try {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) task.run(i, worker);
        } catch (RuntimeException | Error thrown) {
            next.set(count);
            failure = thrown;
        }
    }

    private void serve(int worker) {
        int seen = 0;
        while (!closed) {
            int spins = 0;
            while (round == seen && !closed) {
                if (spins++ < SPINS) Thread.onSpinWait();
                else LockSupport.park(this);
            }
            if (closed) return;
            seen = round;
            work(task, count, worker);
            working.decrementAndGet();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) LockSupport.unpark(helper);
    }
}
