package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.optics.BandSeparation;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.VolumeOptics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Raw structured-illumination images with the microscope that took them.
 *
 * @param images {@code [direction][phase]}, counts above the floor, as the camera sampled them
 * @param phases of the first order in each image of a direction, radians
 * @param times of the images in [-1, 1], direction by direction
 * @param optics with the camera's pixels
 * @param otf transfer functions of the bands
 */
public record SimMeasurement(List<List<Grid3D>> images, double[] phases, double[] times, VolumeOptics optics, RadialOtf otf) {
    private static final double STOKES = 0.95;

    /** Reads the data that the configuration names. */
    public static SimMeasurement load(Configuration c) throws IOException {
        String name = c.get(Keys.DATA_FILE);
        double wavelength = c.get(Keys.WAVELENGTH);
        VolumeOptics optics = new VolumeOptics(wavelength, c.find(Keys.EXCITATION).orElse(STOKES * wavelength), c.get(Keys.APERTURE), c.get(Keys.MEDIUM_INDEX), c.get(Keys.PIXEL_SIZE), c.get(Keys.Z_STEP));
        RadialOtf otf = OtfFile.read(Path.of(c.get(Keys.SIM_OTF)), c.find(Keys.SIM_OTF_PIXEL).orElse(optics.pixelSize()), c.find(Keys.SIM_OTF_STEP).orElse(optics.zStep()));
        List<Grid2D> pages = ImageFiles.read(Arrays.stream(name.split(",")).map(String::strip).map(Path::of).toList());
        int directions = c.get(Keys.DIRECTIONS);
        int count = c.get(Keys.PHASES);
        PageOrder order = PageOrder.of(c.get(Keys.ORDER), directions, count, pages.size(), name);
        double[] phases = c.find(Keys.SIM_PHASES).orElse(BandSeparation.evenPhases(count));
        require(phases.length == count, "sim.phaseSteps lists %d phases but data.phases is %d", phases.length, count);
        List<List<Grid3D>> images = new ArrayList<>();
        double[] times = new double[directions * count];
        for (int direction = 0; direction < directions; direction++) {
            List<Grid3D> taken = new ArrayList<>();
            for (int phase = 0; phase < count; phase++) {
                taken.add(volume(pages, order, direction, phase, c.get(Keys.FLOOR), name));
                times[direction * count + phase] = order.meanPage(direction, phase);
            }
            images.add(List.copyOf(taken));
        }
        return new SimMeasurement(List.copyOf(images), phases, c.find(Keys.TIMES).orElse(normalised(times)), optics, otf);
    }

    private static Grid3D volume(List<Grid2D> pages, PageOrder order, int direction, int phase, double floor, String name) {
        Grid2D first = pages.getFirst();
        Grid3D volume = new Grid3D(order.planes(), first.height(), first.width());
        for (int z = 0; z < order.planes(); z++) {
            int number = order.page(direction, phase, z);
            Grid2D page = pages.get(number);
            require(page.height() == first.height() && page.width() == first.width(), "%s: page %d is %s but page 0 is %s", name, number, page.size(), first.size());
            for (int i = 0; i < page.values().length; i++) {
                double value = page.values()[i];
                require(Double.isFinite(value), "%s: page %d, row %d, column %d is not a finite number", name, number, i / page.width(), i % page.width());
                volume.values()[z * page.values().length + i] = Math.max(0, value - floor);
            }
        }
        return volume;
    }

    /** Brings times of any unit to [-1, 1]. */
    private static double[] normalised(double[] times) {
        double first = Arrays.stream(times).min().orElseThrow();
        double last = Arrays.stream(times).max().orElseThrow();
        return Arrays.stream(times).map(time -> last == first ? 0 : 2 * (time - first) / (last - first) - 1).toArray();
    }
}
