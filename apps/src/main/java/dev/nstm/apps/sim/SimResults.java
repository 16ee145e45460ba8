package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Evaluation;
import dev.nstm.apps.instrument.Remainder;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.instrument.Uncertainty;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.NpyContent;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.Axis;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.Companion;
import dev.nstm.apps.movie.Frames;
import dev.nstm.apps.movie.KeptFrames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.Outputs;
import dev.nstm.apps.movie.Times;
import dev.nstm.apps.movie.TrainedScene;
import dev.nstm.apps.report.Clock;
import dev.nstm.device.Device;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid3D;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Sizes;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** What a structured-illumination reconstruction leaves in its directory. */
final class SimResults {
    /** 1 at the frequencies that the microscope carries, zero frequency first. */
    private static final String SUPPORT = "support";

    private static final String WIDEFIELD = "widefield";

    /** Of density and motion in a plane: with these 68 % of the pixels are within, of simulated filaments. */
    private static final double[] PLANE_FACTORS = {1.7, 2.8};
    /** The same of volumes: replicas agree in much of what is wrong along the axis. */
    private static final double[] VOLUME_FACTORS = {3.0, 7.3};

    private SimResults() {}

    static String write(SimRun run, Path directory, Device device, TrainingState state) throws IOException {
        Grid3D size = run.images().getFirst();
        Files.deleteIfExists(directory.resolve("movie.npz"));
        Optional<Uncertainty> uncertainty = uncertainty(run, device, directory);
        Map<String, NpyContent> stated = uncertainty
                .map(known -> known.notes(size.depth(), size.height(), size.width()))
                .orElse(Map.of());
        try (Movie movie = rendered(run, stated, state, device, directory)) {
            List<Grid3D> wiener = run.wiener().get();
            List<Grid3D> widefield = run.widefield();
            for (Map.Entry<String, List<Grid3D>> each :
                    Map.of("wiener", wiener, WIDEFIELD, widefield).entrySet()) {
                Outputs.write(
                        still(run, each.getValue(), Map.of()),
                        directory,
                        new Output.Names("baseline", each.getKey(), 1),
                        List.of(Outputs.TIFF));
            }
            Optional<Movie> truth = run.measurement()
                    .truth()
                    .filter(known -> known.fits(movie))
                    .map(known -> known.seen(movie, passband(run), run.configuration()));
            Movie conventional = atTimes(movie, wiener, run.measurement().order());
            Optional<Comparison> compared = truth.map(seen -> SimTruth.comparison(
                    movie,
                    seen,
                    Optional.of(conventional),
                    registered(run, movie),
                    uncertainty,
                    run.measurement().order(),
                    Evaluation.margin(size.height(), size.width())));
            Output.Names names = new Output.Names("recon", "density", 1);
            List<Companion> companions = new ArrayList<>(Companion.of("conventional ", conventional));
            uncertainty.ifPresent(known -> companions.addAll(known.companions(movie)));
            Outputs.write(movie, directory, names, List.of(Outputs.TIFF, Outputs.omeZarr(companions), Outputs.NPZ));
            int[] order = SimReport.order(run);
            Remainder remainder = run.remainder(device, state);
            Output report = SimReport.of(
                    run, order, wiener, widefield, truth, compared, uncertainty, remainder, state.losses());
            Outputs.write(movie.only(order), directory, names, List.of(report));
            return compared.map(Comparison::text).orElse("") + remainder.text(run.advice());
        }
    }

    /** How far off scene and motion may be at the images; empty without replicas. */
    private static Optional<Uncertainty> uncertainty(SimRun run, Device device, Path directory) {
        if (run.replicas().size() < 2) return Optional.empty();
        List<Movie> movies = run.replicas().stream()
                .map(state -> rendered(run, Map.of(), state, device, directory))
                .toList();
        boolean plane = run.images().getFirst().depth() == 1;
        try {
            return Optional.of(Uncertainty.of(movies, plane ? PLANE_FACTORS : VOLUME_FACTORS));
        } finally {
            movies.forEach(Movie::close);
        }
    }

