package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Networks;
import dev.nstm.apps.instrument.Once;
import dev.nstm.apps.instrument.Remainder;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.instrument.Training;
import dev.nstm.apps.instrument.Uncertainty;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.Movie;
import dev.nstm.device.Device;
import dev.nstm.device.PixelGrid;
import dev.nstm.field.FieldSpec;
import dev.nstm.imaging.SimInstrument;
import dev.nstm.imaging.SimSystem;
import dev.nstm.imaging.WienerSim;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LightPattern;
import dev.nstm.optics.Oversampling;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.VolumeOptics;
import dev.nstm.tensor.Shape;
import dev.nstm.training.TrainingPlan;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Everything that a structured-illumination reconstruction is made of.
 *
 * @param configuration with every value that followed from the data filled in
 * @param measurement raw images
 * @param images oversampled, in the order of the measurement's
 * @param brightest their largest value, which the model counts as 1
 * @param instrument the microscope with its patterns
 * @param system forward model and loss
 * @param field networks of scene and motion
 * @param plan how they are trained
 * @param replicas of the training, for the uncertainty
 * @param wiener the conventional reconstruction of each time point, which takes the specimen for unmoving meanwhile
 * @param registered the same of directions that were registered before; empty where they cannot be
 */
record SimRun(
        Configuration configuration,
        SimMeasurement measurement,
        List<Grid3D> images,
        double brightest,
        SimInstrument instrument,
        SimSystem system,
        FieldSpec field,
        TrainingPlan plan,
        List<TrainingState> replicas,
        Once<List<Grid3D>> wiener,
        Once<Optional<RegisteredWiener>> registered)
        implements Run {
    private static final double COARSE_TO_FINE = 10;
    private static final double MOTION_TO_FINE = 10;
    private static final double MOTION_ROUGHNESS = 0.01;

    /** Finds what the configuration leaves open, prepares everything. */
    public static SimRun of(Configuration given, SimMeasurement measurement) {
        List<LightPattern> patterns = Patterns.of(given, measurement);
        double zoom = measurement.zoom();
        List<Grid3D> images = measurement.images().stream()
                .map(image -> Oversampling.planes(image, zoom))
                .toList();
        ShotOrder order = measurement.order();
        double brightest = images.stream()
                .flatMapToDouble(image -> Arrays.stream(image.values()))
                .max()
                .orElseThrow();
        VolumeOptics optics = measurement.optics().oversampled(zoom);
        Grid3D first = images.getFirst();
        SimInstrument instrument = SimInstrument.estimate(
                order.byDirection(0, SimMeasurement.mean(order, images)),
                optics,
                patterns,
                measurement.phases(),
                measurement.otfs());
        Configuration configuration = resolve(given, measurement, instrument);
        require(
                configuration.get(SimKeys.SIM_PADDING).length == 3,
                "sim.padding needs three numbers (planes, rows, columns), got %d",
                configuration.get(SimKeys.SIM_PADDING).length);
        int[] padding = Arrays.stream(configuration.get(SimKeys.SIM_PADDING))
                .mapToInt(samples -> (int) samples)
                .toArray();
        if (first.depth() == 1) padding[0] = 0;
        require(
                Math.min(first.height(), first.width()) > 2 * configuration.get(Keys.LOSS_MARGIN),
                "%s: images of %s are too small: a margin of %d on each side (loss.margin) leaves nothing",
                given.find(Keys.DATA_FILE).orElse("the data"),
                first.size(),
                configuration.get(Keys.LOSS_MARGIN));
        SimSystem system = new SimSystem(
                instrument,
                images,
                brightest,
                measurement.times(),
                new SimSystem.Loss(
                        configuration.get(Keys.LOSS_MARGIN),
                        configuration.get(Keys.LOSS_NEGATIVE_WEIGHT),
                        configuration.get(SimKeys.SIM_HELD_BACK)),
                padding);
        return new SimRun(
                configuration,
                measurement,
                images,
                brightest,
                instrument,
                system,
                field(configuration, first.depth(), first.height(), first.width()),
                plan(configuration, system.shots()),
                List.of(),
                new Once<>(() -> wiener(configuration, instrument, order, images)),
                new Once<>(() -> RegisteredWiener.canRegister(instrument)
                        ? Optional.of(RegisteredWiener.of(instrument, order, images, settings(configuration)))
                        : Optional.empty()));
    }

    /** Fills in what follows from the data. */
    private static Configuration resolve(Configuration given, SimMeasurement measurement, SimInstrument instrument) {
        VolumeOptics optics = instrument.optics();
        // Half the finest period that the bands carry together.
        double resolution = 0.5 / (optics.lateralCutoff() + instrument.largestFrequency());
        double finest = given.find(Keys.OBJECT_FINEST_CELL).orElse(Math.max(optics.pixelSize(), resolution));
        double step = optics.zStep();
        return Training.resolve(Patterns.with(given, instrument.patterns()), measurement.times().length)
                .with(SimKeys.OPTICS_EXCITATION_WAVELENGTH, measurement.optics().excitationWavelength())
                .with(Keys.DATA_TIMES, measurement.times())
                .with(Keys.OBJECT_FINEST_CELL, finest)
                .withDefault(Keys.OBJECT_COARSEST_CELL, COARSE_TO_FINE * finest)
                .withDefault(SimKeys.OBJECT_FINEST_CELL_Z, 1.25 * step)
                .withDefault(SimKeys.OBJECT_COARSEST_CELL_Z, 4 * step)
                .withDefault(Keys.MOTION_FINEST_CELL, MOTION_TO_FINE * finest)
                .withDefault(SimKeys.MOTION_FINEST_CELL_Z, 2.5 * step)
                .withDefault(Keys.LOSS_MOTION_ROUGHNESS, MOTION_ROUGHNESS)
                .withDefault(
                        Keys.MOTION_TIME_CELLS,
                        2 * instrument.directions() * measurement.order().timePoints() - 1);
    }

    /**
     * Networks for a volume or, with one plane, a picture: the scene in a box twice as wide and deep, the motion over
     * the images.
     */
    static FieldSpec field(Configuration c, int depth, int height, int width) {
        double pixel = c.get(Keys.OPTICS_PIXEL_SIZE) / c.get(SimKeys.SIM_ZOOM);
        double[] spacing = {c.get(SimKeys.OPTICS_Z_STEP), pixel, pixel};
        int[] extents = {depth, height, width};
        int first = depth == 1 ? 1 : 0;
        int axes = 3 - first;
        List<Networks.Axis> object = new ArrayList<>();
        List<Networks.Axis> motion = new ArrayList<>();
        double[] scale = new double[axes];
        String motionScale = c.get(Keys.MOTION_SCALE);
        for (int i = 0; i < axes; i++) {
            int axis = first + i;
            boolean lateral = axis > 0;
            int extent = extents[axis];
            double begin = lateral ? -0.5 * extent : 0;
            double length = 2 * extent * spacing[axis];
            object.add(new Networks.Axis(
                    begin,
                    begin + 2 * extent,
                    Math.max(1, length / c.get(lateral ? Keys.OBJECT_COARSEST_CELL : SimKeys.OBJECT_COARSEST_CELL_Z)),
                    Math.max(1, length / c.get(lateral ? Keys.OBJECT_FINEST_CELL : SimKeys.OBJECT_FINEST_CELL_Z))));
            double moving = lateral ? extent : 2 * extent;
            double finest = Math.max(
                    1,
                    moving * spacing[axis] / c.get(lateral ? Keys.MOTION_FINEST_CELL : SimKeys.MOTION_FINEST_CELL_Z));
            motion.add(new Networks.Axis(0, moving, Math.max(1, finest * (lateral ? 0.1 : 1 / 3.0)), finest));
            scale[i] = motionScale.equals("field")
                    ? extent + 2 * c.get(SimKeys.SIM_PADDING)[axis]
                    : Double.parseDouble(motionScale) * pixel / spacing[axis];
        }
        return Networks.field(c, object, 1, motion, scale, Optional.empty());
    }

    /** The strengths of the orders are trained once all features are open. */
    private static TrainingPlan plan(Configuration c, int shots) {
        int delay = (int) (c.get(Keys.TRAINING_ANNEALED_FRACTION)
                * c.get(Keys.TRAINING_EPOCHS)
                * Training.stepsPerEpoch(c, shots));
        return Training.plan(c, shots, Training.schedule(c, c.get(Keys.TRAINING_INSTRUMENT_RATE), delay));
    }

    /** Where results are shown: the voxels of the images. */
    static PixelGrid shown(int depth, int height, int width) {
        if (depth == 1) return PixelGrid.of(Shape.of(height, width));
        return new PixelGrid(Shape.of(depth, height, width), new double[] {depth / 2, 0, 0}, new double[] {1, 1, 1});
    }

    /** Images are oversampled without anything new between the camera's pixels. */
    @Override
    public double oversampling() {
        return configuration.get(SimKeys.SIM_ZOOM);
    }

    @Override
    public int shotsOfAnImage() {
        return system.shots() / images.size();
    }

    @Override
    public Remainder.Advice advice() {
        return new Remainder.Advice(
                "the camera's dark level (data.floor), or more planes (sim.padding) where light comes from out of focus",
                "nstm sim estimate to check the light patterns, a smaller loss.motionRoughness or more training.epochs");
    }

    @Override
    public List<String> doubts() {
        List<String> doubts = new ArrayList<>(measurement.doubts());
        for (int direction = 0; direction < instrument.directions(); direction++) {
            if (!PatternReport.shows(instrument, direction))
                doubts.add("direction " + (direction + 1) + ": "
                        + PatternReport.doubt(instrument.modulations().get(direction))
                        + "; check angle and line spacing with nstm sim estimate");
        }
        return doubts;
    }

    @Override
    public void readData(Consumer<double[]> reader) {
        for (Grid3D image : measurement.images()) reader.accept(image.values());
        for (RadialOtf otf : measurement.otfs()) {
            reader.accept(otf.re());
            reader.accept(otf.im());
        }
    }

    private static WienerSim.Settings settings(Configuration c) {
        return new WienerSim.Settings(
                c.get(SimKeys.BASELINE_WIENER_WEIGHT),
                c.get(SimKeys.BASELINE_NOTCH_DEPTH),
                c.get(SimKeys.BASELINE_NOTCH_WIDTH));
    }

    private static List<Grid3D> wiener(
            Configuration c, SimInstrument instrument, ShotOrder order, List<Grid3D> images) {
        return IntStream.range(0, order.timePoints())
                .mapToObj(time -> WienerSim.solve(instrument, order.byDirection(time, images), settings(c)))
                .toList();
    }

    /** What a microscope without patterns would have seen at each time point. */
    public List<Grid3D> widefield() {
        return IntStream.range(0, measurement.order().timePoints())
                .mapToObj(time -> Grid3D.mean(measurement.order().at(time, images)))
                .toList();
    }

    /** Whole trainings: reduced pictures show no more than a microscope without patterns. */
    @Override
    public Run replicated(Device device, Consumer<String> log, BooleanSupplier stop) {
        return new SimRun(
                configuration,
                measurement,
                images,
                brightest,
                instrument,
                system,
                field,
                plan,
                Uncertainty.wholeReplicas(this, device, log, stop),
                wiener,
                registered);
    }

    @Override
    public Configuration trained() {
        return configuration.with(Keys.UNCERTAINTY_REPLICAS, 0);
    }

    @Override
    public List<Channel> channels() {
        return List.of(Channel.DENSITY);
    }

    @Override
    public Movie movie(Device device, TrainingState state, Path directory) {
        return SimResults.rendered(this, Map.of(), state, device, directory);
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
