package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.run.Run;
import dev.nstm.device.Activation;
import dev.nstm.device.Device;
import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.PixelGrid;
import dev.nstm.field.Annealing;
import dev.nstm.field.FieldSpec;
import dev.nstm.field.HashGrids;
import dev.nstm.imaging.SimInstrument;
import dev.nstm.imaging.SimSystem;
import dev.nstm.imaging.WienerSim;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LinePattern;
import dev.nstm.optics.Modulation;
import dev.nstm.optics.Oversampling;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.VolumeOptics;
import dev.nstm.tensor.Shape;
import dev.nstm.training.Schedule;
import dev.nstm.training.TrainingPlan;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Everything that a structured-illumination reconstruction is made of.
 *
 * @param configuration with every value that followed from the data filled in
 * @param measurement raw images
 * @param images oversampled
 * @param brightest their largest value, which the model counts as 1
 * @param instrument the microscope with its patterns
 * @param system forward model and loss
 * @param field networks of scene and motion
 * @param plan how they are trained
 */
public record SimRun(Configuration configuration, SimMeasurement measurement, List<List<Grid3D>> images, double brightest, SimInstrument instrument, SimSystem system, FieldSpec field, TrainingPlan plan) implements Run {
    private static final double COARSE_TO_FINE = 10;
    private static final double MOTION_TO_FINE = 10;

    /** Finds what the configuration leaves open, prepares everything. */
    public static SimRun of(Configuration given, SimMeasurement measurement) {
        List<LinePattern> patterns = Patterns.of(given, measurement);
        double zoom = measurement.zoom();
        List<List<Grid3D>> images = measurement.images().stream().map(direction -> direction.stream().map(image -> Oversampling.planes(image, zoom)).toList()).toList();
        double brightest = images.stream().flatMap(List::stream).flatMapToDouble(image -> Arrays.stream(image.values())).max().orElseThrow();
        VolumeOptics optics = measurement.optics().oversampled(zoom);
        Grid3D first = images.getFirst().getFirst();
        SimInstrument instrument = SimInstrument.estimate(images, optics, patterns, measurement.phases(), measurement.otfs());
        Configuration configuration = resolve(given, measurement, instrument);
        require(configuration.get(Keys.SIM_PADDING).length == 3, "sim.padding needs three numbers (planes, rows, columns), got %d", configuration.get(Keys.SIM_PADDING).length);
        int[] padding = Arrays.stream(configuration.get(Keys.SIM_PADDING)).mapToInt(samples -> (int) samples).toArray();
        if (first.depth() == 1) padding[0] = 0;
        SimSystem system = new SimSystem(instrument, images, brightest, measurement.times(), new SimSystem.Loss(configuration.get(Keys.MARGIN), configuration.get(Keys.NEGATIVE_WEIGHT),
                configuration.get(Keys.SIM_HELD_BACK)), padding);
        // Bands and overlaps in double precision leave a multiple of what stays as garbage; returned here, its memory serves the tensors.
        System.gc();
        return new SimRun(configuration, measurement, images, brightest, instrument, system, field(configuration, first.depth(), first.height(), first.width()), plan(configuration, system.shots()));
    }

