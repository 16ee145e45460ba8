package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Specimens;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.movie.Times;
import dev.nstm.imaging.SimInstrument;
import dev.nstm.metrics.Displacements;
import dev.nstm.optics.BandSeparation;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LightPattern;
import dev.nstm.optics.Modulation;
import dev.nstm.optics.Oversampling;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.TheoreticalOtf;
import dev.nstm.optics.VolumeOptics;
import dev.nstm.simulate.CameraNoise;
import dev.nstm.simulate.Motion;
import dev.nstm.simulate.MovingFilaments;
import dev.nstm.simulate.MovingPhantom;
import dev.nstm.simulate.SimImaging;
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
import java.util.stream.IntStream;

/**
 * Images of simulated moving filaments, with everything that is true about them, in the form of the published tool's
 * archive.
 */
public final class SimSimulator {
    /** Twice the camera's sampling for the scene: more than the bands carry. */
    private static final int BINNING = 2;

    private static final int OTF_SAMPLES = 128;
    private static final int OTF_AXIAL = 32;
    private static final double PHOTONS = 1000;
    private static final double LATTICE_STRENGTH = 2.0 / 3;
    /** Half thickness of a test object in planes. */
    private static final double THICKNESS = 1.2;

    private SimSimulator() {}

    /** Writes {@code img}, {@code OTF}, {@code timestamp_phase} and the truth ({@code density}, {@code motion}). */
    public static void write(Configuration c, Path file) throws IOException {
        VolumeOptics camera = new VolumeOptics(
                c.get(Keys.OPTICS_WAVELENGTH),
                c.get(SimKeys.OPTICS_EXCITATION_WAVELENGTH),
                c.get(Keys.OPTICS_NUMERICAL_APERTURE),
                c.get(Keys.OPTICS_MEDIUM_INDEX),
                c.get(Keys.OPTICS_PIXEL_SIZE),
                c.get(SimKeys.OPTICS_Z_STEP));
        require(
                c.get(SimKeys.SIM_ZOOM) == BINNING,
                "simulated scenes have %d times the camera's rows and columns: sim.zoom must be %d, got %s",
                BINNING,
                BINNING,
                c.get(SimKeys.SIM_ZOOM));
        VolumeOptics fine = camera.oversampled(BINNING);
        int depth = c.get(SimKeys.SIMULATION_PLANES);
        int height = BINNING * c.get(Keys.SIMULATION_HEIGHT);
        int width = BINNING * c.get(Keys.SIMULATION_WIDTH);
        boolean lattice = c.get(SimKeys.SIM_PATTERN).equals("lattice");
        int directions = lattice ? c.get(SimKeys.DATA_DIRECTIONS) : c.get(SimKeys.SIM_ANGLES).length;
        long imageCount = (long) c.get(SimKeys.DATA_TIME_POINTS) * directions * c.get(SimKeys.DATA_PHASES);
        boolean everyPlane = c.get(SimKeys.SIM_TIMING).equals("plane");
        Specimens.checkSize(
                6 * imageCount * depth * height * width,
                9 * imageCount * (everyPlane ? depth : 1) * depth * height * width);
        double[] phases = BandSeparation.evenPhases(c.get(SimKeys.DATA_PHASES));
        int bands = Patterns.bands(c, lattice);
        List<LightPattern> patterns =
                Patterns.configured(c, directions, bands, lattice).orElseThrow();
        RadialOtf ofLines = TheoreticalOtf.of(
                camera,
                SimMeasurement.light(
                        camera, phases.length, patterns.getFirst().first().lineSpacing()),
                OTF_SAMPLES,
                depth == 1 ? 1 : OTF_AXIAL);
        RadialOtf otf = lattice ? ofLines.ofCentralBand(bands) : ofLines;
        SplittableRandom random = new SplittableRandom(c.get(Keys.SIMULATION_SEED));
        SimInstrument instrument = instrument(fine, patterns, phases, otf, random);
        MovingFilaments drifting = new MovingFilaments(
                depth,
                height,
                width,
                c.get(Keys.SIMULATION_DRIFT),
                c.get(Keys.SIMULATION_DEFORMATION),
                c.get(Keys.SIMULATION_SEED));
        MovingFilaments filaments = Specimens.motion(c, height, width)
                .map(given -> new MovingFilaments(depth, height, width, given, c.get(Keys.SIMULATION_SEED)))
                .orElse(drifting);
        Optional<MovingPhantom> phantom = Specimens.phantom(c, height, width, drifting.motion());
        Motion motion = phantom.map(MovingPhantom::motion).orElse(filaments.motion());
        DoubleFunction<Grid3D> specimen =
                time -> phantom.map(object -> volume(object.at(time), depth)).orElseGet(() -> filaments.at(time));
        int timePoints = c.get(SimKeys.DATA_TIME_POINTS);
        ShotOrder shots = new ShotOrder(timePoints, patterns.size(), phases.length);
        int count = shots.count();
        // Planes with times of their own follow each other without a pause between images.
        double[] times = everyPlane ? Times.evenly(count * depth) : Times.evenly(count);
        double[] imageTimes = IntStream.range(0, count)
                .mapToDouble(i -> Arrays.stream(times, i * times.length / count, (i + 1) * times.length / count)
                        .average()
                        .orElseThrow())
                .toArray();
        List<Grid3D> densities = Arrays.stream(imageTimes).mapToObj(specimen).toList();
        List<Grid3D> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int direction = shots.direction(i);
            int phase = shots.phase(i);
            Grid3D image = everyPlane
                    ? byPlane(
                            specimen,
                            Arrays.copyOfRange(times, i * depth, (i + 1) * depth),
                            instrument,
                            direction,
                            phase)
                    : SimImaging.image(densities.get(i), instrument, direction, phase, BINNING);
            images.add(bleached(image, Math.pow(1 - c.get(SimKeys.SIMULATION_BLEACHING), (imageTimes[i] + 1) / 2)));
        }
        double brightest = images.stream()
                .flatMapToDouble(image -> Arrays.stream(image.values()))
                .max()
                .orElseThrow();
        List<Grid3D> recorded = new ArrayList<>();
        CameraNoise noise = new CameraNoise(
                c.find(Keys.SIMULATION_PHOTONS).orElse(PHOTONS) / brightest, 0, c.get(Keys.SIMULATION_HOT_PIXELS));
        for (Grid3D image : images)
            recorded.add(Oversampling.planes(
                    SimImaging.noisy(image, noise, brightest, random, c.get(Keys.SIMULATION_SEED) + 1L), BINNING));
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        int[] order = timePoints == 1
                ? new int[] {patterns.size(), phases.length}
                : new int[] {timePoints, patterns.size(), phases.length};
        arrays.put("img", SimResults.stack(recorded, with(order, depth, height, width)));
        arrays.put("OTF", OtfFile.toArray(otf, patterns.size()));
        arrays.put("timestamp_phase", new NpyArray(everyPlane ? with(order, depth) : order, times));
        arrays.put("density", SimResults.stack(densities, count, depth, height, width));
        arrays.put("motion", displacements(motion, imageTimes, depth, height, width));
        Npz.write(file, arrays);
    }

    private static Grid3D bleached(Grid3D image, double left) {
        return image.eachPlane(plane -> {
            for (int i = 0; i < plane.values().length; i++) plane.values()[i] *= left;
            return plane;
        });
    }

    /** A flat test object in the middle plane, with soft faces. */
    private static Grid3D volume(Grid2D brightness, int depth) {
        Grid3D volume = new Grid3D(depth, brightness.height(), brightness.width());
        for (int i = 0; i < volume.values().length; i++) {
            double plane = (i / brightness.values().length - 0.5 * (depth - 1)) / THICKNESS;
            volume.values()[i] = Math.exp(-0.5 * plane * plane) * brightness.values()[i % brightness.values().length];
        }
        return volume;
    }

    private static int[] with(int[] extents, int... further) {
        return IntStream.concat(Arrays.stream(extents), Arrays.stream(further)).toArray();
    }

    /** An image whose planes were taken one after another. */
    private static Grid3D byPlane(
            DoubleFunction<Grid3D> specimen, double[] times, SimInstrument instrument, int direction, int phase) {
        List<double[]> planes = new ArrayList<>();
        Grid3D image = null;
        for (int z = 0; z < times.length; z++) {
            image = SimImaging.image(specimen.apply(times[z]), instrument, direction, phase, BINNING);
            planes.add(image.plane(z).values());
        }
        return new Grid3D(
                times.length,
                image.height(),
                image.width(),
                planes.stream().flatMapToDouble(Arrays::stream).toArray());
    }

    private static SimInstrument instrument(
            VolumeOptics optics, List<LightPattern> patterns, double[] phases, RadialOtf otf, SplittableRandom random) {
        List<List<Modulation>> modulations = new ArrayList<>();
        for (int direction = 0; direction < patterns.size(); direction++) {
            double phase = 2 * Math.PI * random.nextDouble();
            // Gratings of a lattice of equal beams are each 2/3 as strong as the light; those of lines are in the OTF.
            double strength = patterns.get(direction).lines() ? 1 : LATTICE_STRENGTH;
            List<Modulation> orders = new ArrayList<>();
            for (int order = 0; order < otf.bands(); order++)
                orders.add(
                        order == 0 ? Modulation.CENTRAL : new Modulation(phase, strength, 1, Double.POSITIVE_INFINITY));
            modulations.add(List.copyOf(orders));
        }
        double[] brightness = new double[patterns.size()];
        Arrays.fill(brightness, 1);
        return new SimInstrument(
                optics, patterns, phases, Collections.nCopies(patterns.size(), otf), modulations, brightness);
    }

    /** Displacement of the specimen since the first image. */
    private static NpyArray displacements(Motion motion, double[] times, int depth, int height, int width) {
        int axes = depth == 1 ? 2 : 3;
        int[] extents = {depth, height, width};
        float[][][] looks = new float[times.length][axes][depth * height * width];
        for (int t = 0; t < times.length; t++) {
            for (int i = 0; i < depth * height * width; i++) {
                double[] shift = motion.at(i / width % height, i % width, times[t]);
                looks[t][axes - 2][i] = (float) shift[0];
                looks[t][axes - 1][i] = (float) shift[1];
            }
        }
        return NpyArray.ofParts(
                Displacements.sinceFirst(looks, times, Arrays.copyOfRange(extents, 3 - axes, 3)),
                times.length,
                depth,
                height,
                width,
                axes);
    }
}
