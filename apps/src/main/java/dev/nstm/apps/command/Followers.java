package dev.nstm.apps.command;

import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.monitor.Monitor;
import dev.nstm.apps.monitor.Request;
import dev.nstm.apps.monitor.RunStatus;
import dev.nstm.device.Device;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Who follows a run from outside: a program that reads its output, and whoever looks into its directory. */
final class Followers {
    private static final long LINE_NANOS = 200_000_000;

    private final boolean json;
    private final Optional<Monitor> monitor;
    private RunStatus status = RunStatus.preparing(0);
    private long nextLine = System.nanoTime();
    /** Not fulfilled yet. */
    private Optional<Request> asked = Optional.empty();

    private boolean stopped;
    private boolean troubled;

    Followers(boolean json, Optional<Monitor> monitor) {
        this.json = json;
        this.monitor = monitor;
    }

    /** Whether people are told by lines of their own. */
    boolean tellsPeople() {
        return !json;
    }

    /**
     * How far the run is.
     *
     * @return whether it was told in the run's directory
     */
    boolean tell(RunStatus now) {
        boolean other = now.phase() != status.phase() || now.epoch() == now.epochs();
        status = now;
        if (json && (other || System.nanoTime() - nextLine >= 0)) {
            System.out.println(now.json());
            nextLine = System.nanoTime() + LINE_NANOS;
        }
        return monitor.isPresent() && tried(() -> monitor.get().tell(now), false);
    }

    /** What the run does from now on. */
    void tell(RunStatus.Phase phase, String text) {
        tell(status.in(phase, text));
    }

    /**
     * Lets them see the scene, where it is time for that.
     *
     * @param last whether the training has ended
     */
    void show(boolean last, Run run, Device device, Supplier<TrainingState> state) {
        if (monitor.isEmpty()) return;
        double[] spacing = Instruments.of(run.configuration(), List.of()).spacing(run.configuration());
        if (tried(() -> monitor.get().show(last, run, spacing, device, state), false)) tell(status);
    }

    /** What somebody asks for, other than to end. */
    Optional<Request> asked() {
        look();
        Optional<Request> request = asked;
        asked = Optional.empty();
        return request;
    }

    /** Whether somebody asked the run to end. */
    boolean stopped() {
        look();
        return stopped;
    }

    private void look() {
        if (monitor.isEmpty() || asked.isPresent()) return;
        asked = tried(() -> monitor.get().asked(), Optional.empty());
        if (asked.filter(Request.STOP::equals).isEmpty()) return;
        stopped = true;
        asked = Optional.empty();
    }

    /** Something done for those who look on. */
    private interface Deed<T> {
        T done() throws IOException;
    }

    /** No run ends because nobody can look on; that is told once. */
    private <T> T tried(Deed<T> deed, T otherwise) {
        try {
            return deed.done();
        } catch (IOException | InvalidInputException failure) {
            if (!troubled) StandardError.tell("the run cannot be followed: " + failure.getMessage());
            troubled = true;
            return otherwise;
        }
    }
}
