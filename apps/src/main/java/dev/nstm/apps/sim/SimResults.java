package dev.nstm.apps.sim;

import dev.nstm.apps.io.AnimatedPng;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.apps.report.Shades;
import dev.nstm.device.Device;
import dev.nstm.optics.Grid3D;
import dev.nstm.training.SceneRenderer;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a structured-illumination reconstruction leaves in its directory. */
final class SimResults {
    private SimResults() {}

    static String write(SimRun run, Path directory, Device device, TrainingState state) throws IOException {
        Grid3D size = run.images().getFirst();
        SceneRenderer renderer = new SceneRenderer(device, run.field(), SimRun.shown(size.depth(), size.height(), size.width()), new double[] {1}, !run.plan().motion().frozen(),
                state.object().parameters(), state.motion().parameters());
        Grid3D mask = run.instrument().passband(size.depth(), size.height(), size.width());
        double[] times = run.measurement().imageTimes();
        Files.deleteIfExists(directory.resolve("movie.npz"));
        Volumes volumes = Volumes.render(renderer, times, mask, run.field().axes());
        volumes.writeTiff(directory.resolve("density.tif"), run.instrument().optics().pixelSize(), run.instrument().optics().zStep());
        List<Grid3D> wiener = run.wiener().get();
        List<Grid3D> widefield = run.widefield();
        writeConventional(run, wiener, widefield, directory);
        Optional<SimEvaluation> evaluation = run.measurement().truth().map(truth -> SimEvaluation.of(run, truth, volumes.density(), volumes.motion(), wiener, mask));
        SimReport.write(directory.resolve("report.html"), run, volumes, wiener, widefield, evaluation, state.losses());
        // Last, since a patch with this file counts as done.
        volumes.write(directory.resolve("recon.npz"), imageMean(run), run.measurement().clock());
        return evaluation.map(compared -> compared.table(run.instrument().directions(), run.measurement().phases().length).text()).orElse("");
    }

    /** Mean count of the images, for patches that are to be brought to one brightness. */
    private static double imageMean(SimRun run) {
        return run.images().stream().flatMapToDouble(image -> Arrays.stream(image.values())).average().orElseThrow();
    }

    /** Widefield and Wiener images, as stacks, as arrays and as pictures. */
    static String writeConventional(SimRun run, Path directory) throws IOException {
        List<Grid3D> wiener = run.wiener().get();
        List<Grid3D> widefield = run.widefield();
        writeConventional(run, wiener, widefield, directory);
        Grid3D size = wiener.getFirst();
        int[] shape = {wiener.size(), size.depth(), size.height(), size.width()};
        Npz.write(directory.resolve("baseline.npz"), Map.of("recon", Volumes.stack(wiener, shape), "widefield", Volumes.stack(widefield, shape)));
        for (Map.Entry<String, List<Grid3D>> each : Map.of("wiener", wiener, "widefield", widefield).entrySet()) {
            AnimatedPng.write(directory.resolve(each.getKey() + ".png"), Shades.of(each.getValue().stream().map(SimResults::projection).toList()), size.height(), size.width(), 1);
        }
        return "conventional reconstruction in " + directory.resolve("baseline.npz") + ", wiener and widefield (.tif, and .png of maximum projections)\n";
    }

    private static float[] projection(Grid3D volume) {
        return Volumes.projection(volume.floats(), volume.height() * volume.width());
    }

    private static void writeConventional(SimRun run, List<Grid3D> wiener, List<Grid3D> widefield, Path directory) throws IOException {
        writeVolumes(directory.resolve("wiener.tif"), wiener, run);
        writeVolumes(directory.resolve("widefield.tif"), widefield, run);
    }

    private static void writeVolumes(Path file, List<Grid3D> volumes, SimRun run) throws IOException {
        List<float[]> pages = new ArrayList<>();
        Grid3D volume = volumes.getFirst();
        for (Grid3D each : volumes) for (int z = 0; z < each.depth(); z++) pages.add(each.plane(z).floats());
        TiffStack.write(file, pages, volume.height(), volume.width(), run.instrument().optics().pixelSize(), volume.depth(), run.instrument().optics().zStep());
    }
}
