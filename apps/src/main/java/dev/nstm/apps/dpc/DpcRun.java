package dev.nstm.apps.dpc;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Comparison;
import dev.nstm.apps.instrument.Evaluation;
import dev.nstm.apps.instrument.Networks;
import dev.nstm.apps.instrument.Once;
import dev.nstm.apps.instrument.PictureField;
import dev.nstm.apps.instrument.Remainder;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.instrument.Training;
import dev.nstm.apps.instrument.Uncertainty;
import dev.nstm.apps.io.NpyContent;
import dev.nstm.apps.movie.Axis;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.Companion;
import dev.nstm.apps.movie.KeptFrames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.Outputs;
import dev.nstm.apps.movie.TrainedScene;
import dev.nstm.device.Device;
import dev.nstm.field.FieldSpec;
import dev.nstm.imaging.DpcSystem;
import dev.nstm.imaging.ShotAgreement;
import dev.nstm.imaging.TikhonovSolver;
import dev.nstm.imaging.TikhonovWeights;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.WeakObjectTransfer;
import dev.nstm.optics.WeakObjectUnits;
import dev.nstm.training.DivergedException;
import dev.nstm.training.Replicas;
import dev.nstm.training.Schedule;
import dev.nstm.training.SettingSearch;
import dev.nstm.training.TrainingPlan;
import dev.nstm.training.TrainingState;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Everything that a DPC reconstruction is made of.
 *
 * @param configuration with every value that followed from the data filled in
 * @param measurement the shots
 * @param system forward model and loss
 * @param field networks of scene and motion
 * @param plan how they are trained
 * @param unexplained share of the shots' power that an unmoving specimen under the given light leaves unexplained
 * @param doubts what speaks against the light or the sampling
 * @param evidence how the light and the weight of the motion's roughness were found, a line each
 * @param replicas of the training, for the uncertainty
 * @param conventional the conventional reconstruction, which takes the specimen for unmoving
 * @param registered the conventional reconstruction of shots that were registered before; empty of many shots
 */
