package dev.nstm.apps.lensless;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Specimens;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.NpyContent;
import dev.nstm.apps.io.NpyFloats;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Selection;
import dev.nstm.optics.Diffuser;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Shutter;
import dev.nstm.simulate.CameraNoise;
import dev.nstm.simulate.FallingObject;
import dev.nstm.simulate.LenslessImaging;
import dev.nstm.simulate.MovingPhantom;
import dev.nstm.tensor.Sizes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;

/** One photograph of a falling and turning object, through a measured point-spread function or a simulated one. */
public final class LenslessSimulator {
    private LenslessSimulator() {}

    /** Writes {@code img}, {@code psf} and the truth ({@code scene} at the times {@code t}). */
    public static void write(Configuration c, Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(c.get(Keys.SIMULATION_SEED));
        List<Grid2D> psf = pointSpread(c, random);
        Diffuser diffuser = Diffuser.of(psf, c.get(LenslessKeys.CAMERA_FIELD));
        Shutter shutter = LenslessRun.shutter(c, diffuser.height());
        int height = diffuser.sceneHeight();
        int width = diffuser.sceneWidth();
        Specimens.checkSize(
                3L * height * width * (c.get(LenslessKeys.CAMERA_FRAMES) + 20L),
                6L * shutter.moments() * diffuser.transform()[0] * diffuser.transform()[1]);
        FallingObject falling = new FallingObject(
                height, width, c.get(Keys.SIMULATION_DRIFT), Math.toRadians(c.get(LenslessKeys.SIMULATION_TURN)));
        FallingObject object = Specimens.motion(c, height, width)
                .map(motion -> new FallingObject(height, width, motion))
                .orElse(falling);
        Optional<MovingPhantom> phantom = Specimens.phantom(c, height, width, falling.motion());
        DoubleFunction<List<Grid2D>> scene =
                time -> phantom.map(test -> tinted(test.at(time))).orElseGet(() -> object.at(time));
        List<Grid2D> photograph = LenslessImaging.photograph(scene, diffuser, shutter);
        double brightest = photograph.stream()
                .flatMapToDouble(colour -> Arrays.stream(colour.values()))
                .max()
                .orElseThrow();
        CameraNoise noise = Specimens.noise(c, brightest);
        SplittableRandom hot = new SplittableRandom(c.get(Keys.SIMULATION_SEED) + 1L);
        for (Grid2D colour : photograph) {
            noise.addTo(colour.values(), brightest, random, hot);
            for (int i = 0; i < colour.values().length; i++) colour.values()[i] = Math.max(0, colour.values()[i]);
        }
        double[] times = LenslessRun.frameTimes(shutter, c.get(LenslessKeys.CAMERA_FRAMES));
        float[] truth = new float[Sizes.product("a movie in colour", times.length, height, width, 3)];
        for (int t = 0; t < times.length; t++) {
            List<Grid2D> colours = scene.apply(times[t]);
            for (int i = 0; i < height * width * 3; i++)
                truth[t * height * width * 3 + i] = (float) colours.get(i % 3).values()[i / 3];
        }
        Map<String, NpyContent> arrays = new LinkedHashMap<>();
        arrays.put("img", array(photograph));
        arrays.put("psf", array(psf));
        arrays.put("scene", new NpyFloats(new int[] {times.length, height, width, 3}, truth));
        arrays.put("t", NpyArray.of(times));
        Npz.write(file, arrays);
    }

    /** A test object in a warm colour. */
    private static List<Grid2D> tinted(Grid2D brightness) {
        List<Grid2D> colours = new ArrayList<>();
        for (double share : new double[] {1, 0.8, 0.5})
            colours.add(new Grid2D(
                    brightness.height(),
                    brightness.width(),
                    Arrays.stream(brightness.values())
                            .map(value -> share * value)
                            .toArray()));
        return colours;
    }

    private static List<Grid2D> pointSpread(Configuration c, SplittableRandom random) throws IOException {
        Optional<String> measured = c.find(LenslessKeys.CAMERA_PSF);
        require(
                c.get(LenslessKeys.CAMERA_DOWNSAMPLING) == 1 || measured.isPresent(),
                "camera.downsampling of %d has no meaning for a simulated point-spread function; leave it at 1",
                c.get(LenslessKeys.CAMERA_DOWNSAMPLING));
        if (measured.isEmpty())
            return LenslessImaging.caustic(c.get(Keys.SIMULATION_HEIGHT), c.get(Keys.SIMULATION_WIDTH), 3, random);
        List<Grid2D> picture = ImageFiles.readColours(Path.of(measured.get()), Selection.ALL);
        LenslessMeasurement.checkFinite(picture, measured.get());
        DarkLevel level = DarkLevel.ofPointSource(c);
        List<Grid2D> colours = LenslessMeasurement.pointSpread(
                level.subtracted(picture, measured.get()),
                c.get(LenslessKeys.CAMERA_DOWNSAMPLING),
                measured.get(),
                level);
        return colours.size() == 1 ? Collections.nCopies(3, colours.getFirst()) : colours;
    }

    private static NpyArray array(List<Grid2D> colours) {
        Grid2D first = colours.getFirst();
        double[] values = new double[Sizes.product("a picture in colour", colours.size(), first.values().length)];
        for (int i = 0; i < values.length; i++)
            values[i] = colours.get(i % colours.size()).values()[i / colours.size()];
        return new NpyArray(new int[] {first.height(), first.width(), colours.size()}, values);
    }
}
