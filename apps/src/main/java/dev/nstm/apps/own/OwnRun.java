package dev.nstm.apps.own;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Networks;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.instrument.Training;
import dev.nstm.apps.io.NpyFloats;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.KeptFrames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.device.Device;
import dev.nstm.field.FieldSpec;
import dev.nstm.imaging.ForwardModel;
import dev.nstm.imaging.ImagingSystem;
import dev.nstm.imaging.Recording;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Shape;
import dev.nstm.training.TrainingPlan;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Everything that a reconstruction with a system of one's own is made of.
 *
 * @param configuration with every value that followed from the data filled in
 * @param recording what was measured
 * @param system the user's forward model
 * @param field networks of scene and motion
 * @param plan how they are trained
 * @param conventional what is seen without the model, {@code [channel, row, column]}
 */
public record OwnRun(
        Configuration configuration,
        Recording recording,
        ForwardModel system,
        FieldSpec field,
        TrainingPlan plan,
        Optional<Recording.Array> conventional)
        implements Run {
    private static final double COARSEST_PIXELS = 60;
    private static final double FINEST_PIXELS = 1.5;
    private static final double MOTION_PIXELS = 16;
    private static final int MOST_TIME_CELLS = 12;

    /** Opens the system with what was measured. */
    public static OwnRun of(Configuration given, Recording recording, ImagingSystem provider) {
        ForwardModel model = new GuardedModel(
                provider.name(),
                GuardedModel.guarded(provider.name(), () -> provider.open(recording, given.settings())));
        double pixel = given.find(Keys.OPTICS_PIXEL_SIZE).orElse(1.0);
        double[] times = times(model);
        Configuration c = given.with(Keys.OPTICS_PIXEL_SIZE, pixel)
                .withOwnTimes(times)
                .withDefault(Keys.OBJECT_COARSEST_CELL, COARSEST_PIXELS * pixel)
                .withDefault(Keys.OBJECT_FINEST_CELL, FINEST_PIXELS * pixel)
                .withDefault(Keys.MOTION_FINEST_CELL, MOTION_PIXELS * pixel)
                .withDefault(Keys.MOTION_TIME_CELLS, Math.clamp(times.length - 1, 1, MOST_TIME_CELLS));
        c = Training.resolve(c, model.shots());
        int[] size = model.samples().extents().extents();
        return new OwnRun(
                c,
                recording,
                model,
                Networks.ofPictures(c, size[0], size[1], model.channels(), Optional.empty()),
                Training.plan(c, model.shots(), Training.schedule(c, c.get(Keys.TRAINING_INSTRUMENT_RATE), 0)),
                conventional(provider, recording, given, new int[] {model.channels(), size[0], size[1]}));
    }

    private static Optional<Recording.Array> conventional(
            ImagingSystem provider, Recording recording, Configuration given, int[] shape) {
        Optional<Recording.Array> found =
                GuardedModel.guarded(provider.name(), () -> provider.conventional(recording, given.settings()));
        require(
                found != null && found.stream().allMatch(array -> Arrays.equals(array.shape(), shape)),
                "the system %s has a conventional view of %s; %s (channel, row, column) is expected",
                provider.name(),
                found == null
                        ? "nothing"
                        : found.map(array -> Shape.of(array.shape()).toString()).orElse(""),
                Shape.of(shape));
        return found;
    }

    int height() {
        return system.samples().extents().extent(0);
    }

    int width() {
        return system.samples().extents().extent(1);
    }

    @Override
    public List<Channel> channels() {
        return Channel.numbered(IntStream.range(0, system.channels())
                .mapToObj(system::channelName)
                .toList());
    }

    /**
     * The truth of a simulated recording at the times of a movie. The recording knows it at all moments, of which the
     * movie has every n-th.
     */
    Optional<Movie> truth(Movie movie) {
        int moments = configuration.get(Keys.DATA_TIMES).length;
        int step = Math.ceilDiv(moments, movie.times().length);
        return Optional.ofNullable(recording.arrays().get("scene"))
                .filter(scene -> Arrays.equals(scene.shape(), new int[] {
                    moments, movie.height(), movie.width(), movie.channels().size()
                }))
                .map(scene -> movie.like(
                                configuration.get(Keys.DATA_TIMES),
                                new KeptFrames(
                                        Archives.parts(new NpyFloats(scene.shape(), scene.values()), 3),
                                        new float[0][][]))
                        .every(step));
    }

    /** Of a channel; none where the system has no such view. */
    List<float[]> conventionalPicture(int channel) {
        return conventional.stream().map(array -> array.part(channel)).toList();
    }

    /** All moments that shots see, each once, in order. */
    private static double[] times(ForwardModel model) {
        return IntStream.range(0, model.shots())
                .boxed()
                .flatMapToDouble(shot -> Arrays.stream(model.moments(shot)))
                .distinct()
                .sorted()
                .toArray();
    }

    @Override
    public void readData(Consumer<double[]> reader) {
        for (Recording.Array array : recording.arrays().values()) {
            double[] values = new double[array.values().length];
            for (int i = 0; i < values.length; i++) values[i] = array.values()[i];
            reader.accept(values);
        }
    }

    @Override
    public Movie movie(Device device, TrainingState state, Path directory) {
        return OwnResults.movie(this, device, state, directory);
    }

    @Override
    public String conclude(Path directory, Device device, TrainingState state) throws IOException {
        return OwnResults.write(this, directory, device, state);
    }

    @Override
    public boolean hasBaseline() {
        return conventional.isPresent();
    }

    @Override
    public String baseline(Path directory) throws IOException {
        if (conventional.isEmpty())
            throw new InvalidInputException(
                    "the system " + configuration.get(Keys.SYSTEM) + " has no conventional reconstruction");
        return OwnResults.writeConventional(this, directory);
    }
}
