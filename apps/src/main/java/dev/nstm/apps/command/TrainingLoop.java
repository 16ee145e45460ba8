package dev.nstm.apps.command;

import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.instrument.Training;
import dev.nstm.apps.monitor.Request;
import dev.nstm.apps.monitor.RunStatus;
import dev.nstm.apps.report.Phase;
import dev.nstm.device.Device;
import dev.nstm.files.AtomicFile;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.training.CheckpointStore;
import dev.nstm.training.DivergedException;
import dev.nstm.training.Reconstruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The epochs of a run: checkpoints, progress, and what people ask for meanwhile. */
final class TrainingLoop {
    private static final long REST_MILLIS = 100;

    private final Run run;
    private final Path directory;
    private final Reconstruction reconstruction;
    private final Device device;
    private final CheckpointStore store;
    private final String fingerprint;
    private final Metrics metrics;
    private final Followers followers;
    private final Progress progress;

    /** @param fingerprint of configuration and data, kept in checkpoints */
    TrainingLoop(
            Run run,
            Path directory,
            Reconstruction reconstruction,
            Device device,
            CheckpointStore store,
            String fingerprint,
            Metrics metrics,
            Followers followers) {
        this.run = run;
        this.directory = directory;
        this.reconstruction = reconstruction;
        this.device = device;
        this.store = store;
        this.fingerprint = fingerprint;
        this.metrics = metrics;
        this.followers = followers;
        progress = new Progress(run.plan(), reconstruction.epoch(), followers.tellsPeople());
    }

    /** Trains to the end or until it is stopped; the last checkpoint is that of the state reached. */
    void train(BooleanSupplier stop) throws IOException {
        int every = run.configuration().get(Keys.TRAINING_CHECKPOINT_EVERY);
        try {
            while (unfinished() && !stop.getAsBoolean()) {
                runEpoch();
                if (progress.wantsRehearsal())
                    for (int reduction : progress.unknown(reconstruction.epoch()))
                        progress.tried(reduction, reconstruction.rehearse(reduction));
                if (reconstruction.epoch() % every == 0 && unfinished()) {
                    save();
                    preview();
                }
                followers.show(!unfinished(), run, device, () -> reconstruction.state(fingerprint));
                obey(followers.asked(), stop);
            }
        } catch (DivergedException diverged) {
            progress.close();
            List<Path> checkpoints = store.list();
            throw new InvalidInputException(
                    diverged.getMessage() + "; "
                            + (checkpoints.isEmpty()
                                    ? "no checkpoint was written yet"
                                    : "the last good checkpoint is " + checkpoints.getLast()),
                    diverged);
        }
        progress.close();
        save();
    }

    private boolean unfinished() {
        return reconstruction.epoch() < run.plan().epochs();
    }

    private void runEpoch() throws IOException {
        long start = System.nanoTime();
        int reduction = run.plan().reduction(reconstruction.epoch());
        int stepsPerEpoch =
                Training.stepsPerEpoch(run.configuration(), run.system().shots());
        double[] reached = new double[2];
        try (Phase phase = Phase.of(Session.title(reduction))) {
            reconstruction.runEpoch((epoch, loss, terms) -> {
                double seconds = (System.nanoTime() - start) / 1e9;
                long lastStep = (long) epoch * stepsPerEpoch - 1;
                metrics.add(
                        epoch,
                        loss,
                        terms,
                        run.plan().object().rate(lastStep),
                        run.plan().motion().rate(lastStep),
                        seconds);
                progress.update(epoch, loss, seconds);
                reached[0] = loss;
                reached[1] = seconds;
            });
        }
        int epoch = reconstruction.epoch();
        double opened = run.plan().annealedEpochs() == 0
                ? 1
                : Math.min(1, epoch / run.plan().annealedEpochs());
        boolean seen = followers.tell(new RunStatus(
                RunStatus.Phase.TRAINING,
                epoch,
                run.plan().epochs(),
                reached[0],
                opened,
                reduction,
                reached[1],
                progress.secondsLeft(epoch),
                ""));
        if (seen) metrics.write();
    }

    private void obey(Optional<Request> asked, BooleanSupplier stop) throws IOException {
        if (asked.isEmpty()) return;
        switch (asked.get()) {
            case CHECKPOINT -> {
                save();
                preview();
            }
            case PAUSE -> rest(stop);
            case GO, STOP -> {}
        }
    }

    /** Until somebody says that it goes on; other requests are fulfilled meanwhile. */
    private void rest(BooleanSupplier stop) throws IOException {
        followers.tell(RunStatus.Phase.PAUSED, "");
        while (!stop.getAsBoolean()) {
            Optional<Request> asked = followers.asked();
            if (asked.filter(Request.GO::equals).isPresent()) return;
            if (asked.filter(Request.CHECKPOINT::equals).isPresent()) obey(asked, stop);
            try {
                Thread.sleep(REST_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Results of the training so far; the memory that they take on the device is returned afterwards. */
    void preview() throws IOException {
        Path preview = directory.resolve(Run.PREVIEW);
        Files.createDirectories(preview);
        try (Device.Scope scope = device.scope()) {
            run.conclude(preview, device, reconstruction.state(fingerprint));
        }
    }

    private void save() {
        try (Phase phase = Phase.of("checkpoints")) {
            // Written before the checkpoint: the table then has all epochs of any checkpoint that a run resumes from.
            metrics.write();
            store.save(reconstruction.state(fingerprint));
        } catch (IOException failure) {
            throw new InvalidInputException(
                    "cannot write a checkpoint to " + directory + ": " + AtomicFile.reason(failure)
                            + "; earlier checkpoints are untouched",
                    failure);
        }
    }
}