    /** 1 at the frequencies that the microscope carries. */
    private static Grid3D passband(SimRun run) {
        Grid3D size = run.images().getFirst();
        return run.instrument().passband(size.depth(), size.height(), size.width());
    }

    /** Density and motion at the images, with the mean of these. */
    static Movie rendered(
            SimRun run, Map<String, NpyContent> notes, TrainingState state, Device device, Path directory) {
        double imageMean = run.images().stream()
                .flatMapToDouble(image -> Arrays.stream(image.values()))
                .average()
                .orElseThrow();
        return rendered(
                run.configuration(),
                passband(run),
                imageMean,
                run.measurement().clock(),
                run.measurement().imageTimes(),
                notes,
                state,
                device,
                directory);
    }

    /** The conventional reconstruction of registered directions, moved as these were. */
    private static Optional<Movie> registered(SimRun run, Movie movie) {
        ShotOrder order = run.measurement().order();
        return run.registered().get().map(known -> {
            float[][][] scenes = IntStream.range(0, movie.times().length)
                    .mapToObj(image -> new float[][] {known.at(order, image).floats()})
                    .toArray(float[][][]::new);
            return movie.like(movie.times(), new KeptFrames(scenes, new float[0][][]));
        });
    }

    /** That of the time point of every image. */
    private static Movie atTimes(Movie movie, List<Grid3D> volumes, ShotOrder order) {
        float[][] ofTimePoints = volumes.stream().map(Grid3D::floats).toArray(float[][]::new);
        float[][][] scenes = IntStream.range(0, movie.times().length)
                .mapToObj(image -> new float[][] {ofTimePoints[order.timePoint(image)]})
                .toArray(float[][][]::new);
        return movie.like(movie.times(), new KeptFrames(scenes, new float[0][][]));
    }

    /**
     * A result beside the truth of its raw data.
     *
     * @param c of the run that it is of
     */
    static Comparison evaluate(SimTruth truth, Path result, Configuration c, OptionalInt margin) throws IOException {
        Movie movie = Archives.volumes(result);
        NpyArray support = movie.note(SUPPORT)
                .filter(known -> known.values().length == movie.samples())
                .orElseThrow(() -> new InvalidInputException(result
                        + " was not written by nstm reconstruct: it has no array \"" + SUPPORT
                        + "\" of its volumes' size"));
        require(
                truth.fits(movie),
                "%s has %d times of %dx%dx%d voxels, but the true density is %s",
                result,
                movie.times().length,
                movie.depth(),
                movie.height(),
                movie.width(),
                truth.density().size());
        int directions = Patterns.configured(c).size();
        int phases = c.get(SimKeys.DATA_PHASES);
        ShotOrder order = new ShotOrder(movie.times().length / (directions * phases), directions, phases);
        Movie seen = truth.seen(movie, new Grid3D(movie.depth(), movie.height(), movie.width(), support.values()), c);
        return SimTruth.comparison(
                movie,
                seen,
                Optional.empty(),
                Optional.empty(),
                Uncertainty.in(movie),
                order,
                Evaluation.margin(movie, margin));
    }

    /** A finished reconstruction at any times. */
    static Movie again(Path directory, Configuration c, TrainingState state, Device device, double[] times)
            throws IOException {
        Npz result = Npz.open(Run.result(directory));
        NpyArray support = result.get(SUPPORT);
        int[] shape = support.shape();
        return rendered(
                c,
                new Grid3D(shape[0], shape[1], shape[2], support.values()),
                result.number(Run.IMAGE_MEAN),
                Clock.kept(result, ""),
                times,
                Map.of(),
                state,
                device,
                directory);
    }

    private static Movie rendered(
            Configuration c,
            Grid3D support,
            double imageMean,
            Optional<Clock> clock,
            double[] times,
            Map<String, NpyContent> more,
            TrainingState state,
            Device device,
            Path directory) {
        TrainedScene trained = new TrainedScene(
                device,
                SimRun.field(c, support.depth(), support.height(), support.width()),
                SimRun.shown(support.depth(), support.height(), support.width()),
                new double[] {1},
                c.get(Keys.TRAINING_MOTION_RATE) > 0,
                state,
                directory);
        Movie movie =
                movie(c, support, imageMean, clock, times, trained.frames(times, scene -> filtered(scene, support)));
        return movie.with(more);
    }

