package dev.nstm.apps.lensless;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.SceneMovie;
import dev.nstm.apps.io.AnimatedPng;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.device.Device;
import dev.nstm.optics.Grid2D;
import dev.nstm.training.SceneRenderer;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the reconstruction of a lensless photograph leaves in its directory. */
public final class LenslessResults {
    private static final int FRAMES_PER_SECOND = 20;

    private LenslessResults() {}

    static String write(LenslessRun run, Path directory, Device device, TrainingState state) throws IOException {
        int height = run.diffuser().sceneHeight();
        int width = run.diffuser().sceneWidth();
        SceneRenderer renderer = new SceneRenderer(device, run.field(), run.system().samples(), run.channelUnits(), !run.plan().motion().frozen(), state.object().parameters(), state.motion().parameters());
        SceneMovie movie = SceneMovie.render(renderer, times(run), height, width, run.channelUnits(), run.clock());
        List<byte[]> shown = ColourMovie.shown(movie.frames());
        List<Grid2D> conventional = run.conventional().get();
        writeConventional(directory, conventional);
        Files.deleteIfExists(directory.resolve("movie.npz"));
        Optional<LenslessMeasurement.Truth> truth = truth(run);
        Optional<LenslessEvaluation> evaluation = truth.map(known -> LenslessEvaluation.of(movie, conventional, known));
        LenslessReport.write(directory.resolve("report.html"), run, movie, shown, conventional, evaluation, renderer, state.losses());
        String written = ColourMovie.write(movie, shown, directory, "recon", FRAMES_PER_SECOND);
        return evaluation.map(compared -> compared.table().text()).orElse("") + movie.times().length + " frames in " + directory + ": " + written + "\n";
    }

    /** Those of the truth where it is known; one for a scene that does not move. */
    private static double[] times(LenslessRun run) {
        Optional<LenslessMeasurement.Truth> truth = truth(run);
        if (truth.isPresent()) return truth.get().times();
        int frames = run.plan().motion().frozen() ? 1 : run.configuration().get(Keys.CAMERA_FRAMES);
        return LenslessRun.frameTimes(run.shutter(), frames);
    }

    private static Optional<LenslessMeasurement.Truth> truth(LenslessRun run) {
        return run.measurement().truth(run.diffuser().sceneHeight(), run.diffuser().sceneWidth());
    }

    static String writeConventional(LenslessRun run, Path directory) throws IOException {
        List<Grid2D> conventional = run.conventional().get();
        writeConventional(directory, conventional);
        Grid2D first = conventional.getFirst();
        float[][] colours = conventional.stream().map(Grid2D::floats).toArray(float[][]::new);
        Npz.write(directory.resolve("baseline.npz"), Map.of("recon", NpyArray.ofParts(new float[][][] {colours}, 1, first.height(), first.width(), colours.length)));
        AnimatedPng.write(directory.resolve("conventional.png"), List.of(ColourMovie.shown(colours, ColourMovie.white(List.of(colours)))), first.height(), first.width(), 1);
        return "conventional reconstruction in " + directory.resolve("baseline.npz") + " and conventional (.tif, .png)\n";
    }

    private static void writeConventional(Path directory, List<Grid2D> conventional) throws IOException {
        Grid2D first = conventional.getFirst();
        TiffStack.writeInPixels(directory.resolve("conventional.tif"), conventional.stream().map(Grid2D::floats).toList(), first.height(), first.width(), conventional.size());
    }

    /** A finished reconstruction at any times; returns what to tell the user. */
    public static String writeMovie(Path directory, Configuration c, TrainingState state, Device device, double[] times, int framesPerSecond) throws IOException {
        SceneMovie movie = SceneMovie.again(directory, c, state, device, times, Optional.of(LenslessRun.OUTPUT), LenslessRun.TIME_UNIT);
        return times.length + " times in " + directory + ": " + ColourMovie.write(movie, ColourMovie.shown(movie.frames()), directory, "movie", framesPerSecond) + "\n";
    }
}
