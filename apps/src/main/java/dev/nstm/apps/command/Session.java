package dev.nstm.apps.command;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.batch.Batch;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.monitor.RunStatus;
import dev.nstm.apps.report.Phase;
import dev.nstm.device.Device;
import dev.nstm.files.AtomicDirectory;
import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.training.CheckpointStore;
import dev.nstm.training.Continuation;
import dev.nstm.training.Reconstruction;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A reconstruction from configuration to files: trains, checkpoints, can be interrupted, writes the results. */
final class Session {
    private final Run run;
    private final Path directory;
    private final Followers followers;
    private final CheckpointStore store;
    private final String fingerprint;

    private Session(Run run, Path directory, Followers followers) {
        this.run = run;
        this.directory = directory;
        this.followers = followers;
        store = new CheckpointStore(directory.resolve(Run.CHECKPOINTS));
        fingerprint = fingerprint(run);
    }

    /**
     * Refuses a directory that holds the work of an earlier run.
     *
     * @throws InvalidInputException saying what it holds and the ways out
     */
    static void requireFree(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) return;
        RunLock.requireFree(directory);
        require(
                !Batch.plannedIn(directory),
                "%s holds a recording in pieces; go on with --resume, choose another --out, or start anew with --force",
                directory);
        Path result = directory.resolve(Run.RESULT);
        if (Files.exists(result)) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "%1$s holds a finished reconstruction (%2$s of %3$tF %3$tR); choose another --out, overwrite it with --force, or lengthen it with --resume and more training.epochs",
                    directory,
                    result.getFileName(),
                    Files.getLastModifiedTime(result).toMillis()));
        }
        if (!new CheckpointStore(directory.resolve(Run.CHECKPOINTS)).list().isEmpty())
            throw new InvalidInputException(
                    directory
                            + " holds checkpoints of a run that did not end; go on with --resume, choose another --out, or start anew with --force");
    }

    /**
     * The newest state of the training that a run left in its directory.
     *
     * @throws InvalidInputException if there is none
     */
    static TrainingState newest(Path directory) throws IOException {
        return newest(new CheckpointStore(directory.resolve(Run.CHECKPOINTS)))
                .orElseThrow(() -> new InvalidInputException(directory + " holds no checkpoint"));
    }

    private static Optional<TrainingState> newest(CheckpointStore store) throws IOException {
        return store.loadNewest(StandardError::tell);
    }

    /** Reads data and prepares a run. */
    interface Loader {
        Run load() throws IOException;
    }

    /**
     * Loads a run, finds open settings, trains and writes everything; returns what to tell the user, empty where they
     * interrupted it (a checkpoint is then saved).
     *
     * @param resume whether to go on from the newest checkpoint
     */
    static Optional<String> execute(
            Loader loader, Path directory, DeviceOptions computing, FollowOptions following, boolean resume)
            throws IOException {
        // Whoever follows is told what fails, also of the data; where nobody does, that leaves no directory behind.
        Optional<Run> loaded = following.followed() ? Optional.empty() : Optional.of(loader.load());
        prepare(directory);
        try (RunLock lock = RunLock.of(directory)) {
            Followers followers = following.open(directory);
            try {
                followers.tell(RunStatus.preparing(0));
                Run run = loaded.isPresent() ? loaded.get() : loader.load();
                Optional<String> outcome = execute(run, directory, computing, followers, resume);
                if (outcome.isPresent()) followers.tell(RunStatus.Phase.DONE, outcome.get());
                else followers.tell(RunStatus.Phase.INTERRUPTED, "");
                return outcome;
            } catch (Exception | OutOfMemoryError failure) {
                followers.tell(RunStatus.Phase.FAILED, Nstm.explain(failure));
                throw failure;
            }
        }
    }

    private static Optional<String> execute(
            Run run, Path directory, DeviceOptions computing, Followers followers, boolean resume) throws IOException {
        Heap.giveBack();
        try (Device device = computing.open();
                Interruption interruption = new Interruption()) {
            followers.tell(RunStatus.preparing(run.plan().epochs()));
            BooleanSupplier stop = () -> interruption.requested() || followers.stopped();
            Optional<Run> settled = settled(run, directory, device, resume, stop);
            if (settled.isEmpty()) {
                System.err.println("nstm: interrupted before the first epoch; there is nothing to go on from");
                return Optional.empty();
            }
            return new Session(settled.get(), directory, followers).execute(device, stop, resume);
        }
    }

    private static Optional<Run> settled(Run run, Path directory, Device device, boolean resume, BooleanSupplier stop)
            throws IOException {
        Path earlier = directory.resolve(Run.CONFIGURATION);
        if (resume && Files.exists(earlier))
            return Optional.of(
                    run.settledAs(Instruments.read(earlier, List.of()), Run.evidence(Files.readString(earlier))));
        try (Phase phase = Phase.of("finding settings")) {
            return run.settled(device, StandardError::tell, stop);
        }
    }

    private Optional<String> execute(Device device, BooleanSupplier stop, boolean resume) throws IOException {
        Optional<TrainingState> trained = trained(device, stop, resume);
        if (trained.isEmpty()) return Optional.empty();
        followers.tell(RunStatus.Phase.CONCLUDING, "");
        String outcome = conclude(replicated(device, stop), device, trained.get());
        removePreview();
        return Optional.of(outcome);
    }

    /** The state of the finished training; empty where it was interrupted. What it takes is returned. */
    private Optional<TrainingState> trained(Device device, BooleanSupplier stop, boolean resume) throws IOException {
        try (Device.Scope scope = device.scope()) {
            Reconstruction reconstruction = prepared(device);
            System.err.printf(
                    Locale.ROOT,
                    "nstm: epochs: %d, shots: %d, memory for tensors: %.0f MB%n",
                    run.plan().epochs(),
                    run.system().shots(),
                    device.allocatedBytes() / 1e6);
            begin(reconstruction);
            if (resume) resume(reconstruction);
            else store.clear();
            AtomicFile.write(
                    directory.resolve(Run.CONFIGURATION),
                    out -> out.write(run.explainedConfiguration().getBytes(StandardCharsets.UTF_8)));
            Metrics metrics = new Metrics(directory, reconstruction.termNames());
            metrics.resume(reconstruction.epoch());
            if (run.hasBaseline() && reconstruction.epoch() == 0) baseline();
            TrainingLoop loop =
                    new TrainingLoop(run, directory, reconstruction, device, store, fingerprint, metrics, followers);
            loop.train(stop);
            if (reconstruction.epoch() >= run.plan().epochs()) return Optional.of(reconstruction.state(fingerprint));
            if (reconstruction.epoch() > 0) loop.preview();
            System.err.println("nstm: interrupted after epoch " + reconstruction.epoch()
                    + "; the checkpoint is saved, go on with --resume");
            return Optional.empty();
        }
    }

    private void begin(Reconstruction reconstruction) {
        run.beginning()
                .ifPresent(from -> reconstruction.restore(
                        Continuation.of(reconstruction.state(fingerprint), from.ended(), run.field(), from.later())));
    }

    private Reconstruction prepared(Device device) {
        try (Phase phase = Phase.of("setting up the networks")) {
            return new Reconstruction(device, run.system(), run.field(), run.plan());
        }
    }

    private void baseline() throws IOException {
        try (Phase phase = Phase.of("conventional reconstruction")) {
            System.err.println("nstm: " + run.baseline(directory).lines().reduce("", (before, last) -> last));
        }
    }

    private Run replicated(Device device, BooleanSupplier stop) {
        try (Phase phase = Phase.of("replicas")) {
            return run.replicated(device, StandardError::tell, stop);
        }
    }

    private String conclude(Run trained, Device device, TrainingState state) throws IOException {
        try (Phase phase = Phase.of("conclusion")) {
            return trained.conclude(directory, device, state);
        }
    }

    private static void prepare(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
            Path probe = Files.createTempFile(directory, ".nstm", ".probe");
            Files.delete(probe);
        } catch (IOException failure) {
            throw new InvalidInputException(
                    "cannot write to the output directory " + directory + ": " + AtomicFile.reason(failure), failure);
        }
    }

    private void resume(Reconstruction reconstruction) throws IOException {
        Optional<TrainingState> newest = newest(store);
        if (newest.isEmpty()) {
            System.err.println(
                    run.beginning().isPresent()
                            ? "nstm: going on from the window before"
                            : "nstm: no checkpoint in " + directory + "; starting from the beginning");
            return;
        }
        require(
                newest.get().fingerprint().equals(fingerprint),
                "the checkpoints in %s belong to another configuration or other data; resume with the same, or start anew without --resume",
                directory);
        reconstruction.restore(newest.get());
        int epochs = run.plan().epochs();
        int before = Instruments.read(directory.resolve(Run.CONFIGURATION), List.of())
                .get(Keys.TRAINING_EPOCHS);
        String schedule = before == epochs
                ? ""
                : "; planned were " + before + " epochs, now it is " + epochs
                        + ": learning rates, annealing and reduced pictures follow the schedule of " + epochs
                        + " from here on";
        System.err.println("nstm: going on after epoch " + reconstruction.epoch() + schedule);
    }

    /** Of the epochs whose pictures are reduced 2^reduction times. */
    static String title(int reduction) {
        return "epochs, pictures " + (reduction == 0 ? "in full" : "reduced " + (1 << reduction) + " times");
    }

    private void removePreview() throws IOException {
        AtomicDirectory.delete(directory.resolve(Run.PREVIEW));
    }

    /**
     * Identifies configuration and data, which must be those of a checkpoint. The number of epochs, and the schedule
     * with it, may change: a run can be made longer.
     */
    private static String fingerprint(Run run) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(run.trained()
                    .with(Keys.DATA_FILE, "")
                    .with(Keys.TRAINING_CHECKPOINT_EVERY, 1)
                    .with(Keys.TRAINING_EPOCHS, 1)
                    .with(Keys.TRAINING_DECAY_STEPS, 1.0)
                    .toYaml()
                    .getBytes(StandardCharsets.UTF_8));
            run.readData(values -> digest.update(bytes(values)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static ByteBuffer bytes(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
        bytes.asDoubleBuffer().put(values);
        return bytes;
    }
}
