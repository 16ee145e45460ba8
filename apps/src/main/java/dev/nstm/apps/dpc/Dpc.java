package dev.nstm.apps.dpc;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.ConfigEntry;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Systems;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Evaluation;
import dev.nstm.apps.instrument.Extent;
import dev.nstm.apps.instrument.Footprint;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.OpticsQuestions;
import dev.nstm.apps.instrument.PictureField;
import dev.nstm.apps.instrument.Question;
import dev.nstm.apps.instrument.RawPictures;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.instrument.Uncertainty;
import dev.nstm.apps.io.Calibration;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Pictures;
import dev.nstm.apps.io.StackDescription;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Times;
import dev.nstm.device.Device;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Differential phase contrast. */
public final class Dpc implements Instrument {
    static final String NAME = "dpc";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "DPC";
    }

    @Override
    public List<Key<?>> keys() {
        return DpcKeys.ALL;
    }

    @Override
    public Map<String, String> synonyms() {
        return Map.of(
                "nain",
                DpcKeys.OPTICS_INNER_NUMERICAL_APERTURE.path(),
                "nainner",
                DpcKeys.OPTICS_INNER_NUMERICAL_APERTURE.path(),
                "rotation",
                DpcKeys.OPTICS_ROTATIONS.path());
    }

    @Override
    public Run load(Configuration configuration) throws IOException {
        return DpcRun.of(configuration, DpcMeasurement.load(configuration));
    }

    @Override
    public void simulate(Configuration configuration, Path file) throws IOException {
        DpcSimulator.write(configuration, file);
    }

    @Override
    public Movie again(Path directory, Configuration configuration, TrainingState state, Device device, double[] times)
            throws IOException {
        PictureField pictures = PictureField.in(directory, "");
        return DpcRun.movie(
                configuration,
                pictures,
                pictures.trained(configuration, Optional.empty(), state, device, directory),
                times,
                Map.of());
    }

    @Override
    public Optional<Extent> extent(Configuration c) throws IOException {
        return Optional.of(DpcMeasurement.extent(c));
    }

    @Override
    public Optional<Footprint> footprint(Configuration c) {
        return Optional.of(new Footprint(280e6, 100, 330, 2.4e-6));
    }

    @Override
    public Configuration shared(Configuration c, Path directory) throws IOException {
        String name = c.get(Keys.DATA_FILE);
        require(
                c.find(Keys.PATCHES_SIZE).isEmpty()
                        || !Npz.isNamed(name)
                        || !Npz.open(Path.of(name)).has("s"),
                "%s: array \"s\" is given for whole pictures; leave it away and give optics.rotations, to cut the field into patches",
                name);
        Configuration absolute = RawPictures.absolute(c, DpcKeys.DATA_BACKGROUND_FILE);
        int lights = Math.min(DpcMeasurement.lights(c), DpcMeasurement.extent(c).shots());
        Optional<List<Grid2D>> fields = FlatField.ofWhole(c, DpcMeasurement.firstShots(c, lights));
        if (fields.isEmpty()) return absolute;
        // A surface fitted to each piece would give each another brightness.
        Path file = directory.resolve("background.tif").toAbsolutePath().normalize();
        Grid2D first = fields.get().getFirst();
        TiffStack.write(
                file,
                fields.get().stream().map(Grid2D::floats).toList(),
                new StackDescription(
                        "", first.height(), first.width(), List.of(""), 1, lights, Optional.empty(), Optional.empty()));
        return absolute.with(DpcKeys.DATA_BACKGROUND, "auto").with(DpcKeys.DATA_BACKGROUND_FILE, file.toString());
    }

    @Override
    public Optional<Comparison> evaluate(Npz arrays, Path result, OptionalInt margin) throws IOException {
        if (!arrays.has("absorption") || !arrays.has("phase")) return Optional.empty();
        Movie reconstructed = Archives.pictures(result, Movie.Look.GREY);
        require(
                reconstructed.channels().size() == 2,
                "%s: array \"recon\" has %d channels; absorption and phase are expected",
                result,
                reconstructed.channels().size());
        return Truth.find(arrays, reconstructed.height(), reconstructed.width())
                .map(truth -> truth.facing(reconstructed))
                .map(truth -> truth.comparison(
                        Optional.empty(),
                        truth.evaluate(reconstructed, Evaluation.margin(reconstructed, margin)),
                        Optional.empty(),
                        Uncertainty.in(reconstructed)
                                .map(stated ->
                                        truth.covered(stated, reconstructed, Evaluation.margin(reconstructed, margin))),
                        false));
    }

    @Override
    public List<Question> questions(Optional<Pictures> pictures) {
        String rotations = "which half of the light was lit in each shot, degrees";
        boolean usual = pictures.stream().allMatch(p -> p.pages().size() == 4);
        List<Question> questions = new ArrayList<>(
                OpticsQuestions.of(pictures.map(Pictures::calibration).orElse(Calibration.NONE)));
        questions.add((usual
                        ? Question.usually(DpcKeys.OPTICS_ROTATIONS, rotations, "0, 90, 180, 270")
                        : Question.open(DpcKeys.OPTICS_ROTATIONS, rotations))
                .orArray("s"));
        return questions;
    }

    @Override
    public Optional<Map<String, ConfigEntry>> published(Path file, Consumer<String> notice) throws IOException {
        return PublishedNotebook.read(file);
    }

    @Override
    public Map<String, String> hasty() {
        return Map.of(DpcKeys.LOSS_LIGHT.path(), "even", Keys.UNCERTAINTY_REPLICAS.path(), "0");
    }

    @Override
    public boolean estimates() {
        return true;
    }

    @Override
    public List<Demo> demos() {
        return List.of(Demo.bundled(
                "dpc",
                "dpc-demo.yaml",
                "Four shots of moving cells, each lit from another side, are simulated and reconstructed."));
    }

    @Override
    public Optional<Benchmark> benchmark() {
        return Optional.of(new Benchmark("dpc", List.of(320, 1000), 4, Dpc::noise));
    }

    /** The published example: four shots under half circles of light. */
    private static Run noise(int[] size, List<String> settings) throws IOException {
        Configuration configuration = Configuration.bundled("dpc-published.yaml", settings, Systems.only(new Dpc()));
        return DpcRun.of(configuration, noise(configuration, size[0], size[1]));
    }

    private static DpcMeasurement noise(Configuration c, int height, int width) {
        Microscope microscope = new Microscope(
                c.get(Keys.OPTICS_WAVELENGTH), c.get(Keys.OPTICS_NUMERICAL_APERTURE), c.get(Keys.OPTICS_PIXEL_SIZE), 1);
        SplittableRandom random = new SplittableRandom(1);
        List<Grid2D> images = new ArrayList<>();
        List<Grid2D> sources = new ArrayList<>();
        for (double rotation : c.get(DpcKeys.OPTICS_ROTATIONS)) {
            Grid2D image = new Grid2D(height, width);
            for (int i = 0; i < image.values().length; i++) image.values()[i] = 0.1 * random.nextGaussian();
            images.add(image);
            sources.add(Pupils.halfSource(microscope, 0, rotation, height, width));
        }
        return new DpcMeasurement(
                images,
                sources,
                Times.evenly(images.size()),
                microscope,
                List.of(),
                Optional.empty(),
                false,
                List.of());
    }
}
