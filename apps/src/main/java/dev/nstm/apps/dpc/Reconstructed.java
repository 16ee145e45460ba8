package dev.nstm.apps.dpc;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.instrument.Times;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.metrics.Displacements;
import dev.nstm.optics.Grid2D;
import dev.nstm.training.SceneRenderer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scene and motion at a list of times.
 *
 * @param times in [-1, 1]
 * @param scene {@code [time][channel][pixel]}
 * @param motion displacement of the specimen since the first time (see {@link Displacements}), {@code [time][axis][pixel]}, in pixels; empty
 *     for a conventional reconstruction
 */
public record Reconstructed(int height, int width, double[] times, float[][][] scene, float[][][] motion) {

    /** Evaluates a trained field. */
    public static Reconstructed render(SceneRenderer renderer, double[] times, int height, int width) {
        float[][][] scene = new float[times.length][2][];
        float[][][] motion = new float[times.length][2][];
        int pixels = height * width;
        for (int i = 0; i < times.length; i++) {
            SceneRenderer.Moment moment = renderer.at(times[i]);
            for (int c = 0; c < 2; c++) {
                scene[i][c] = Arrays.copyOfRange(moment.scene(), c * pixels, (c + 1) * pixels);
                motion[i][c] = Arrays.copyOfRange(moment.motion(), c * pixels, (c + 1) * pixels);
            }
        }
        return new Reconstructed(height, width, times, scene, Displacements.sinceFirst(motion, times, height, width));
    }

    /** An unmoving scene, the same at every time. */
    public static Reconstructed still(Grid2D absorption, Grid2D phase, double[] times) {
        float[][][] scene = new float[times.length][][];
        float[][] one = {absorption.floats(), phase.floats()};
        Arrays.fill(scene, one);
        return new Reconstructed(absorption.height(), absorption.width(), times, scene, new float[0][][]);
    }

    /** A channel at a time as a picture. */
    public Grid2D picture(int time, int channel) {
        return Grid2D.of(height, width, scene[time][channel]);
    }

    /** One channel at all times. */
    public List<float[]> channel(int channel) {
        List<float[]> pages = new ArrayList<>();
        for (float[][] moment : scene) pages.add(moment[channel]);
        return pages;
    }

    /** Writes {@code recon} [t,y,x,c], {@code motion} [t,y,x,2] where there is any, {@code t}, and what later rendering needs. */
    public void write(Path file, double[] channelUnits) throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("recon", NpyArray.ofParts(scene, times.length, height, width, 2));
        if (motion.length > 0) arrays.put("motion", NpyArray.ofParts(motion, times.length, height, width, 2));
        arrays.put("t", NpyArray.of(times));
        arrays.put("channel_units", NpyArray.of(channelUnits));
        Npz.write(file, arrays);
    }

    /** Reads what {@link #write} wrote. */
    public static Reconstructed read(Path file) throws IOException {
        Npz arrays = Npz.open(file);
        NpyArray recon = arrays.get("recon");
        require(recon.shape().length == 4 && recon.shape()[3] == 2, "%s: array \"recon\" is %s; time, row, column and 2 channels are expected", file, recon.size());
        int times = recon.shape()[0];
        int height = recon.shape()[1];
        int width = recon.shape()[2];
        NpyArray motion = arrays.has("motion") ? arrays.get("motion") : null;
        require(motion == null || motion.values().length == recon.values().length, "%s: array \"motion\" does not fit \"recon\" of %s", file, recon.size());
        double[] t = arrays.has("t") ? arrays.get("t").values() : Times.evenly(times);
        return new Reconstructed(height, width, t, planes(recon, times, height * width), motion == null ? new float[0][][] : planes(motion, times, height * width));
    }

    private static float[][][] planes(NpyArray array, int times, int pixels) {
        float[][][] planes = new float[times][2][pixels];
        for (int i = 0; i < array.values().length; i++) planes[i / 2 / pixels][i % 2][i / 2 % pixels] = (float) array.values()[i];
        return planes;
    }
}