    /** @param support its size is that of the volumes */
    static Movie movie(
            Configuration c, Grid3D support, double imageMean, Optional<Clock> clock, double[] times, Frames frames) {
        Map<String, NpyContent> notes = new LinkedHashMap<>();
        notes.put(
                SUPPORT,
                new NpyArray(new int[] {support.depth(), support.height(), support.width()}, support.values()));
        notes.put(Run.IMAGE_MEAN, NpyArray.scalar(imageMean));
        return movie(c, support, times, clock, notes, frames);
    }

    private static Movie movie(
            Configuration c,
            Grid3D size,
            double[] times,
            Optional<Clock> clock,
            Map<String, NpyContent> notes,
            Frames frames) {
        List<Axis> axes = Axis.ofVolumes(
                size.depth(),
                size.height(),
                size.width(),
                c.get(SimKeys.OPTICS_Z_STEP),
                c.get(Keys.OPTICS_PIXEL_SIZE) / c.get(SimKeys.SIM_ZOOM));
        return new Movie(axes, List.of(Channel.DENSITY), Movie.Look.GREY, times, clock, notes, frames);
    }

    /** A density with the frequencies of a filter of its size. */
    static float[] filtered(float[] density, Grid3D filter) {
        Grid3D volume = Grid3D.of(filter.depth(), filter.height(), filter.width(), density);
        return Fourier.filtered(volume, filter).floats();
    }

    /** Widefield and Wiener images, as stacks, as arrays and as pictures. */
    static String writeConventional(SimRun run, Path directory) throws IOException {
        List<Grid3D> widefield = run.widefield();
        Grid3D size = widefield.getFirst();
        Movie wiener = still(
                run,
                run.wiener().get(),
                Map.of(WIDEFIELD, stack(widefield, widefield.size(), size.depth(), size.height(), size.width())));
        List<Output> pictures = List.of(Outputs.TIFF, Outputs.PNG);
        String ofWidefield = Outputs.write(
                still(run, widefield, Map.of()), directory, new Output.Names("baseline", WIDEFIELD, 1), pictures);
        String ofWiener = Outputs.write(
                wiener,
                directory,
                new Output.Names("baseline", "wiener", 1),
                List.of(Outputs.TIFF, Outputs.PNG, Outputs.NPZ));
        Optional<RegisteredWiener> registered = run.registered().get();
        String told = registered.map(RegisteredWiener::text).orElse("");
        if (registered.isPresent())
            Outputs.write(
                    still(run, registered.get().volumes(), Map.of()),
                    directory,
                    new Output.Names("registered", "registered", 1),
                    List.of(Outputs.TIFF, Outputs.NPZ));
        return told + "conventional reconstruction in " + directory + ": " + ofWidefield + ", " + ofWiener + "\n";
    }

    /** Volumes of the time points, each taken for unmoving. */
    private static Movie still(SimRun run, List<Grid3D> volumes, Map<String, NpyContent> notes) {
        float[][][] scenes =
                volumes.stream().map(volume -> new float[][] {volume.floats()}).toArray(float[][][]::new);
        return movie(
                run.configuration(),
                volumes.getFirst(),
                Times.evenly(volumes.size()),
                Optional.empty(),
                notes,
                new KeptFrames(scenes, new float[0][][]));
    }

    /** Volumes one after the other. */
    static NpyArray stack(List<Grid3D> volumes, int... shape) {
        int voxels = volumes.getFirst().values().length;
        double[] values = new double[Sizes.product("volumes", volumes.size(), voxels)];
        for (int i = 0; i < volumes.size(); i++)
            System.arraycopy(volumes.get(i).values(), 0, values, i * voxels, voxels);
        return new NpyArray(shape, values);
    }
}
