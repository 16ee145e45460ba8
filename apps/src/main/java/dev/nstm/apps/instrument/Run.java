package dev.nstm.apps.instrument;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.Movie;
import dev.nstm.device.Device;
import dev.nstm.field.FieldSpec;
import dev.nstm.imaging.ForwardModel;
import dev.nstm.training.TrainingPlan;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A reconstruction of one data set with one imaging system. */
public interface Run {
    /** File of scene and motion in a run's directory. */
    String RESULT = "recon.npz";
    /** Folder in a run's directory for the results so far of a training that goes on. */
    String PREVIEW = "preview";
    /** Folder in a run's directory for its checkpoints. */
    String CHECKPOINTS = "checkpoints";
    /** File in a run's directory that says how it was done. */
    String CONFIGURATION = "config.yaml";
    /** Note of a movie whose brightness stands for that of its images: the mean of these. */
    String IMAGE_MEAN = "image_mean";
    /** Begins a line of evidence, which is a comment to readers of YAML. */
    String EVIDENCE = "# ";

    /** With every value that followed from the data filled in. */
    Configuration configuration();

    /** Forward model and loss. */
    ForwardModel system();

    /**
     * Where a training begins that goes on from another.
     *
     * @param ended state of the other
     * @param later time of the other at this one's time 0
     */
    record Beginning(TrainingState ended, double later) {}

    /** Where the training begins; at chance by default. */
    default Optional<Beginning> beginning() {
        return Optional.empty();
    }

    /**
     * Scene and motion at the shots, or where one shot sees many moments at the frames that are shown of it; whoever
     * gets it closes it.
     *
     * @param directory for what is kept while it is read
     */
    Movie movie(Device device, TrainingState state, Path directory) throws IOException;

    /** Channels of the scene that are measured up to a constant; none by default. */
    default List<Integer> floating() {
        return List.of();
    }

    /** Channels of the scene. */
    List<Channel> channels();

    /** Networks of scene and motion. */
    FieldSpec field();

    /** How they are trained. */
    TrainingPlan plan();

    /**
     * The same run with the settings that its configuration leaves open found from the shots, by trials on the device.
     *
     * @param log receives what is tried and found, a line each
     * @param stop asked now and then
     * @return empty where {@code stop} said so
     */
    default Optional<Run> settled(Device device, Consumer<String> log, BooleanSupplier stop) {
        return Optional.of(this);
    }

    /**
     * The same run with the settings that it left open as they were found earlier.
     *
     * @param earlier configuration of the same run, settled
     * @param evidence how it was found
     */
    default Run settledAs(Configuration earlier, List<String> evidence) {
        return this;
    }

    /** How the settings that the given configuration left open were found, a line each. */
    default List<String> evidence() {
        return List.of();
    }

    /** The configuration as a file that says how its values were found. */
    default String explainedConfiguration() {
        return evidence().stream().map(line -> EVIDENCE + line + "\n").collect(Collectors.joining())
                + configuration().toYaml();
    }

    /** The {@link #evidence} in a file that {@link #explainedConfiguration} made. */
    static List<String> evidence(String file) {
        return file.lines()
                .filter(line -> line.startsWith(EVIDENCE))
                .map(line -> line.substring(EVIDENCE.length()))
                .toList();
    }

    /** What the user should look at before trusting the result, a line each. */
    default List<String> doubts() {
        return List.of();
    }

    /**
     * How far a training is, for people.
     *
     * @param losses of the epochs done, at least one
     */
    default String progress(double[] losses) {
        String done = losses.length < plan().epochs() ? losses.length + " of " : "";
        return String.format(
                Locale.ROOT,
                "%s%d epochs, loss %.2e to %.2e",
                done,
                Math.max(losses.length, plan().epochs()),
                losses[0],
                losses[losses.length - 1]);
    }

    /** Shows the measured values to {@code reader}, so that checkpoints of other data can be told apart. */
    void readData(Consumer<double[]> reader);

    /**
     * Writes results and report of a finished training into a directory.
     *
     * @return what to tell the user, whole lines
     */
    String conclude(Path directory, Device device, TrainingState state) throws IOException;

    /**
     * The same run with replicas of its training (see {@link dev.nstm.training.Replicas}) from which its results say
     * how far off they may be; without, where the system has none.
     *
     * @param log receives why there are none although they were asked for, a line
     * @param stop asked now and then; where it says so, there are none
     */
    default Run replicated(Device device, Consumer<String> log, BooleanSupplier stop) {
        return this;
    }

    /** What a training leaves of the shots. */
    default Remainder remainder(Device device, TrainingState state) {
        return Remainder.of(
                this, device, state, configuration().find(Keys.LOSS_MARGIN).orElse(0));
    }

    /** How many times the rows and columns of the camera the pictures have that are compared. */
    default double oversampling() {
        return 1;
    }

    /** Shots of one picture or stack of them, one after another. */
    default int shotsOfAnImage() {
        return 1;
    }

    /** The configuration but for what only the conclusion depends on: what a checkpoint belongs to. */
    default Configuration trained() {
        return configuration();
    }

    /** What to try where a training leaves more of the shots than their noise. */
    default Remainder.Advice advice() {
        return new Remainder.Advice("a better background", "a smaller loss.motionRoughness or more training.epochs");
    }

    /** Whether the system has a conventional reconstruction. */
    default boolean hasBaseline() {
        return true;
    }

    /** Scene and motion that a run left in its directory, or while it goes on those of the last checkpoint. */
    static Path result(Path directory) {
        Path finished = directory.resolve(RESULT);
        return Files.exists(finished) ? finished : directory.resolve(PREVIEW).resolve(RESULT);
    }

    /**
     * Writes the conventional reconstruction into a directory.
     *
     * @return what to tell the user, whole lines
     */
    String baseline(Path directory) throws IOException;
}