    /** Fills in what follows from the data. */
    private static Configuration resolve(Configuration given, SimMeasurement measurement, SimInstrument instrument) {
        VolumeOptics optics = instrument.optics();
        int shots = measurement.times().length;
        int batch = Math.min(given.get(Keys.BATCH), shots);
        int steps = given.get(Keys.EPOCHS) * ((shots + batch - 1) / batch);
        // Half the finest period that the bands carry together.
        double resolution = 0.5 / (optics.lateralCutoff() + (instrument.orders() - 1) * instrument.largestFrequency());
        double finest = given.find(Keys.OBJECT_FINEST).orElse(Math.max(optics.pixelSize(), resolution));
        double step = optics.zStep();
        return given.with(Keys.EXCITATION, measurement.optics().excitationWavelength())
                .with(Keys.TIMES, measurement.times())
                .with(Keys.SIM_ANGLES, instrument.patterns().stream().mapToDouble(LinePattern::angle).toArray())
                .with(Keys.SIM_SPACINGS, instrument.patterns().stream().mapToDouble(LinePattern::lineSpacing).toArray())
                .with(Keys.OBJECT_FINEST, finest)
                .with(Keys.OBJECT_COARSEST, given.find(Keys.OBJECT_COARSEST).orElse(COARSE_TO_FINE * finest))
                .with(Keys.OBJECT_FINEST_Z, given.find(Keys.OBJECT_FINEST_Z).orElse(1.25 * step))
                .with(Keys.OBJECT_COARSEST_Z, given.find(Keys.OBJECT_COARSEST_Z).orElse(4 * step))
                .with(Keys.MOTION_CELL, given.find(Keys.MOTION_CELL).orElse(MOTION_TO_FINE * finest))
                .with(Keys.MOTION_CELL_Z, given.find(Keys.MOTION_CELL_Z).orElse(2.5 * step))
                .with(Keys.MOTION_TIME_CELLS, given.find(Keys.MOTION_TIME_CELLS).orElse(2 * instrument.directions() - 1))
                .with(Keys.DECAY_STEPS, given.find(Keys.DECAY_STEPS).orElse((double) steps));
    }

    /** Networks for a volume or, with one plane, a picture: the scene in a box twice as wide and deep, the motion over the images. */
    static FieldSpec field(Configuration c, int depth, int height, int width) {
        double pixel = c.get(Keys.PIXEL_SIZE) / c.get(Keys.SIM_ZOOM);
        double[] spacing = {c.get(Keys.Z_STEP), pixel, pixel};
        int[] extents = {depth, height, width};
        int first = depth == 1 ? 1 : 0;
        int axes = 3 - first;
        double[] low = new double[axes];
        double[] high = new double[axes];
        double[] coarsest = new double[axes];
        double[] finest = new double[axes];
        double[] motionLow = new double[axes + 1];
        double[] motionHigh = new double[axes + 1];
        double[] motionBase = new double[axes + 1];
        double[] motionFinest = new double[axes + 1];
        double[] scale = new double[axes];
        for (int i = 0; i < axes; i++) {
            int axis = first + i;
            boolean lateral = axis > 0;
            low[i] = lateral ? -0.5 * extents[axis] : 0;
            high[i] = low[i] + 2 * extents[axis];
            double length = 2 * extents[axis] * spacing[axis];
            coarsest[i] = Math.max(1, length / c.get(lateral ? Keys.OBJECT_COARSEST : Keys.OBJECT_COARSEST_Z));
            finest[i] = Math.max(1, length / c.get(lateral ? Keys.OBJECT_FINEST : Keys.OBJECT_FINEST_Z));
            motionHigh[i] = lateral ? extents[axis] : 2 * extents[axis];
            motionFinest[i] = Math.max(1, motionHigh[i] * spacing[axis] / c.get(lateral ? Keys.MOTION_CELL : Keys.MOTION_CELL_Z));
            motionBase[i] = Math.max(1, motionFinest[i] * (lateral ? 0.1 : 1 / 3.0));
            String motionScale = c.get(Keys.MOTION_SCALE);
            scale[i] = motionScale.equals("field") ? extents[axis] + 2 * c.get(Keys.SIM_PADDING)[axis] : Double.parseDouble(motionScale) * pixel / spacing[axis];
        }
        motionLow[axes] = -1;
        motionHigh[axes] = 1;
        motionBase[axes] = 1;
        motionFinest[axes] = c.get(Keys.MOTION_TIME_CELLS);
        Encoding.Addressing addressing = Encoding.Addressing.valueOf(c.get(Keys.GRID).toUpperCase(Locale.ROOT));
        NetworkLayout object = new NetworkLayout(List.of(HashGrids.geometric(0, low, high, c.get(Keys.OBJECT_LEVELS), c.get(Keys.OBJECT_FEATURES), c.get(Keys.OBJECT_TABLE), coarsest, finest, addressing)),
                c.get(Keys.OBJECT_WIDTH), c.get(Keys.OBJECT_DEPTH), c.get(Keys.OBJECT_SKIP), activation(c.get(Keys.OBJECT_ACTIVATION)), 1);
        NetworkLayout motion = new NetworkLayout(List.of(HashGrids.geometric(0, motionLow, motionHigh, c.get(Keys.MOTION_LEVELS), c.get(Keys.MOTION_FEATURES), c.get(Keys.MOTION_TABLE), motionBase, motionFinest, addressing)),
                c.get(Keys.MOTION_WIDTH), c.get(Keys.MOTION_DEPTH), c.get(Keys.MOTION_SKIP), activation(c.get(Keys.MOTION_ACTIVATION)), axes);
        return new FieldSpec(object, motion, scale, c.get(Keys.ANNEALING).equals("published") ? Annealing.PUBLISHED : Annealing.BY_LEVEL);
    }

