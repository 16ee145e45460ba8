package dev.nstm.apps.sim;

import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.imaging.WienerSim;
import dev.nstm.optics.ComplexGrid3D;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid3D;
import dev.nstm.tensor.Shape;
import dev.nstm.training.SceneRenderer;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a structured-illumination reconstruction leaves in its directory. */
final class SimResults {
    private SimResults() {}

    static String write(SimRun run, Path directory, Device device, TrainingState state) throws IOException {
        Grid3D size = run.images().getFirst().getFirst();
        int axes = run.field().axes();
        Shape extents = axes == 2 ? Shape.of(size.height(), size.width()) : Shape.of(size.depth(), size.height(), size.width());
        double[] origin = new double[axes];
        if (axes == 3) origin[0] = size.depth() / 2 + 2 * run.configuration().get(Keys.SIM_PADDING)[0];
        double[] spacing = new double[axes];
        Arrays.fill(spacing, 1);
        SceneRenderer renderer = new SceneRenderer(device, run.field(), new PixelGrid(extents, origin, spacing), new double[] {1}, !run.plan().motion().frozen(),
                state.object().parameters(), state.motion().parameters());
        Grid3D mask = run.instrument().supportMask(size.depth(), size.height(), size.width());
        double[] times = run.measurement().times();
        int voxels = size.values().length;
        float[][] density = new float[times.length][];
        float[][][] motion = new float[times.length][axes][];
        for (int t = 0; t < times.length; t++) {
            SceneRenderer.Moment moment = renderer.at(times[t]);
            density[t] = masked(moment.scene(), mask);
            for (int axis = 0; axis < axes; axis++) motion[t][axis] = Arrays.copyOfRange(moment.motion(), axis * voxels, (axis + 1) * voxels);
        }
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("recon", NpyArray.of(joined(density), times.length, size.depth(), size.height(), size.width()));
        arrays.put("motion", NpyArray.of(axesLast(motion), times.length, size.depth(), size.height(), size.width(), axes));
        arrays.put("t", NpyArray.of(times));
        Npz.write(directory.resolve("recon.npz"), arrays);
        List<float[]> pages = new ArrayList<>();
        int plane = size.height() * size.width();
        for (float[] volume : density) for (int i = 0; i < voxels; i += plane) pages.add(Arrays.copyOfRange(volume, i, i + plane));
        TiffStack.write(directory.resolve("density.tif"), pages, size.height(), size.width(), run.instrument().optics().pixelSize(), size.depth(), run.instrument().optics().zStep());
        Grid3D wiener = run.wiener();
        writeConventional(run, wiener, directory);
        SimReport.write(directory.resolve("report.html"), run, density, motion, wiener, state.losses());
        return run.measurement().truth().map(truth -> SimEvaluation.of(run, truth, density, motion, wiener, mask).table(run.measurement().phases().length)).orElse("");
    }

    private static float[] joined(float[][] volumes) {
        float[] all = new float[volumes.length * volumes[0].length];
        for (int i = 0; i < volumes.length; i++) System.arraycopy(volumes[i], 0, all, i * volumes[0].length, volumes[0].length);
        return all;
    }

    private static float[] axesLast(float[][][] motion) {
        int axes = motion[0].length;
        int voxels = motion[0][0].length;
        float[] all = new float[motion.length * voxels * axes];
        for (int i = 0; i < all.length; i++) all[i] = motion[i / axes / voxels][i % axes][i / axes % voxels];
        return all;
    }

    /** Widefield and Wiener images. */
    static String writeConventional(SimRun run, Path directory) throws IOException {
        writeConventional(run, run.wiener(), directory);
        return "conventional reconstruction in " + directory.resolve("wiener.tif") + ", widefield in widefield.tif\n";
    }

    private static void writeConventional(SimRun run, Grid3D wiener, Path directory) throws IOException {
        writeVolume(directory.resolve("wiener.tif"), wiener, run);
        writeVolume(directory.resolve("widefield.tif"), WienerSim.widefield(run.images()), run);
    }

    private static void writeVolume(Path file, Grid3D volume, SimRun run) throws IOException {
        List<float[]> pages = new ArrayList<>();
        for (int z = 0; z < volume.depth(); z++) {
            double[] plane = volume.plane(z).values();
            float[] page = new float[plane.length];
            for (int i = 0; i < page.length; i++) page[i] = (float) plane[i];
            pages.add(page);
        }
        TiffStack.write(file, pages, volume.height(), volume.width(), run.instrument().optics().pixelSize(), volume.depth(), run.instrument().optics().zStep());
    }

    /** Only the frequencies that the microscope carries. */
    private static float[] masked(float[] density, Grid3D mask) {
        ComplexGrid3D spectrum = new ComplexGrid3D(mask.depth(), mask.height(), mask.width());
        for (int i = 0; i < density.length; i++) spectrum.re()[i] = density[i];
        spectrum = Fourier.forward(spectrum);
        for (int i = 0; i < density.length; i++) {
            spectrum.re()[i] *= mask.values()[i];
            spectrum.im()[i] *= mask.values()[i];
        }
        ComplexGrid3D back = Fourier.inverse(spectrum);
        float[] masked = new float[density.length];
        for (int i = 0; i < masked.length; i++) masked[i] = (float) back.re()[i];
        return masked;
    }
}
