package dev.nstm.apps.lensless;

import dev.nstm.apps.config.ConfigEntry;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.config.Systems;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Evaluation;
import dev.nstm.apps.instrument.Extent;
import dev.nstm.apps.instrument.Instrument;
import dev.nstm.apps.instrument.PictureField;
import dev.nstm.apps.instrument.Question;
import dev.nstm.apps.instrument.RawPictures;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.instrument.Uncertainty;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Pictures;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.Movie;
import dev.nstm.device.Device;
import dev.nstm.optics.Grid2D;
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
import java.util.stream.Stream;

/** A lensless camera with a rolling shutter (DiffuserCam). */
public final class LenslessCamera implements Instrument {
    @Override
    public String name() {
        return "lensless";
    }

    @Override
    public String title() {
        return "lensless camera";
    }

    @Override
    public List<String> otherNames() {
        return List.of("diffusercam");
    }

    @Override
    public List<Key<?>> keys() {
        return LenslessKeys.ALL;
    }

    @Override
    public Map<String, String> defaults() {
        return Map.of(Keys.UNCERTAINTY_REPLICAS.path(), "0");
    }

    @Override
    public Map<String, String> synonyms() {
        return PublishedDiffuserCam.PROGRAM.keys();
    }

    @Override
    public Run load(Configuration configuration) throws IOException {
        return LenslessRun.of(configuration, LenslessMeasurement.load(configuration));
    }

    @Override
    public void simulate(Configuration configuration, Path file) throws IOException {
        LenslessSimulator.write(configuration, file);
    }

    @Override
    public Movie again(Path directory, Configuration configuration, TrainingState state, Device device, double[] times)
            throws IOException {
        PictureField pictures = PictureField.in(directory, LenslessRun.TIME_UNIT);
        return LenslessResults.movie(
                pictures,
                pictures.trained(configuration, Optional.of(LenslessRun.OUTPUT), state, device, directory),
                times);
    }

    @Override
    public Optional<Extent> extent(Configuration c) throws IOException {
        return Optional.of(LenslessMeasurement.extent(c));
    }

    @Override
    public Configuration shared(Configuration c, Path directory) throws IOException {
        return RawPictures.absolute(
                c, LenslessKeys.CAMERA_PSF, LenslessKeys.CAMERA_BACKGROUND, LenslessKeys.CAMERA_PSF_BACKGROUND);
    }

    @Override
    public Optional<Comparison> evaluate(Npz arrays, Path result, OptionalInt margin) throws IOException {
        if (!recognises(arrays) || !arrays.has("scene")) return Optional.empty();
        Movie movie = Archives.pictures(result, Movie.Look.COLOURS);
        Movie truth = Archives.scene(arrays.floats("scene"), movie);
        return Optional.of(LenslessEvaluation.of(
                movie, Optional.empty(), Uncertainty.in(movie), truth, Evaluation.margin(movie, margin)));
    }

    @Override
    public boolean recognises(Npz arrays) {
        return arrays.has("psf");
    }

    @Override
    public List<Question> questions(Optional<Pictures> pictures) {
        return List.of(
                Question.open(LenslessKeys.CAMERA_PSF, "picture of a point source")
                        .orArray("psf"),
                Question.usually(
                        LenslessKeys.CAMERA_SHUTTER,
                        "rows open from both ends, from the first to the last, or all at once: dual, single, global",
                        "dual"),
                Question.usually(
                        LenslessKeys.CAMERA_BACKGROUND,
                        "what the dark sensor shows: a level in counts, a picture, or border",
                        "border"));
    }

    @Override
    public Optional<Map<String, ConfigEntry>> published(Path file, Consumer<String> notice) throws IOException {
        return PublishedDiffuserCam.PROGRAM.read(file, notice);
    }

    @Override
    public List<Demo> demos() {
        return List.of(
                Demo.bundled(
                        "lensless",
                        "lensless-demo.yaml",
                        "One photograph of a falling object through a diffuser is simulated, and a movie of 100 frames made of it."));
    }

    @Override
    public Optional<Benchmark> benchmark() {
        return Optional.of(new Benchmark("lensless", List.of(162, 192), 1, LenslessCamera::noise));
    }

    /** A photograph of noise as the published example takes it: rows open for 12 row times, from both ends. */
    private static Run noise(int[] size, List<String> settings) throws IOException {
        Configuration configuration = Configuration.parse(
                "system: lensless\n",
                "bench",
                Stream.concat(Stream.of("camera.downsampling=4", "camera.brightness=1"), settings.stream())
                        .toList(),
                Systems.only(new LenslessCamera()));
        SplittableRandom random = new SplittableRandom(1);
        List<Grid2D> photograph = new ArrayList<>();
        List<Grid2D> pointSpread = new ArrayList<>();
        for (int colour = 0; colour < 3; colour++) {
            photograph.add(new Grid2D(2 * size[0], 2 * size[1]));
            pointSpread.add(new Grid2D(2 * size[0], 2 * size[1]));
            for (int i = 0; i < 4 * size[0] * size[1]; i++) {
                photograph.getLast().values()[i] = random.nextDouble();
                pointSpread.getLast().values()[i] = random.nextDouble() / (4.0 * size[0] * size[1]);
            }
        }
        return LenslessRun.of(
                configuration, new LenslessMeasurement(photograph, 1, pointSpread, 0, 0, Optional.empty()));
    }
}