    private static Activation activation(String name) {
        return Activation.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static TrainingPlan plan(Configuration c, int shots) {
        int epochs = c.get(Keys.EPOCHS);
        double decay = c.get(Keys.DECAY_RATE);
        double steps = c.get(Keys.DECAY_STEPS);
        double floor = c.get(Keys.RATE_FLOOR);
        int every = c.get(Keys.UPDATE_EVERY);
        return new TrainingPlan(epochs, Math.min(c.get(Keys.BATCH), shots), c.get(Keys.ANNEALED) * epochs, c.get(Keys.SEED),
                new Schedule(c.get(Keys.OBJECT_RATE), decay, steps, floor, every, 0),
                new Schedule(c.get(Keys.MOTION_RATE), decay, steps, c.get(Keys.MOTION_RATE) == 0 ? 0 : floor, every, c.get(Keys.MOTION_DELAY)),
                new Schedule(c.get(Keys.INSTRUMENT_RATE), decay, steps, c.get(Keys.INSTRUMENT_RATE) == 0 ? 0 : floor, every, (int) (c.get(Keys.ANNEALED) * epochs * Math.ceilDiv(shots, Math.min(c.get(Keys.BATCH), shots)))), List.of());
    }

    /** Where results are shown: the voxels of the images. */
    static PixelGrid shown(int depth, int height, int width) {
        if (depth == 1) return PixelGrid.of(Shape.of(height, width));
        return new PixelGrid(Shape.of(depth, height, width), new double[] {depth / 2, 0, 0}, new double[] {1, 1, 1});
    }

    /** What the user should look at before trusting the result, a line each. */
    public List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        for (int direction = 0; direction < instrument.directions(); direction++) {
            Modulation highest = instrument.modulations().get(direction).getLast();
            if (!PatternReport.present(highest)) doubts.add(String.format(Locale.ROOT, "direction %d shows hardly any modulation (correlation %.2f of its highest band); check angle and line spacing with nstm sim estimate", direction, highest.correlation()));
        }
        return doubts;
    }

    @Override
    public void readData(Consumer<double[]> reader) {
        for (List<Grid3D> direction : measurement.images()) for (Grid3D image : direction) reader.accept(image.values());
        for (RadialOtf otf : measurement.otfs()) {
            reader.accept(otf.re());
            reader.accept(otf.im());
        }
    }

    /** The conventional reconstruction, which takes the specimen for unmoving. */
    public Grid3D wiener() {
        return WienerSim.solve(instrument, images, new WienerSim.Settings(configuration.get(Keys.WIENER_WEIGHT), configuration.get(Keys.NOTCH_DEPTH), configuration.get(Keys.NOTCH_WIDTH)));
    }

    @Override
    public String conclude(Path directory, Device device, TrainingState state) throws IOException {
        return SimResults.write(this, directory, device, state);
    }

    @Override
    public String baseline(Path directory) throws IOException {
        return SimResults.writeConventional(this, directory);
    }
}
