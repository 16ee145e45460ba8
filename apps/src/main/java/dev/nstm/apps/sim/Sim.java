package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.ConfigEntry;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Systems;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Extent;
import dev.nstm.apps.instrument.Footprint;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.OpticsQuestions;
import dev.nstm.apps.instrument.Question;
import dev.nstm.apps.instrument.RawPictures;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.instrument.ShotWindow;
import dev.nstm.apps.io.Calibration;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Pictures;
import dev.nstm.apps.io.Region;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Times;
import dev.nstm.device.Device;
import dev.nstm.optics.BandSeparation;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.TheoreticalOtf;
import dev.nstm.optics.VolumeOptics;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Structured illumination, in two and in three dimensions. */
public final class Sim implements Instrument {
    static final String NAME = "sim";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "SIM";
    }

    @Override
    public List<Key<?>> keys() {
        return SimKeys.ALL;
    }

    /** Patterns are sought in this many pixels around the middle of the field. */
    private static final int SEARCHED = 256;

    /** More epochs make structure of the grain in real stacks. */
    @Override
    public Map<String, String> defaults() {
        return Map.of(
                Keys.TRAINING_EPOCHS.path(),
                "100",
                Keys.TRAINING_BATCH_SIZE.path(),
                "4",
                Keys.TRAINING_COARSE_SHARES.path(),
                "0.1, 0.3",
                Keys.UNCERTAINTY_REPLICAS.path(),
                "0");
    }

    @Override
    public Map<String, String> synonyms() {
        Map<String, String> synonyms = new HashMap<>(PublishedSim.PROGRAM.keys());
        synonyms.putAll(Map.of(
                "zspacing",
                SimKeys.OPTICS_Z_STEP.path(),
                "angle",
                SimKeys.SIM_ANGLES.path(),
                "spacing",
                SimKeys.SIM_LINE_SPACINGS.path()));
        return synonyms;
    }

    @Override
    public Run load(Configuration configuration) throws IOException {
        Configuration told = SimMeasurement.told(configuration);
        return SimRun.of(told, SimMeasurement.load(told));
    }

    @Override
    public void simulate(Configuration configuration, Path file) throws IOException {
        SimSimulator.write(configuration, file);
    }

    @Override
    public Movie again(Path directory, Configuration configuration, TrainingState state, Device device, double[] times)
            throws IOException {
        return SimResults.again(directory, configuration, state, device, times);
    }

    @Override
    public Optional<Extent> extent(Configuration c) throws IOException {
        return Optional.of(SimMeasurement.extent(c));
    }

    @Override
    public Optional<Footprint> footprint(Configuration c) {
        return Optional.of(new Footprint(280e6, 100, 130, 3e-6));
    }

    @Override
    public double samplesOfPixel(Configuration c) {
        return c.get(SimKeys.SIM_ZOOM) * c.get(SimKeys.SIM_ZOOM);
    }

    /** Patterns that the configuration leaves open are found in the middle of the field at the first time point. */
    @Override
    public Configuration shared(Configuration given, Path directory) throws IOException {
        require(
                given.find(Keys.PATCHES_SIZE).isEmpty() || given.get(SimKeys.SIM_ZOOM) % 1 == 0,
                "sim.zoom: patches are joined sample by sample, for which a whole number is needed, got %s",
                given.get(SimKeys.SIM_ZOOM));
        Configuration c = RawPictures.absolute(given, SimKeys.SIM_OTF, SimKeys.SIM_PSF, SimKeys.DATA_TIMESTAMPS);
        if (c.find(SimKeys.SIM_ANGLES).isPresent()
                || c.find(SimKeys.SIM_LINE_SPACINGS).isPresent()) return c;
        Extent extent = SimMeasurement.extent(c);
        int height = Math.min(SEARCHED, extent.rows());
        int width = Math.min(SEARCHED, extent.columns());
        Region middle = new Region((extent.rows() - height) / 2, (extent.columns() - width) / 2, height, width);
        Configuration looked = c.with(Keys.DATA_CROP, middle.setting());
        if (extent.shots() > extent.together())
            looked = looked.with(Keys.DATA_SHOTS, new ShotWindow(0, extent.together()).setting());
        return Patterns.with(c, Patterns.found(SimMeasurement.load(looked)));
    }

    @Override
    public double[] spacing(Configuration c) {
        double pixel = c.get(Keys.OPTICS_PIXEL_SIZE) / c.get(SimKeys.SIM_ZOOM);
        return new double[] {c.get(SimKeys.OPTICS_Z_STEP), pixel, pixel};
    }

    @Override
    public Optional<Comparison> evaluate(Npz arrays, Path result, OptionalInt margin) throws IOException {
        Optional<SimTruth> truth = SimTruth.find(arrays);
        if (truth.isEmpty()) return Optional.empty();
        Path configuration = result.resolveSibling("config.yaml");
        require(
                Files.exists(configuration),
                "%s: the configuration of the run is needed beside it, as nstm reconstruct left it",
                configuration);
        return Optional.of(SimResults.evaluate(
                truth.get(), result, Configuration.read(configuration, List.of(), Systems.only(this)), margin));
    }

    @Override
    public boolean recognises(Npz arrays) {
        return arrays.has("OTF");
    }

    @Override
    public List<Question> questions(Optional<Pictures> pictures) {
        Calibration calibration = pictures.map(Pictures::calibration).orElse(Calibration.NONE);
        List<Question> questions = new ArrayList<>(OpticsQuestions.of(calibration));
        questions.add(Question.usually(
                Keys.OPTICS_MEDIUM_INDEX, "refractive index of the immersion: 1 air, 1.33 water, 1.515 oil", "1.515"));
        questions.add(Question.told(
                SimKeys.OPTICS_Z_STEP, "distance of planes, um; any for a single plane", calibration.zStep()));
        if (pictures.isPresent()) {
            questions.add(Question.usually(SimKeys.DATA_DIRECTIONS, "directions of the pattern", "3"));
            questions.add(
                    Question.usually(SimKeys.DATA_PHASES, "images per direction: 3 for two beams, 5 for three", "5"));
            questions.add(
                    Question.usually(SimKeys.DATA_ORDER, "what the pages count, slowest first", SimKeys.USUAL_ORDER));
        }
        questions.add(Question.usually(SimKeys.SIM_OTF, "file of the transfer functions, or theoretical", "theoretical")
                .orArray("OTF"));
        return questions;
    }

    @Override
    public Optional<Map<String, ConfigEntry>> published(Path file, Consumer<String> notice) throws IOException {
        return PublishedSim.PROGRAM.read(file, notice);
    }

    @Override
    public boolean estimates() {
        return true;
    }

    @Override
    public List<Demo> demos() {
        return List.of(
                Demo.bundled(
                        "sim",
                        "sim3d-demo.yaml",
                        "Fifteen stacks of moving filaments under three-beam patterns are simulated and reconstructed."),
                Demo.bundled(
                        "sim2d",
                        "sim2d-demo.yaml",
                        "Nine pictures of moving filaments under two-beam patterns are simulated and reconstructed."));
    }

    @Override
    public Optional<Benchmark> benchmark() {
        return Optional.of(new Benchmark("sim3d", List.of(9, 128, 128), 1, Sim::noise));
    }

    /**
     * Images of noise under three-beam light; the scene has the volume's size but for two planes of padding at each
     * end.
     */
    private static Run noise(int[] size, List<String> settings) throws IOException {
        List<String> all =
                Stream.concat(Stream.of("sim.zoom=1"), settings.stream()).toList();
        Configuration configuration = Configuration.bundled("sim3d-demo.yaml", all, Systems.only(new Sim()));
        VolumeOptics optics = new VolumeOptics(
                configuration.get(Keys.OPTICS_WAVELENGTH),
                configuration.get(SimKeys.OPTICS_EXCITATION_WAVELENGTH),
                configuration.get(Keys.OPTICS_NUMERICAL_APERTURE),
                configuration.get(Keys.OPTICS_MEDIUM_INDEX),
                configuration.get(Keys.OPTICS_PIXEL_SIZE) / 2,
                configuration.get(SimKeys.OPTICS_Z_STEP));
        RadialOtf otf = TheoreticalOtf.of(
                optics,
                TheoreticalOtf.Light.threeBeams(optics, 1 / configuration.get(SimKeys.SIM_LINE_SPACINGS)[0]),
                128,
                32);
        SplittableRandom random = new SplittableRandom(1);
        ShotOrder order = new ShotOrder(1, 3, 5);
        List<Grid3D> images = new ArrayList<>();
        for (int image = 0; image < order.count(); image++) {
            images.add(new Grid3D(size[0], size[1], size[2]));
            for (int i = 0; i < images.getLast().values().length; i++)
                images.getLast().values()[i] = random.nextDouble();
        }
        return SimRun.of(
                configuration,
                new SimMeasurement(
                        order,
                        images,
                        BandSeparation.evenPhases(5),
                        Times.evenly(15),
                        optics,
                        Collections.nCopies(3, otf),
                        false,
                        1,
                        Optional.empty(),
                        List.of(),
                        Optional.empty()));
    }
}
