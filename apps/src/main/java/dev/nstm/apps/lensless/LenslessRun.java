package dev.nstm.apps.lensless;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Networks;
import dev.nstm.apps.instrument.Once;
import dev.nstm.apps.instrument.PictureField;
import dev.nstm.apps.instrument.Remainder;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.instrument.Training;
import dev.nstm.apps.instrument.Uncertainty;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.TrainedScene;
import dev.nstm.apps.report.Clock;
import dev.nstm.device.Device;
import dev.nstm.device.ElementFunction;
import dev.nstm.field.FieldSpec;
import dev.nstm.imaging.LenslessSolver;
import dev.nstm.imaging.LenslessSystem;
import dev.nstm.optics.Diffuser;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Shutter;
import dev.nstm.simulate.LenslessImaging;
import dev.nstm.training.Schedule;
import dev.nstm.training.TrainingPlan;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Everything that the reconstruction of a lensless photograph is made of.
 *
 * @param configuration with every value that followed from the data filled in
 * @param measurement photograph and point-spread function
 * @param diffuser the camera's optics
 * @param shutter when its rows are open
 * @param system forward model and loss
 * @param field networks of scene and motion
 * @param plan how they are trained
 * @param replicas of the training, for the uncertainty
 * @param conventional the conventional reconstruction, which takes the scene for unmoving; in counts of the photograph
 */
