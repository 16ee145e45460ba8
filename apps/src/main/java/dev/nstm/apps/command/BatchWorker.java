package dev.nstm.apps.command;

import dev.nstm.apps.batch.Batch;
import dev.nstm.apps.batch.Piece;
import dev.nstm.apps.batch.PieceRun;
import dev.nstm.apps.batch.PieceState;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.Run;
import dev.nstm.device.DeviceException;
import dev.nstm.files.AtomicDirectory;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.training.DivergedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Works through the pieces of a batch that are not done and that nobody else works at. Any number of these, on any
 * number of machines that see the directory, share the work: who holds the lock of a piece's directory does the piece,
 * and where a process ends without having finished, the next goes on from its last checkpoint.
 */
final class BatchWorker {
    private static final long REST_MILLIS = 500;

    private final Batch batch;
    private final Configuration whole;
    private final Instrument instrument;
    private final DeviceOptions computing;
    private final Set<Piece> failed = new HashSet<>();
    private boolean interrupted;

    BatchWorker(Batch batch, DeviceOptions computing) throws IOException {
        this.batch = batch;
        this.computing = computing;
        whole = batch.configuration(Instruments.SYSTEMS);
        instrument = Instruments.of(whole, List.of());
    }

    /** Told after every piece that this worker has done. */
    interface Listener {
        void done(Piece piece) throws IOException;
    }

    boolean interrupted() {
        return interrupted;
    }

    /** Names of the pieces that failed, in order. */
    List<String> failed() {
        return failed.stream().map(Piece::name).sorted().toList();
    }

    /** Works until every piece is done, failed or waits for one that failed. */
    void all(Listener listener) throws IOException {
        int first = 0;
        while (!interrupted) {
            while (first < batch.count() && batch.done(batch.piece(first))) first++;
            Optional<Piece> next = Optional.empty();
            boolean others = false;
            for (int number = first; number < batch.count() && next.isEmpty(); number++) {
                Piece piece = batch.piece(number);
                if (failed.contains(piece) || batch.done(piece)) continue;
                if (batch.before(piece).filter(before -> !batch.done(before)).isPresent()) continue;
                if (RunLock.isHeld(batch.directory(piece))) others = true;
                else next = Optional.of(piece);
            }
            if (next.isPresent()) {
                if (one(next.get())) listener.done(next.get());
            } else if (!others) {
                return;
            } else if (!rested()) {
                return;
            }
        }
    }

    /** Whether there was time to wait. */
    static boolean rested() {
        try {
            Thread.sleep(REST_MILLIS);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Does a piece.
     *
     * @return whether this worker has done it
     */
    boolean one(Piece piece) throws IOException {
        Path directory = batch.directory(piece);
        int last = piece.shots().first() + piece.shots().count();
        StandardError.tell(piece.name() + ": shots " + (piece.shots().first() + 1) + " to " + last
                + (batch.patches().size() > 1
                        ? ", rows from " + piece.region().row() + ", columns from "
                                + piece.region().column()
                        : ""));
        PieceState.forgetFailure(directory);
        try {
            Optional<String> outcome = Session.execute(
                    () -> PieceRun.of(
                            batch, piece, instrument, whole, file -> Instruments.read(file, new ArrayList<>())),
                    directory,
                    computing,
                    FollowOptions.none(),
                    true);
            interrupted = outcome.isEmpty();
            if (interrupted) return false;
            // The next piece goes on from this one's checkpoint, this one may have to be repeated from that before.
            Optional<Piece> needless = batch.before(piece).flatMap(batch::before);
            if (needless.isPresent())
                AtomicDirectory.delete(batch.directory(needless.get()).resolve(Run.CHECKPOINTS));
            return true;
        } catch (InvalidInputException | IOException | DeviceException | DivergedException failure) {
            // Somebody else was faster.
            if (batch.done(piece) || RunLock.isHeld(directory)) return false;
            StandardError.tell(piece.name() + ": " + Nstm.explain(failure));
            PieceState.keepFailure(directory, Nstm.explain(failure));
            failed.add(piece);
            return false;
        }
    }
}
