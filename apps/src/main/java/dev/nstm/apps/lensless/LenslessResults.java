package dev.nstm.apps.lensless;

import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Evaluation;
import dev.nstm.apps.instrument.PictureField;
import dev.nstm.apps.instrument.Remainder;
import dev.nstm.apps.instrument.Uncertainty;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.Axis;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.Companion;
import dev.nstm.apps.movie.KeptFrames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.Outputs;
import dev.nstm.apps.movie.ReportOutput;
import dev.nstm.apps.movie.TrainedScene;
import dev.nstm.device.Device;
import dev.nstm.optics.Grid2D;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the reconstruction of a lensless photograph leaves in its directory. */
final class LenslessResults {
    private static final Output.Names NAMES = new Output.Names("recon", "recon", 20);
    private static final List<String> COLOURS = List.of("red", "green", "blue");

    /** With this 68 % of the pixels of a simulated falling object are within. */
    private static final double SCENE_FACTOR = 2.8;
    /** Not calibrated: the truth of these simulations holds no motion of every pixel. */
    private static final double MOTION_FACTOR = 1;

    private LenslessResults() {}

    static String write(LenslessRun run, Path directory, Device device, TrainingState state) throws IOException {
        PictureField pictures = run.pictures();
        TrainedScene trained =
                pictures.trained(run.configuration(), Optional.of(LenslessRun.OUTPUT), state, device, directory);
        Files.deleteIfExists(directory.resolve("movie.npz"));
        Movie still = conventional(run, new double[] {0});
        Optional<Uncertainty> uncertainty = uncertainty(run, device, directory);
        try (Movie movie = movie(pictures, trained, times(run))
                .with(uncertainty
                        .map(known -> known.notes(pictures.height(), pictures.width()))
                        .orElse(Map.of()))) {
            Outputs.write(still, directory, new Output.Names("baseline", "conventional", 1), List.of(Outputs.TIFF));
            Movie conventional = conventional(run, movie.times());
            Optional<Movie> truth = truth(run).map(known -> Archives.scene(known.scene(), movie));
            Optional<Comparison> compared = truth.map(known -> LenslessEvaluation.of(
                    movie,
                    Optional.of(conventional),
                    uncertainty,
                    known,
                    Evaluation.margin(movie.height(), movie.width())));
            int step = ReportOutput.step(movie.times().length, 3.0 * movie.samples());
            List<Grid2D> seen = run.seen(trained);
            Remainder remainder = run.remainder(seen);
            Output report = LenslessReport.of(run, step, still, truth, compared, seen, remainder, state.losses());
            Outputs.write(movie.every(step), directory, NAMES, List.of(report));
            List<Companion> companions = new ArrayList<>(Companion.of("conventional ", conventional));
            uncertainty.ifPresent(known -> companions.addAll(known.companions(movie)));
            return compared.map(Comparison::text).orElse("")
                    + remainder.text(run.advice())
                    + Outputs.writeTold(movie, directory, NAMES, Outputs.all(companions));
        }
    }

    /** How far off scene and motion may be at the frames; empty without replicas. */
    private static Optional<Uncertainty> uncertainty(LenslessRun run, Device device, Path directory) {
        if (run.replicas().size() < 2) return Optional.empty();
        List<Movie> movies = run.replicas().stream()
                .map(state -> movie(run, device, state, directory))
                .toList();
        try {
            return Optional.of(Uncertainty.of(movies, factors(run.channels().size())));
        } finally {
            movies.forEach(Movie::close);
        }
    }

    /** Of every colour, and of the motion. */
    private static double[] factors(int colours) {
        double[] factors = new double[colours + 1];
        Arrays.fill(factors, SCENE_FACTOR);
        factors[colours] = MOTION_FACTOR;
        return factors;
    }

    /** Scene and motion at the frames. */
    static Movie movie(LenslessRun run, Device device, TrainingState state, Path directory) {
        return movie(
                run.pictures(),
                run.pictures().trained(run.configuration(), Optional.of(LenslessRun.OUTPUT), state, device, directory),
                times(run));
    }

    /** Scene and motion at some times. */
    static Movie movie(PictureField pictures, TrainedScene trained, double[] times) {
        return new Movie(
                Axis.ofPictures(pictures.height(), pictures.width()),
                channels(pictures.channelUnits().length),
                Movie.Look.COLOURS,
                times,
                pictures.clock(),
                pictures.notes(),
                trained.frames(times));
    }

    static List<Channel> channels(int count) {
        return Channel.numbered(count == COLOURS.size() ? COLOURS : List.of("brightness"));
    }

    /** Those of the truth where it is known; one for a scene that does not move. */
    private static double[] times(LenslessRun run) {
        Optional<LenslessMeasurement.Truth> truth = truth(run);
        if (truth.isPresent()) return truth.get().times();
        int frames = run.plan().motion().frozen() ? 1 : run.configuration().get(LenslessKeys.CAMERA_FRAMES);
        return LenslessRun.frameTimes(run.shutter(), frames);
    }

    private static Optional<LenslessMeasurement.Truth> truth(LenslessRun run) {
        return run.measurement()
                .truth(run.diffuser().sceneHeight(), run.diffuser().sceneWidth());
    }

    static String writeConventional(LenslessRun run, Path directory) throws IOException {
        return Outputs.writeStill(conventional(run, new double[] {0}), directory, "baseline", "conventional");
    }

    /** The conventional reconstruction, which takes the scene for unmoving. */
    private static Movie conventional(LenslessRun run, double[] times) {
        List<Grid2D> colours = run.conventional().get();
        Grid2D first = colours.getFirst();
        return new Movie(
                Axis.ofPictures(first.height(), first.width()),
                channels(colours.size()),
                Movie.Look.COLOURS,
                times,
                Optional.empty(),
                Map.of(),
                KeptFrames.still(colours.stream().map(Grid2D::floats).toArray(float[][]::new), times.length));
    }
}
