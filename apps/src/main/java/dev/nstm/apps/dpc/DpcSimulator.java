package dev.nstm.apps.dpc;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Specimens;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.NpyContent;
import dev.nstm.apps.io.NpyParts;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.movie.Times;
import dev.nstm.metrics.Displacements;
import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import dev.nstm.simulate.AbbeImaging;
import dev.nstm.simulate.CameraNoise;
import dev.nstm.simulate.Motion;
import dev.nstm.simulate.MovingCells;
import dev.nstm.simulate.MovingPhantom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Raw shots of a simulated specimen, with everything that is true about it. */
public final class DpcSimulator {
    private DpcSimulator() {}

    /**
     * Writes {@code img}, {@code s}, the truth ({@code absorption}, {@code phase}, {@code motion}), {@code t} and the
     * optics.
     */
    public static void write(Configuration c, Path file) throws IOException {
        Microscope microscope = new Microscope(
                c.get(Keys.OPTICS_WAVELENGTH),
                c.get(Keys.OPTICS_NUMERICAL_APERTURE),
                c.get(Keys.OPTICS_PIXEL_SIZE),
                c.get(Keys.OPTICS_MEDIUM_INDEX),
                c.get(DpcKeys.OPTICS_DEFOCUS));
        int height = c.get(Keys.SIMULATION_HEIGHT);
        int width = c.get(Keys.SIMULATION_WIDTH);
        List<Grid2D> sources = DpcMeasurement.generated(c, microscope, height, width);
        int shots = c.find(DpcKeys.SIMULATION_SHOTS).orElse(sources.size());
        double[] times = c.find(Keys.DATA_TIMES).orElse(Times.evenly(shots));
        require(
                times.length == shots,
                "data.times lists %d times but there are %d shots (simulation.shots, or one for each of optics.rotations or optics.leds)",
                times.length,
                shots);
        MovingCells drifting = new MovingCells(
                height,
                width,
                c.get(Keys.SIMULATION_DRIFT),
                c.get(Keys.SIMULATION_DEFORMATION),
                c.get(Keys.SIMULATION_SEED));
        MovingCells cells = new MovingCells(
                height,
                width,
                Specimens.motion(c, height, width).orElse(drifting.motion()),
                c.get(DpcKeys.SIMULATION_GROWTH),
                c.get(Keys.SIMULATION_SEED));
        Optional<MovingPhantom> phantom = Specimens.phantom(c, height, width, drifting.motion());
        Motion motion = phantom.map(MovingPhantom::motion).orElse(cells.motion());
        CameraNoise noise = Specimens.noise(c, 1);
        SplittableRandom random = new SplittableRandom(c.get(Keys.SIMULATION_SEED));
        Specimens.checkSize(
                8L * shots * height * width,
                (long) shots
                        / sources.size()
                        * sources.stream()
                                .mapToLong(source -> Math.min(
                                        AbbeImaging.MOST_POINTS,
                                        Arrays.stream(source.values())
                                                .filter(light -> light > 0)
                                                .count()))
                                .sum()
                        * height
                        * width);
        ComplexGrid pupil = Pupils.defocused(microscope, height, width);
        List<float[]> images = new ArrayList<>();
        List<float[]> absorption = new ArrayList<>();
        List<float[]> phase = new ArrayList<>();
        float[][][] looks = new float[shots][2][height * width];
        for (int shot = 0; shot < shots; shot++) {
            double time = times[shot];
            Grid2D[] scene = phantom.map(object -> weakObject(object.at(time))).orElseGet(() -> cells.at(time));
            absorption.add(scene[0].floats());
            phase.add(scene[1].floats());
            Grid2D picture = AbbeImaging.picture(scene[0], scene[1], sources.get(shot % sources.size()), pupil);
            // The camera sees the background, which is 1, and the relative deviation from it.
            for (int i = 0; i < picture.values().length; i++) picture.values()[i] += 1;
            noise.addTo(picture.values(), 2, random, new SplittableRandom(c.get(Keys.SIMULATION_SEED) + 1L));
            for (int i = 0; i < picture.values().length; i++) picture.values()[i] -= 1;
            images.add(picture.floats());
            for (int i = 0; i < height * width; i++) {
                double[] shift = motion.at(i / width, i % width, time);
                looks[shot][0][i] = (float) shift[0];
                looks[shot][1][i] = (float) shift[1];
            }
        }
        Map<String, NpyContent> arrays = new LinkedHashMap<>();
        arrays.put("img", stack(images, height, width));
        // The lights of a cycle follow from the optics; for every shot of many they would take more than the shots.
        if (shots == sources.size())
            arrays.put("s", stack(sources.stream().map(Grid2D::floats).toList(), height, width));
        arrays.put("absorption", stack(absorption, height, width));
        arrays.put("phase", stack(phase, height, width));
        arrays.put(Truth.SIGN, NpyArray.scalar(1));
        arrays.put(
                "motion",
                new NpyParts(
                        new int[] {shots, height, width, 2},
                        shots,
                        shot -> beside(Displacements.between(
                                looks[Displacements.earliest(times)], looks[shot], height, width))));
        arrays.put("t", NpyArray.of(times));
        arrays.put("wavelength", NpyArray.scalar(microscope.wavelength()));
        arrays.put("na", NpyArray.scalar(microscope.numericalAperture()));
        arrays.put("pixel_size", NpyArray.scalar(microscope.pixelSize()));
        Npz.write(file, arrays);
    }

    /** A test object as an absorbing and delaying one: absorption up to 0.1, phase up to 0.8 radians. */
    private static Grid2D[] weakObject(Grid2D brightness) {
        Grid2D absorption = new Grid2D(brightness.height(), brightness.width());
        Grid2D phase = new Grid2D(brightness.height(), brightness.width());
        for (int i = 0; i < brightness.values().length; i++) {
            absorption.values()[i] = 0.1 * brightness.values()[i];
            phase.values()[i] = 0.8 * brightness.values()[i];
        }
        return new Grid2D[] {absorption, phase};
    }

    /** The values of a pixel beside each other. */
    private static float[] beside(float[][] axes) {
        float[] values = new float[axes.length * axes[0].length];
        for (int i = 0; i < values.length; i++) values[i] = axes[i % axes.length][i / axes.length];
        return values;
    }

    private static NpyParts stack(List<float[]> pictures, int height, int width) {
        return new NpyParts(new int[] {pictures.size(), height, width}, pictures.size(), pictures::get);
    }
}