public record LenslessRun(
        Configuration configuration,
        LenslessMeasurement measurement,
        Diffuser diffuser,
        Shutter shutter,
        LenslessSystem system,
        FieldSpec field,
        TrainingPlan plan,
        List<TrainingState> replicas,
        Once<List<Grid2D>> conventional)
        implements Run {
    static final String TIME_UNIT = "ms";
    /** Of the scene's network: light is hardly ever negative. */
    static final ElementFunction OUTPUT = ElementFunction.ELU;

    private static final double COARSEST_PIXELS = 60;
    private static final double FINEST_PIXELS = 1.6;
    private static final double MOTION_PIXELS = 12;
    private static final int MOTION_TIME_CELLS = 12;
    /** Steps of the conventional reconstruction that tell how bright the scene is. */
    private static final int FIRST_LOOK = 15;
    /** A point source with more pixels than this at its brightest value has been cut off. */
    private static final double SATURATED = 1e-4;
    /**
     * The border of a point source's picture should be nearly dark: if it is brighter than this share of the brightest
     * value, the picture stands on a pedestal.
     */
    private static final double PEDESTAL = 0.1;

    public static LenslessRun of(Configuration given, LenslessMeasurement measurement) {
        Diffuser diffuser = Diffuser.of(measurement.pointSpread(), given.get(LenslessKeys.CAMERA_FIELD));
        Shutter shutter = shutter(given, diffuser.height());
        int window = shutter.kind() == Shutter.Kind.GLOBAL ? 1 : given.get(LenslessKeys.CAMERA_WINDOW);
        double pixel = given.find(Keys.OPTICS_PIXEL_SIZE).orElse(1.0);
        double[] times = {shutter.time(0), shutter.time(shutter.moments() - 1)};
        Configuration c = given.with(Keys.OPTICS_PIXEL_SIZE, pixel)
                .with(LenslessKeys.CAMERA_WINDOW, window)
                .withOwnTimes(times)
                .withDefault(Keys.OBJECT_COARSEST_CELL, COARSEST_PIXELS * pixel)
                .withDefault(Keys.OBJECT_FINEST_CELL, FINEST_PIXELS * pixel)
                .withDefault(Keys.MOTION_FINEST_CELL, MOTION_PIXELS * pixel)
                .withDefault(Keys.MOTION_TIME_CELLS, MOTION_TIME_CELLS)
                .with(
                        LenslessKeys.CAMERA_BRIGHTNESS,
                        given.find(LenslessKeys.CAMERA_BRIGHTNESS)
                                .orElseGet(() -> brightness(diffuser, shutter, measurement)));
        LenslessSystem system = new LenslessSystem(
                diffuser,
                shutter,
                measurement.photograph(),
                c.get(LenslessKeys.CAMERA_BRIGHTNESS),
                new LenslessSystem.Windows(
                        window, shutter.kind() == Shutter.Kind.GLOBAL ? 1 : c.get(LenslessKeys.CAMERA_WINDOW_PARTS)),
                c.get(Keys.LOSS_NEGATIVE_WEIGHT));
        Configuration resolved = Training.resolve(c, system.shots());
        return new LenslessRun(
                resolved,
                measurement,
                diffuser,
                shutter,
                system,
                Networks.ofPictures(
                        resolved,
                        diffuser.sceneHeight(),
                        diffuser.sceneWidth(),
                        diffuser.colours(),
                        Optional.of(OUTPUT)),
                Training.plan(resolved, system.shots(), Schedule.FROZEN),
                List.of(),
                new Once<>(() -> conventional(resolved, diffuser, shutter, measurement)));
    }

    /** @param rows of the photograph, downsampled */
    static Shutter shutter(Configuration c, int rows) {
        return Shutter.of(
                Shutter.Kind.valueOf(c.get(LenslessKeys.CAMERA_SHUTTER).toUpperCase(Locale.ROOT)),
                rows,
                c.get(LenslessKeys.CAMERA_EXPOSURE),
                c.get(LenslessKeys.CAMERA_ROW_TIME),
                c.get(LenslessKeys.CAMERA_DOWNSAMPLING));
    }

    /** Times of a movie's frames, from the shutter's first moment to its last. */
    static double[] frameTimes(Shutter shutter, int frames) {
        // All rows of a global shutter see one moment.
        if (shutter.moments() == 1) return new double[] {shutter.time(0)};
        double first = shutter.time(0);
        double last = shutter.time(shutter.moments() - 1);
        return IntStream.range(0, frames)
                .mapToDouble(i -> frames == 1 ? 0 : first + (last - first) * i / (frames - 1))
                .toArray();
    }

    private static double brightness(Diffuser diffuser, Shutter shutter, LenslessMeasurement measurement) {
        List<Grid2D> look = LenslessSolver.solve(
                diffuser, shutter, measurement.photograph(), new LenslessSolver.Settings(FIRST_LOOK, 0));
        return look.stream()
                .flatMapToDouble(colour -> Arrays.stream(colour.values()))
                .max()
                .orElseThrow();
    }

    /** Time since the first row opened; none of a global shutter, whose rows open together. */
    Optional<Clock> clock() {
        if (shutter.moments() == 1) return Optional.empty();
        double microseconds =
                configuration.get(LenslessKeys.CAMERA_ROW_TIME) * configuration.get(LenslessKeys.CAMERA_DOWNSAMPLING);
        // The movie ends where the last row closes, a moment before time 1.
        return Optional.of(new Clock(0, shutter.moments() * microseconds / 1000, TIME_UNIT));
    }

    @Override
    public List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        if (measurement.pedestal() > PEDESTAL)
            doubts.add(String.format(
                    Locale.ROOT,
                    "the point source's border is at %.0f %% of its brightest value: its background is higher than what is subtracted (camera.psfBackground, perhaps border)",
                    100 * measurement.pedestal()));
        if (measurement.saturated() >= SATURATED)
            doubts.add(String.format(
                    Locale.ROOT,
                    "%.2g %% of the point source's pixels are as bright as its brightest: the sensor was saturated; take it again with a shorter exposure",
                    100 * measurement.saturated()));
        return doubts;
    }

    @Override
    public void readData(Consumer<double[]> reader) {
        for (Grid2D colour : measurement.photograph()) reader.accept(colour.values());
        for (Grid2D colour : measurement.pointSpread()) reader.accept(colour.values());
    }

    private static List<Grid2D> conventional(
            Configuration c, Diffuser diffuser, Shutter shutter, LenslessMeasurement measurement) {
        return LenslessSolver.solve(
                        diffuser,
                        shutter,
                        measurement.photograph(),
                        new LenslessSolver.Settings(
                                c.get(LenslessKeys.BASELINE_ITERATIONS), c.get(LenslessKeys.BASELINE_TOTAL_VARIATION)))
                .stream()
                .map(colour -> new Grid2D(
                        colour.height(),
                        colour.width(),
                        Arrays.stream(colour.values())
                                .map(value -> value * measurement.unit())
                                .toArray()))
                .toList();
    }

    /** Counts of the photograph for a value of 1 in each channel of the trained scene. */
    double[] channelUnits() {
        double[] units = new double[diffuser.colours()];
        Arrays.fill(units, system.channelUnit(0) * measurement.unit());
        return units;
    }

    @Override
    public Run replicated(Device device, Consumer<String> log, BooleanSupplier stop) {
        return new LenslessRun(
                configuration,
                measurement,
                diffuser,
                shutter,
                system,
                field,
                plan,
                Uncertainty.wholeReplicas(this, device, log, stop),
                conventional);
    }

    @Override
    public Configuration trained() {
        return configuration.with(Keys.UNCERTAINTY_REPLICAS, 0);
    }

    @Override
    public Remainder remainder(Device device, TrainingState state) {
        try (Device.Scope scope = device.scope()) {
            return remainder(seen(pictures().trained(configuration, Optional.of(OUTPUT), state, device, Path.of(""))));
        }
    }

    /** @param seen photograph that the model makes of its own movie */
    Remainder remainder(List<Grid2D> seen) {
        List<Grid2D> photograph = measurement.photograph();
        return Remainder.of(
                photograph,
                IntStream.range(0, seen.size())
                        .mapToObj(colour -> difference(seen.get(colour), photograph.get(colour)))
                        .toList());
    }

    private static Grid2D difference(Grid2D a, Grid2D b) {
        double[] values = new double[a.values().length];
        Arrays.setAll(values, i -> a.values()[i] - b.values()[i]);
        return new Grid2D(a.height(), a.width(), values);
    }

    @Override
    public Remainder.Advice advice() {
        return new Remainder.Advice(
                "camera.background, or a photograph of the same scene in the dark",
                "more training.epochs or a smaller loss.motionRoughness; or was the point source recorded with this camera, in focus?");
    }

    /** What must be known to show the scene. */
    PictureField pictures() {
        return new PictureField(diffuser.sceneHeight(), diffuser.sceneWidth(), channelUnits(), clock());
    }

    /** The photograph that the model makes of its own movie, in the unit of the measured one. */
    List<Grid2D> seen(TrainedScene trained) {
        return LenslessImaging.photograph(time -> scene(trained, time), diffuser, shutter);
    }

    private List<Grid2D> scene(TrainedScene trained, double time) {
        float[] values = trained.at(time);
        int pixels = values.length / diffuser.colours();
        List<Grid2D> colours = new ArrayList<>();
        for (int colour = 0; colour < diffuser.colours(); colour++) {
            Grid2D scene = new Grid2D(diffuser.sceneHeight(), diffuser.sceneWidth());
            for (int i = 0; i < pixels; i++) scene.values()[i] = values[colour * pixels + i] / measurement.unit();
            colours.add(scene);
        }
        return colours;
    }

    @Override
    public List<Channel> channels() {
        return LenslessResults.channels(diffuser.colours());
    }

    @Override
    public Movie movie(Device device, TrainingState state, Path directory) {
        return LenslessResults.movie(this, device, state, directory);
    }

    @Override
    public String conclude(Path directory, Device device, TrainingState state) throws IOException {
        return LenslessResults.write(this, directory, device, state);
    }

    @Override
    public String baseline(Path directory) throws IOException {
        return LenslessResults.writeConventional(this, directory);
    }
}