public record DpcRun(
        Configuration configuration,
        DpcMeasurement measurement,
        DpcSystem system,
        FieldSpec field,
        TrainingPlan plan,
        double unexplained,
        List<String> doubts,
        List<String> evidence,
        List<TrainingState> replicas,
        Once<TikhonovSolver.Solution> conventional,
        Once<Optional<Registered>> registered)
        implements Run {
    static final List<Channel> CHANNELS =
            List.of(new Channel("absorption", "", "absorption"), new Channel("phase", "rad", "phase"));
    private static final Output.Names NAMES = new Output.Names("recon", "", 20);
    private static final double COARSEST_PIXELS = 150;
    private static final double FINEST_PIXELS = 1.4;
    private static final double MOTION_PIXELS = 28;
    /**
     * The light counts as even if {@link ShotAgreement#slowlyUnexplained} is below this: it is below 0.1 for simulated
     * and computed shots, above 0.3 for those of a camera.
     */
    private static final double SLOWLY_EXPLAINED = 0.2;
    /**
     * Other orders of the lights are tried only if more than this share is left unexplained and there are at most
     * {@code MOST_ORDERED} lights. An order is better if it leaves less than {@code BETTER} times that share.
     */
    private static final double SUSPICIOUS = 0.02;

    private static final int MOST_ORDERED = 6;
    private static final double BETTER = 0.7;

    /** Of absorption, phase and motion: with these 68 % of the pixels are within, over all specimens of known truth. */
    private static final double[] UNCERTAINTY_FACTORS = {1.65, 0.85, 0.95};

    private static final String EVEN = "even";
    private static final String UNEVEN = "uneven";
    private static final String OPEN = "auto";

    public static DpcRun of(Configuration given, DpcMeasurement measurement) {
        List<WeakObjectTransfer> transfers = transfers(measurement);
        ShotAgreement agreement = ShotAgreement.of(
                measurement.images(),
                measurement.microscope().incoherentCutoff(),
                measurement.microscope().pixelSize());
        double whitenedFrom = given.find(DpcKeys.LOSS_WHITENED_FROM)
                .orElseGet(() -> agreement.slowlyUnexplained(transfers) < SLOWLY_EXPLAINED ? 0.0 : 1.0);
        TikhonovWeights weights = agreement.weights(
                transfers, given.find(DpcKeys.BASELINE_ABSORPTION_WEIGHT), given.find(DpcKeys.BASELINE_PHASE_WEIGHT));
        Configuration configuration = resolve(given, measurement)
                .with(DpcKeys.LOSS_WHITENED_FROM, whitenedFrom)
                .with(DpcKeys.BASELINE_ABSORPTION_WEIGHT, weights.absorption())
                .with(DpcKeys.BASELINE_PHASE_WEIGHT, weights.phase());
        double unexplained = agreement.unexplained(transfers);
        DpcSystem.Loss loss = new DpcSystem.Loss(
                configuration.get(Keys.LOSS_MARGIN),
                configuration.get(DpcKeys.LOSS_ABSORPTION_WEIGHT),
                configuration.get(DpcKeys.LOSS_PHASE_WEIGHT),
                configuration.get(DpcKeys.LOSS_WHITENING_FLOOR),
                configuration.get(DpcKeys.LOSS_WHITENED_FROM));
        Grid2D first = measurement.images().getFirst();
        require(
                Math.min(first.height(), first.width()) > 2 * loss.margin(),
                "%s: pictures of %s are too small: a margin of %d on each side (loss.margin) leaves nothing",
                given.find(Keys.DATA_FILE).orElse("the data"),
                first.size(),
                loss.margin());
        DpcSystem all = configuration.get(Keys.SCHEDULE).equals("published")
                ? new DpcSystem(
                        measurement.images(),
                        transfers,
                        measurement.times(),
                        loss,
                        WeakObjectUnits.published(measurement.microscope().wavelength()))
                : new DpcSystem(measurement.images(), transfers, measurement.times(), loss);
        DpcSystem even = measurement.saturated().isEmpty() ? all : all.without(measurement.saturated());
        return new DpcRun(
                configuration,
                measurement,
                configuration.get(DpcKeys.LOSS_LIGHT).equals(UNEVEN) ? even.inUnevenLight() : even,
                Networks.ofPictures(configuration, first.height(), first.width(), 2, Optional.empty()),
                Training.plan(configuration, measurement.images().size(), Schedule.FROZEN),
                unexplained,
                doubts(given, measurement, agreement, transfers, unexplained),
                List.of(),
                List.of(),
                new Once<>(() -> TikhonovSolver.solve(measurement.images(), transfers(measurement), weights)),
                new Once<>(() -> Registered.of(given, measurement)));
    }

    /** Names another order of the lights if it explains the shots much better: a wrong order destroys the phase. */
    private static List<String> doubts(
            Configuration given,
            DpcMeasurement measurement,
            ShotAgreement agreement,
            List<WeakObjectTransfer> transfers,
            double unexplained) {
        List<String> doubts = new ArrayList<>(measurement.doubts());
        if (!measurement.generated()
                || given.find(DpcKeys.OPTICS_LEDS).isPresent()
                || transfers.size() > MOST_ORDERED
                || unexplained < SUSPICIOUS) return doubts;
        ShotAgreement.Order best = agreement.bestOrder(transfers);
        double[] rotations = given.get(DpcKeys.OPTICS_ROTATIONS);
        String order = IntStream.of(best.lights())
                .mapToObj(i ->
                        BigDecimal.valueOf(rotations[i]).stripTrailingZeros().toPlainString())
                .collect(Collectors.joining(", ", "[", "]"));
        if (best.unexplained() < BETTER * unexplained)
            doubts.add(String.format(
                    Locale.ROOT,
                    "optics.rotations %s explain the shots better (%.1f %% of their energy unexplained, against %.1f %%)",
                    order,
                    100 * best.unexplained(),
                    100 * unexplained));
        return doubts;
    }

    /** Fills in what follows from the data. */
    private static Configuration resolve(Configuration given, DpcMeasurement measurement) {
        double pixel = measurement.microscope().pixelSize();
        double resolution =
                measurement.microscope().wavelength() / measurement.microscope().numericalAperture();
        int shots = measurement.images().size();
        Configuration configuration = Training.resolve(given, shots)
                .with(Keys.OPTICS_WAVELENGTH, measurement.microscope().wavelength())
                .with(Keys.OPTICS_NUMERICAL_APERTURE, measurement.microscope().numericalAperture())
                .with(Keys.OPTICS_PIXEL_SIZE, pixel)
                .with(Keys.DATA_TIMES, measurement.times());
        configuration = configuration.withDefault(Keys.OBJECT_COARSEST_CELL, COARSEST_PIXELS * pixel);
        configuration =
                configuration.withDefault(Keys.OBJECT_FINEST_CELL, Math.max(FINEST_PIXELS * pixel, resolution / 4));
        configuration = configuration.withDefault(Keys.MOTION_FINEST_CELL, MOTION_PIXELS * pixel);
        return configuration.withDefault(Keys.MOTION_TIME_CELLS, Math.max(1, shots - 1));
    }

    /** Physical transfer function of a shot, computed at every call: that of a large picture is large. */
    WeakObjectTransfer transfer(int shot) {
        return DpcSystem.transfers(List.of(measurement.sources().get(shot)), measurement.microscope())
                .getFirst();
    }

    private static List<WeakObjectTransfer> transfers(DpcMeasurement measurement) {
        return DpcSystem.transfers(measurement.sources(), measurement.microscope());
    }

    @Override
    public List<Channel> channels() {
        return CHANNELS;
    }

    /** Light and roughness of the motion, where they are open and can be tried. */
    @Override
    public Optional<Run> settled(Device device, Consumer<String> log, BooleanSupplier stop) {
        Optional<Double> roughness = configuration.find(Keys.LOSS_MOTION_ROUGHNESS);
        String given = configuration.get(DpcKeys.LOSS_LIGHT);
        List<String> lights = given.equals(OPEN) ? List.of(EVEN, UNEVEN) : List.of(given);
        SettingSearch search =
                new SettingSearch(device, lights.stream().map(this::systemIn).toList(), field, plan);
        if (roughness.isPresent() && lights.size() == 1 || !search.possible()) return Optional.of(this);
        List<String> evidence = new ArrayList<>();
        Consumer<String> told = line -> {
            evidence.add(line);
            log.accept(line);
        };
        try {
            return search.run(roughness, trial -> told.accept(described(lights.get(trial.model()), trial)), stop)
                    .map(found -> {
                        String light = lights.get(found.model());
                        log.accept(String.format(
                                Locale.ROOT, "light: %s; motion roughness: %s", light, found.motionRoughness()));
                        return with(light, Optional.of(found.motionRoughness()), evidence);
                    });
        } catch (DivergedException diverged) {
            // The training will say the same of the epoch that a person knows.
            log.accept("no settings found: in a trial " + diverged.getMessage());
            return Optional.of(this);
        }
    }

    private DpcSystem systemIn(String light) {
        return light.equals(UNEVEN) ? system.inUnevenLight() : system;
    }

    private static String described(String light, SettingSearch.Trial trial) {
        return String.format(
                Locale.ROOT,
                "tried %s light, motion roughness %s: pixels held out are missed by %.5f",
                light,
                trial.motionRoughness(),
                trial.error());
    }

    @Override
    public Run settledAs(Configuration earlier, List<String> found) {
        String light = configuration.get(DpcKeys.LOSS_LIGHT);
        return with(
                light.equals(OPEN) ? earlier.get(DpcKeys.LOSS_LIGHT) : light,
                configuration.find(Keys.LOSS_MOTION_ROUGHNESS).or(() -> earlier.find(Keys.LOSS_MOTION_ROUGHNESS)),
                found);
    }

    /** @param roughness empty where it stays open */
    private DpcRun with(String light, Optional<Double> roughness, List<String> found) {
        Configuration lit = configuration.with(DpcKeys.LOSS_LIGHT, light);
        return changed(
                roughness
                        .map(weight -> lit.with(Keys.LOSS_MOTION_ROUGHNESS, weight))
                        .orElse(lit),
                systemIn(light),
                roughness.map(plan::withMotionRoughness).orElse(plan),
                found,
                replicas);
    }

    @Override
    public Run replicated(Device device, Consumer<String> log, BooleanSupplier stop) {
        int count = configuration.get(Keys.UNCERTAINTY_REPLICAS);
        try {
            List<TrainingState> trained = Replicas.train(device, system, field, plan, count, stop);
            if (count > 1 && trained.isEmpty() && !stop.getAsBoolean())
                log.accept("no uncertainty: its replicas see reduced pictures, of which "
                        + Keys.TRAINING_COARSE_SHARES.path() + " has none");
            return changed(configuration, system, plan, evidence, trained);
        } catch (DivergedException diverged) {
            log.accept("no uncertainty: in a replica " + diverged.getMessage());
            return this;
        }
    }

    @Override
    public Configuration trained() {
        return configuration.with(Keys.UNCERTAINTY_REPLICAS, 0);
    }

    private DpcRun changed(
            Configuration otherConfiguration,
            DpcSystem otherSystem,
            TrainingPlan otherPlan,
            List<String> otherEvidence,
            List<TrainingState> otherReplicas) {
        return new DpcRun(
                otherConfiguration,
                measurement,
                otherSystem,
                field,
                otherPlan,
                unexplained,
                doubts,
                otherEvidence,
                otherReplicas,
                conventional,
                registered);
    }

    /** How far off scene and motion may be at the shots; empty without replicas. */
    private Optional<Uncertainty> uncertainty(Device device, Path directory) {
        if (replicas.size() < 2) return Optional.empty();
        List<Movie> movies =
                replicas.stream().map(state -> movie(device, state, directory)).toList();
        try {
            return Optional.of(Uncertainty.of(movies, UNCERTAINTY_FACTORS));
        } finally {
            movies.forEach(Movie::close);
        }
    }

    @Override
    public void readData(Consumer<double[]> reader) {
        for (Grid2D image : measurement.images()) reader.accept(image.values());
        for (Grid2D source : measurement.sources()) reader.accept(source.values());
    }

    @Override
    public String conclude(Path directory, Device device, TrainingState state) throws IOException {
        PictureField pictures = new PictureField(height(), width(), channelUnits(), Optional.empty());
        TrainedScene trained = pictures.trained(configuration, Optional.empty(), state, device, directory);
        Files.deleteIfExists(directory.resolve("movie.npz"));
        Movie still = conventionalMovie(measurement.times());
        Optional<Uncertainty> uncertainty = uncertainty(device, directory);
        try (Movie reconstructed = movie(
                configuration,
                pictures,
                trained,
                measurement.times(),
                uncertainty.map(known -> known.notes(height(), width())).orElse(Map.of()))) {
            List<Companion> companions = new ArrayList<>(Companion.of("conventional ", still));
            uncertainty.ifPresent(known -> companions.addAll(known.companions(reconstructed)));
            Outputs.write(
                    reconstructed, directory, NAMES, List.of(Outputs.TIFF, Outputs.omeZarr(companions), Outputs.NPZ));
            // In noise the conventional picture may agree better with the wrong sign.
            Optional<Truth> truth = measurement.truth().map(known -> known.facing(reconstructed));
            Optional<Comparison> compared = truth.map(known -> known.comparison(
                    Optional.of(known.evaluate(still, margin())),
                    known.evaluate(reconstructed, margin()),
                    registeredMovie().map(moved -> known.evaluate(moved, margin())),
                    uncertainty.map(stated -> known.covered(stated, reconstructed, margin())),
                    configuration.get(DpcKeys.LOSS_LIGHT).equals(UNEVEN)));
            Remainder remainder = remainder(device, state);
            try (Movie shown = movie(configuration, pictures, trained, DpcReport.times(this), Map.of())) {
                Output report = DpcReport.of(this, still, truth, compared, uncertainty, remainder, state.losses());
                Outputs.write(shown, directory, NAMES, List.of(report));
            }
            return compared.map(Comparison::text).orElse("") + remainder.text(advice());
        }
    }

    @Override
    public Movie movie(Device device, TrainingState state, Path directory) {
        PictureField pictures = new PictureField(height(), width(), channelUnits(), Optional.empty());
        return movie(
                configuration,
                pictures,
                pictures.trained(configuration, Optional.empty(), state, device, directory),
                measurement.times(),
                Map.of());
    }

    /**
     * The light that passes tells nothing of a phase that is the same everywhere, and the brightness of the lamp is as
     * unknown as an absorption that is.
     */
    @Override
    public List<Integer> floating() {
        return List.of(DpcSystem.ABSORPTION, DpcSystem.PHASE);
    }

    @Override
    public Remainder.Advice advice() {
        String divided = "to divide the shots by pictures of their light without a specimen";
        String motion = plan.motion().frozen()
                ? "a training.motionRate above 0, or more training.epochs"
                : "a smaller loss.motionRoughness or motion.finestCell, or more training.epochs";
        return new Remainder.Advice(
                configuration.get(DpcKeys.LOSS_LIGHT).equals(UNEVEN) ? divided : "loss.light: uneven, or " + divided,
                motion + "; or is the light not from where optics says?");
    }

    /**
     * Scene and motion at some times.
     *
     * @param notes that go with it beside those of the field
     */
    static Movie movie(
            Configuration c,
            PictureField pictures,
            TrainedScene trained,
            double[] times,
            Map<String, NpyContent> notes) {
        Map<String, NpyContent> all = new LinkedHashMap<>(pictures.notes());
        all.putAll(notes);
        return new Movie(
                Axis.ofPictures(pictures.height(), pictures.width(), c.get(Keys.OPTICS_PIXEL_SIZE)),
                CHANNELS,
                Movie.Look.GREY,
                times,
                pictures.clock(),
                all,
                trained.frames(times));
    }

    @Override
    public String baseline(Path directory) throws IOException {
        Movie still = conventionalMovie(measurement.times());
        Optional<Movie> moved = registeredMovie();
        String written = Outputs.writeStill(still, directory, "baseline", "baseline");
        if (moved.isPresent())
            Outputs.write(
                    moved.get(),
                    directory,
                    new Output.Names("registered", "registered", 1),
                    List.of(Outputs.TIFF, Outputs.NPZ));
        return measurement
                        .truth()
                        .map(known -> known.facing(still))
                        .map(truth -> truth.comparison(
                                        Optional.empty(),
                                        truth.evaluate(still, margin()),
                                        moved.map(movie -> truth.evaluate(movie, margin())),
                                        Optional.empty(),
                                        false)
                                .text())
                        .orElse("")
                + agreement().map(line -> line + "\n").orElse("")
                + registered.get().map(Registered::text).orElse("")
                + written;
    }

    /** The conventional reconstruction, which is the same at every time. */
    private Movie conventionalMovie(double[] times) {
        TikhonovSolver.Solution solution = conventional.get();
        float[][] channels = {solution.absorption().floats(), solution.phase().floats()};
        return new Movie(
                Axis.ofPictures(height(), width(), configuration.get(Keys.OPTICS_PIXEL_SIZE)),
                CHANNELS,
                Movie.Look.GREY,
                times,
                Optional.empty(),
                Map.of(),
                KeptFrames.still(channels, times.length));
    }

    /**
     * What an unmoving specimen explains of the shots, in a line; nothing where there are not more shots than unknowns.
     */
    Optional<String> agreement() {
        return measurement.images().size() <= 2
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "an unmoving specimen leaves %.1f %% of the shots' energy unexplained",
                        100 * unexplained));
    }

    /** The conventional reconstruction of registered shots, which moves as a whole. */
    private Optional<Movie> registeredMovie() {
        double[] times = measurement.times();
        return registered.get().map(moved -> conventionalMovie(times).like(times, moved.frames(times)));
    }

    /** Border left out of comparisons with the truth. */
    private int margin() {
        return Evaluation.margin(height(), width());
    }

    /** Physical value of 1 in each channel of the trained scene. */
    public double[] channelUnits() {
        return new double[] {system.channelUnit(DpcSystem.ABSORPTION), system.channelUnit(DpcSystem.PHASE)};
    }

    public int height() {
        return measurement.images().getFirst().height();
    }

    public int width() {
        return measurement.images().getFirst().width();
    }
}
