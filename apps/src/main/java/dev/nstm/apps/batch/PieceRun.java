package dev.nstm.apps.batch;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.Remainder;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.Movie;
import dev.nstm.device.Device;
import dev.nstm.field.FieldSpec;
import dev.nstm.imaging.ForwardModel;
import dev.nstm.training.CheckpointStore;
import dev.nstm.training.TrainingPlan;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The reconstruction of a piece: that of its shots, which begins as the piece before ended and leaves what is joined to
 * a movie, no report and no pictures.
 *
 * @param run of its shots
 * @param before what the piece before left; empty for a piece that begins anew
 * @param margin pixels of the camera at each border that have no say in the brightness
 */
public record PieceRun(Run run, Optional<Earlier> before, int margin) implements Run {
    /**
     * What the piece before left.
     *
     * @param beginning its training
     * @param moved how far its specimen has moved since a piece began anew, see {@link PieceResult}
     * @param configuration of its training, with the settings found
     * @param evidence how these were found
     */
    public record Earlier(
            Run.Beginning beginning, double[] moved, Configuration configuration, List<String> evidence) {}

    /** Share of a patch's shorter side: the scene reaches half of it beyond the patch. */
    private static final double FARTHEST = 0.25;

    /** Reads what is left of a piece; empty where the specimen has left the scene's field since. */
    private static Optional<Earlier> earlier(Batch batch, Piece piece, double later, Reader reader) throws IOException {
        Path directory = batch.directory(piece);
        double[] moved = PieceResult.description(directory).moved();
        for (double pixels : moved)
            if (Math.abs(pixels)
                    > FARTHEST
                            * Math.min(piece.region().height(), piece.region().width())) return Optional.empty();
        Optional<TrainingState> ended =
                new CheckpointStore(directory.resolve(Run.CHECKPOINTS)).loadNewest(damage -> {});
        Path file = directory.resolve(Run.CONFIGURATION);
        require(
                ended.isPresent(),
                "the checkpoint in %s is gone, from which the next window goes on; remove the pieces from there on, or plan anew",
                directory);
        return Optional.of(new Earlier(
                new Run.Beginning(ended.get(), later), moved, reader.read(file), Run.evidence(Files.readString(file))));
    }

    /** Reads configurations. */
    public interface Reader {
        Configuration read(Path file) throws IOException;
    }

    /** Reads the shots of a piece and prepares its run. */
    public static Run of(Batch batch, Piece piece, Instrument instrument, Configuration whole, Reader reader)
            throws IOException {
        Optional<Piece> earlier = batch.before(piece);
        Optional<Earlier> before = earlier.isPresent()
                ? earlier(batch, earlier.get(), batch.later(piece.window()), reader)
                : Optional.empty();
        Run run = instrument.load(batch.configuration(whole, piece, before.isPresent()));
        return new PieceRun(run, before, Math.max(1, batch.overlap() / 2));
    }

    private PieceRun with(Run other) {
        return new PieceRun(other, before, margin);
    }

    @Override
    public Optional<Beginning> beginning() {
        return before.map(Earlier::beginning);
    }

    @Override
    public Optional<Run> settled(Device device, Consumer<String> log, BooleanSupplier stop) {
        return before.isPresent()
                ? Optional.of(settledAs(before.get().configuration, before.get().evidence))
                : run.settled(device, log, stop).map(this::with);
    }

    @Override
    public Run settledAs(Configuration earlier, List<String> evidence) {
        return with(run.settledAs(earlier, evidence));
    }

    @Override
    public String conclude(Path directory, Device device, TrainingState state) throws IOException {
        // Nobody looks at a piece before it is done.
        if (directory.endsWith(Run.PREVIEW)) return "";
        try (Device.Scope scope = device.scope();
                Movie movie = run.movie(device, state, directory)) {
            PieceResult.write(
                    movie,
                    run.floating(),
                    before.map(Earlier::moved).orElse(new double[movie.frames().motionAxes()]),
                    (int) Math.rint(margin * run.oversampling()),
                    directory);
        }
        return "";
    }

    @Override
    public boolean hasBaseline() {
        return false;
    }

    @Override
    public Configuration configuration() {
        return run.configuration();
    }

    @Override
    public Configuration trained() {
        return run.trained();
    }

    @Override
    public ForwardModel system() {
        return run.system();
    }

    @Override
    public List<Channel> channels() {
        return run.channels();
    }

    @Override
    public FieldSpec field() {
        return run.field();
    }

    @Override
    public TrainingPlan plan() {
        return run.plan();
    }

    @Override
    public List<String> evidence() {
        return run.evidence();
    }

    @Override
    public List<String> doubts() {
        return run.doubts();
    }

    @Override
    public void readData(Consumer<double[]> reader) {
        run.readData(reader);
    }

    @Override
    public Movie movie(Device device, TrainingState state, Path directory) throws IOException {
        return run.movie(device, state, directory);
    }

    @Override
    public Remainder.Advice advice() {
        return run.advice();
    }

    @Override
    public String baseline(Path directory) throws IOException {
        return run.baseline(directory);
    }
}
