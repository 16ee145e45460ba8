package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.apps.report.Clock;
import dev.nstm.metrics.Displacements;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid3D;
import dev.nstm.training.SceneRenderer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Density and motion at several times.
 *
 * @param support 1 at the frequencies that the microscope carries, zero frequency first; its size is the volumes'
 * @param density {@code [time][voxel]}, cut to the support
 * @param motion displacement of the specimen since the first time (see {@link Displacements}), {@code [time][axis][voxel]}, in voxels; two
 *     axes where there is one plane
 */
record Volumes(double[] times, Grid3D support, float[][] density, float[][][] motion) {

    /** What an array of an NPZ file may hold here: 2 GB of single-precision values. */
    private static final int MOST_VALUES = Integer.MAX_VALUE / 4 - 64;

    static Volumes render(SceneRenderer renderer, double[] times, Grid3D support, int axes) {
        int voxels = support.values().length;
        float[][] density = new float[times.length][];
        float[][][] motion = new float[times.length][axes][];
        for (int t = 0; t < times.length; t++) {
            SceneRenderer.Moment moment = renderer.at(times[t]);
            density[t] = masked(moment.scene(), support);
            for (int axis = 0; axis < axes; axis++) motion[t][axis] = Arrays.copyOfRange(moment.motion(), axis * voxels, (axis + 1) * voxels);
        }
        int[] extents = {support.depth(), support.height(), support.width()};
        return new Volumes(times, support, density, Displacements.sinceFirst(motion, times, Arrays.copyOfRange(extents, 3 - axes, 3)));
    }

    private static float[] masked(float[] density, Grid3D support) {
        Grid3D volume = new Grid3D(support.depth(), support.height(), support.width());
        for (int i = 0; i < density.length; i++) volume.values()[i] = density[i];
        return Fourier.filtered(volume, support).floats();
    }

    /** Writes {@code recon} [t,z,y,x], {@code motion} [t,z,y,x,axis], {@code t}, {@code support} and {@code image_mean}. */
    void write(Path file, double imageMean, Optional<Clock> clock) throws IOException {
        int voxels = support.values().length;
        int axes = motion[0].length;
        require((long) times.length * voxels * axes <= MOST_VALUES, "%d times of %s voxels are too much for one file; show fewer times, or cut the field into patches", times.length, support.size());
        float[] densities = new float[times.length * voxels];
        for (int t = 0; t < times.length; t++) System.arraycopy(density[t], 0, densities, t * voxels, voxels);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("recon", NpyArray.of(densities, times.length, support.depth(), support.height(), support.width()));
        arrays.put("motion", NpyArray.ofParts(motion, times.length, support.depth(), support.height(), support.width(), axes));
        arrays.put("t", NpyArray.of(times));
        arrays.put("support", new NpyArray(new int[] {support.depth(), support.height(), support.width()}, support.values()));
        arrays.put("image_mean", NpyArray.scalar(imageMean));
        clock.ifPresent(known -> known.keep(arrays));
        Npz.write(file, arrays);
    }

    /** What {@link #write} wrote. */
    record Written(Volumes volumes, double imageMean, Optional<Clock> clock) {}

    static Written read(Path file) throws IOException {
        Npz arrays = Npz.open(file);
        for (String name : List.of("recon", "motion", "t", "support", "image_mean")) require(arrays.has(name), "%s was not written by nstm reconstruct: it has no array \"%s\"", file, name);
        NpyArray recon = arrays.get("recon");
        NpyArray moved = arrays.get("motion");
        require(recon.shape().length == 4 && moved.shape().length == 5 && moved.values().length == (long) recon.values().length * moved.shape()[4], "%s: \"recon\" of %s and \"motion\" of %s do not fit", file, recon.size(), moved.size());
        int times = recon.shape()[0];
        NpyArray t = arrays.get("t");
        NpyArray carried = arrays.get("support");
        require(t.values().length == times && carried.values().length == recon.values().length / times, "%s: \"t\" of %s and \"support\" of %s do not fit \"recon\" of %s", file, t.size(), carried.size(), recon.size());
        int voxels = recon.values().length / times;
        int axes = moved.shape()[4];
        float[][] density = new float[times][voxels];
        float[][][] motion = new float[times][axes][voxels];
        for (int i = 0; i < recon.values().length; i++) density[i / voxels][i % voxels] = (float) recon.values()[i];
        for (int i = 0; i < moved.values().length; i++) motion[i / axes / voxels][i % axes][i / axes % voxels] = (float) moved.values()[i];
        Grid3D support = new Grid3D(recon.shape()[1], recon.shape()[2], recon.shape()[3], carried.values());
        return new Written(new Volumes(t.values(), support, density, motion), arrays.number("image_mean"), Clock.kept(arrays, ""));
    }

    /** An ImageJ hyperstack of planes and times. */
    void writeTiff(Path file, double pixelSize, double zStep) throws IOException {
        List<float[]> pages = new ArrayList<>();
        int plane = support.height() * support.width();
        for (float[] volume : density) for (int i = 0; i < volume.length; i += plane) pages.add(Arrays.copyOfRange(volume, i, i + plane));
        TiffStack.write(file, pages, support.height(), support.width(), pixelSize, support.depth(), zStep);
    }

    /** The brightest value over the planes at every time. */
    List<float[]> projections() {
        return Arrays.stream(density).map(volume -> projection(volume, support.height() * support.width())).toList();
    }

    /** Volumes one after the other. */
    static NpyArray stack(List<Grid3D> volumes, int... shape) {
        int voxels = volumes.getFirst().values().length;
        double[] values = new double[volumes.size() * voxels];
        for (int i = 0; i < volumes.size(); i++) System.arraycopy(volumes.get(i).values(), 0, values, i * voxels, voxels);
        return new NpyArray(shape, values);
    }

    /** The brightest value over the planes. */
    static float[] projection(float[] volume, int plane) {
        float[] brightest = Arrays.copyOf(volume, plane);
        for (int i = plane; i < volume.length; i++) brightest[i % plane] = Math.max(brightest[i % plane], volume[i]);
        return brightest;
    }
}
