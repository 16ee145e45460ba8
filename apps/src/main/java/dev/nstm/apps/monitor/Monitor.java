package dev.nstm.apps.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.apps.instrument.Run;
import dev.nstm.device.Device;
import dev.nstm.files.AtomicDirectory;
import dev.nstm.files.AtomicFile;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps the folder {@code monitor} in a run's directory, in which others see how far it is and leave {@link Request}s:
 * {@code status.json} and small pictures of the scene. Each kind of what it writes takes a two-hundredth of the time,
 * at most.
 */
public final class Monitor {
    public static final String FOLDER = "monitor";
    public static final String STATUS = "status.json";

    private final Path directory;
    private final Path folder;
    private final Pace statuses = new Pace();
    private final Pace scenes = new Pace();
    private Optional<LiveScene> scene = Optional.empty();
    private String live = "";

    /** How often something may be done that takes a while. */
    private static final class Pace {
        /** Of the time. */
        private static final double SHARE = 0.005;

        private static final long LEAST_NANOS = 1_000_000_000;
        private static final long FIRST_NANOS = 4 * LEAST_NANOS;

        private long next = System.nanoTime();
        /** At first Java has not compiled it yet: what it takes then says nothing of later. */
        private long cheapest = Long.MAX_VALUE;

        boolean due() {
            return System.nanoTime() - next >= 0;
        }

        void done(long start) {
            long now = System.nanoTime();
            boolean first = cheapest == Long.MAX_VALUE;
            cheapest = Math.min(cheapest, now - start);
            long wait = Math.max((long) (cheapest / SHARE), LEAST_NANOS);
            next = now + (first ? Math.min(wait, FIRST_NANOS) : wait);
        }
    }

    /** Begins anew: what an earlier run left is removed. */
    public Monitor(Path directory) throws IOException {
        this.directory = directory;
        folder = directory.resolve(FOLDER);
        AtomicDirectory.delete(folder);
        Files.createDirectories(folder);
    }

    /**
     * Tells how far the run is; of a training's epochs only now and then.
     *
     * @return whether it was told
     */
    public boolean tell(RunStatus status) throws IOException {
        if (status.phase() == RunStatus.Phase.TRAINING && !statuses.due()) return false;
        long start = System.nanoTime();
        ObjectNode node = status.fields();
        node.put("time", Instant.now().toString());
        RunProcess.put(node);
        if (!live.isEmpty()) node.put("live", live);
        AtomicFile.write(
                folder.resolve(STATUS), out -> out.write(node.toString().getBytes(StandardCharsets.UTF_8)));
        statuses.done(start);
        return true;
    }

    /**
     * Writes small pictures of the scene as it is, where it is time for that.
     *
     * @param last whether the training has ended: it is then always time
     * @param spacing micrometres from sample to sample of the scene; none where lengths are counted in pixels
     * @return whether it was time
     */
    public boolean show(boolean last, Run run, double[] spacing, Device device, Supplier<TrainingState> state)
            throws IOException {
        if (!last && !scenes.due()) return false;
        long start = System.nanoTime();
        if (scene.isEmpty()) scene = Optional.of(new LiveScene(run, folder, spacing));
        live = scene.get().write(device, state.get());
        scenes.done(start);
        return true;
    }

    /** What somebody asked for since the last call. */
    public Optional<Request> asked() throws IOException {
        return Request.take(directory);
    }
}
