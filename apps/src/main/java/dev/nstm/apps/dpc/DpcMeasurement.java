package dev.nstm.apps.dpc;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.ConfigEntry;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Extent;
import dev.nstm.apps.instrument.RawPictures;
import dev.nstm.apps.instrument.ShotWindow;
import dev.nstm.apps.io.Calibration;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Part;
import dev.nstm.apps.io.Pictures;
import dev.nstm.apps.io.Region;
import dev.nstm.apps.movie.Times;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Microscope;
import dev.nstm.optics.Pupils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What was recorded: raw shots, the light of each, when each was taken, and with what microscope.
 *
 * @param images relative deviation from the background
 * @param sources light of each shot over the pupil plane, zero frequency first
 * @param times in [-1, 1]
 * @param microscope objective and camera
 * @param saturated of every shot the pixels that say nothing, row after row; empty where there are none
 * @param truth what simulated data know about themselves
 * @param generated whether the light follows from the configuration, not from the data
 * @param doubts what in the data speaks against the configuration
 */
public record DpcMeasurement(
        List<Grid2D> images,
        List<Grid2D> sources,
        double[] times,
        Microscope microscope,
        List<boolean[]> saturated,
        Optional<Truth> truth,
        boolean generated,
        List<String> doubts) {

    /** Array of the raw shots. */
    private static final String SHOTS = "img";

    /** The first shots of a recording as they were taken, one for each of some lights. */
    static List<Grid2D> firstShots(Configuration c, int lights) throws IOException {
        String name = c.get(Keys.DATA_FILE);
        Optional<ShotWindow> window = Optional.of(new ShotWindow(0, lights));
        List<Grid2D> shots = Npz.isNamed(name)
                ? shots(c, Npz.open(Path.of(name)), window, name)
                : pictures(c, window, name).grey();
        checkFinite(shots, RawPictures.field(c, shots.getFirst()), name);
        return shots.stream().map(shot -> RawPictures.cleaned(c, shot)).toList();
    }

    /** Lights of a cycle. */
    static int lights(Configuration c) {
        return c.find(DpcKeys.OPTICS_LEDS)
                .map(leds -> leds.length / 2)
                .orElseGet(() -> c.get(DpcKeys.OPTICS_ROTATIONS).length);
    }

    /** Reads the data that the configuration names. */
    public static DpcMeasurement load(Configuration configuration) throws IOException {
        String name = configuration.get(Keys.DATA_FILE);
        boolean archive = Npz.isNamed(name);
        Npz arrays = archive ? Npz.open(Path.of(name)) : Npz.none();
        Optional<ShotWindow> window = ShotWindow.of(configuration);
        Optional<Pictures> pictures = archive ? Optional.empty() : Optional.of(pictures(configuration, window, name));
        List<Grid2D> field = pictures.isPresent() ? pictures.get().grey() : shots(configuration, arrays, window, name);
        checkFinite(field, RawPictures.field(configuration, field.getFirst()), name);
        checkSizes(field, name);
        List<boolean[]> saturated = saturated(configuration, field);
        List<Grid2D> raw = field.stream()
                .map(picture -> RawPictures.cleaned(configuration, picture))
                .toList();
        FlatField flat = FlatField.of(configuration, raw, name);
        List<Grid2D> images = flat.images().stream()
                .map(image -> RawPictures.tapered(configuration, image))
                .toList();
        Calibration calibration = pictures.map(Pictures::calibration).orElse(Calibration.NONE);
        OptionalDouble told = calibration.pixelSize();
        Microscope microscope = microscope(configuration, arrays, calibration, name);
        List<Grid2D> sources = sources(configuration, arrays, microscope, images, window, name);
        boolean part = configuration.find(Keys.DATA_CROP).isPresent() || window.isPresent();
        Optional<Truth> truth = part
                ? Optional.empty()
                : Truth.find(
                        arrays, images.getFirst().height(), images.getFirst().width());
        return new DpcMeasurement(
                images,
                sources,
                times(configuration, arrays, calibration, window, images.size(), name),
                microscope,
                saturated,
                truth,
                !arrays.has("s"),
                notices(flat, microscope, saturated, arrays, told));
    }

    private static Pictures pictures(Configuration c, Optional<ShotWindow> window, String name) throws IOException {
        if (window.isEmpty()) return RawPictures.read(c, true);
        List<Integer> pages = RawPictures.pages(c, true);
        return RawPictures.read(c, true, window.get().in(pages.size(), name).of(pages));
    }

    private static List<Grid2D> shots(Configuration c, Npz arrays, Optional<ShotWindow> window, String name)
            throws IOException {
        String array = arrays.nameOrOnly(SHOTS, "the raw shots");
        return stack(
                arrays.part(
                        array,
                        new Part(
                                window.map(ShotWindow::first).orElse(0),
                                window.map(ShotWindow::count).orElse(0),
                                RawPictures.region(c))),
                name,
                SHOTS);
    }

    /** What there is to cut of the data that the configuration names. */
    static Extent extent(Configuration c) throws IOException {
        String name = c.get(Keys.DATA_FILE);
        if (!Npz.isNamed(name)) return Extent.ofPictures(c, true, 1);
        Npz arrays = Npz.open(Path.of(name));
        int[] shape = arrays.shape(arrays.nameOrOnly(SHOTS, "the raw shots"));
        require(
                shape.length == 3,
                "%s: array \"img\" has %d axes; shots, rows and columns are expected",
                name,
                shape.length);
        return new Extent(shape[0], 1, 1, shape[1], shape[2]);
    }

    private static List<boolean[]> saturated(Configuration c, List<Grid2D> shots) {
        Optional<Double> limit = c.find(DpcKeys.DATA_SATURATION);
        if (limit.isEmpty()) return List.of();
        List<boolean[]> saturated = new ArrayList<>();
        for (Grid2D shot : shots) {
            boolean[] mask = new boolean[shot.values().length];
            for (int i = 0; i < mask.length; i++) mask[i] = shot.values()[i] >= limit.get();
            saturated.add(mask);
        }
        return count(saturated) > 0 ? List.copyOf(saturated) : List.of();
    }

    private static long count(List<boolean[]> masks) {
        return masks.stream()
                .mapToLong(mask ->
                        IntStream.range(0, mask.length).filter(i -> mask[i]).count())
                .sum();
    }

    /** How the background was found, and where the file contradicts the configuration. */
    private static List<String> notices(
            FlatField flat, Microscope microscope, List<boolean[]> saturated, Npz arrays, OptionalDouble told)
            throws IOException {
        List<String> notices = new ArrayList<>(flat.notice().stream().toList());
        if (!saturated.isEmpty())
            notices.add(String.format(
                    Locale.ROOT,
                    "saturated and not compared: %.2f %% of the pixels",
                    100.0 * count(saturated) / saturated.size() / saturated.getFirst().length));
        RawPictures.contradiction(Keys.OPTICS_PIXEL_SIZE, microscope.pixelSize(), number(arrays, "pixel_size", told))
                .ifPresent(notices::add);
        RawPictures.contradiction(
                        Keys.OPTICS_WAVELENGTH,
                        microscope.wavelength(),
                        number(arrays, "wavelength", OptionalDouble.empty()))
                .ifPresent(notices::add);
        RawPictures.contradiction(
                        Keys.OPTICS_NUMERICAL_APERTURE,
                        microscope.numericalAperture(),
                        number(arrays, "na", OptionalDouble.empty()))
                .ifPresent(notices::add);
        return notices;
    }

    private static OptionalDouble number(Npz arrays, String name, OptionalDouble otherwise) throws IOException {
        return arrays.has(name) ? OptionalDouble.of(arrays.number(name)) : otherwise;
    }

    private static Region whole(List<Grid2D> images) {
        return new Region(0, 0, images.getFirst().height(), images.getFirst().width());
    }

    /** @param field where the images lie in the file's */
    private static void checkFinite(List<Grid2D> images, Region field, String name) {
        long bad = 0;
        String first = "";
        for (int shot = 0; shot < images.size(); shot++) {
            Grid2D image = images.get(shot);
            for (int i = 0; i < image.values().length; i++) {
                if (Double.isFinite(image.values()[i])) continue;
                if (bad++ == 0)
                    first = "shot " + (shot + 1) + ", row " + (field.row() + i / image.width()) + ", column "
                            + (field.column() + i % image.width());
            }
        }
        require(bad == 0, "%s: %d pixels are NaN or infinite, the first at %s; mask or replace them", name, bad, first);
    }

    private static void checkSizes(List<Grid2D> images, String name) {
        Grid2D first = images.getFirst();
        for (int shot = 1; shot < images.size(); shot++) {
            require(
                    images.get(shot).height() == first.height()
                            && images.get(shot).width() == first.width(),
                    "%s: shot %d is %s but shot 1 is %s; all shots must have one size",
                    name,
                    shot + 1,
                    images.get(shot).size(),
                    first.size());
        }
        require(
                first.height() > 1 && first.width() > 1,
                "%s: the shots are %s pixels; pictures are needed",
                name,
                first.size());
    }

    /** @param told by the pictures themselves */
    private static Microscope microscope(Configuration given, Npz arrays, Calibration told, String name)
            throws IOException {
        Configuration configuration = RawPictures.completed(given, told);
        return new Microscope(
                optical(configuration, Keys.OPTICS_WAVELENGTH, arrays, "wavelength", name),
                optical(configuration, Keys.OPTICS_NUMERICAL_APERTURE, arrays, "na", name),
                optical(configuration, Keys.OPTICS_PIXEL_SIZE, arrays, "pixel_size", name),
                configuration.get(Keys.OPTICS_MEDIUM_INDEX),
                configuration.get(DpcKeys.OPTICS_DEFOCUS));
    }

    private static double optical(Configuration configuration, Key<Double> key, Npz arrays, String array, String name)
            throws IOException {
        Optional<Double> configured = configuration.find(key);
        if (configured.isPresent()) return configured.get();
        require(arrays.has(array), "%s says nothing of \"%s\"; give %s in the configuration", name, array, key.path());
        return key.parse(ConfigEntry.of(Double.toString(arrays.number(array))), name + ", array \"" + array + "\"");
    }

    private static List<Grid2D> sources(
            Configuration configuration,
            Npz arrays,
            Microscope microscope,
            List<Grid2D> images,
            Optional<ShotWindow> window,
            String name)
            throws IOException {
        Grid2D first = images.getFirst();
        if (arrays.has("s")) {
            NpyArray s = arrays.get("s");
            List<Grid2D> all = stack(s, name, "s");
            List<Grid2D> sources =
                    window.isPresent() ? window.get().in(all.size(), name).of(all) : all;
            require(
                    configuration.find(Keys.DATA_CROP).isEmpty(),
                    "%s: data.crop changes the frequencies that array \"s\" is given for; leave \"s\" away and give optics.rotations, or crop the file",
                    name);
            require(
                    sources.size() == images.size()
                            && sources.getFirst().height() == first.height()
                            && sources.getFirst().width() == first.width(),
                    "%s: array \"s\" is %s but \"img\" is %dx%s; sources and shots must agree (crop both, or drop \"s\" and give NA, wavelength, pixel size and rotations)",
                    name,
                    s.size(),
                    images.size(),
                    first.size());
            checkFinite(sources, whole(sources), name + ": array \"s\"");
            Grid2D pupil = Pupils.circular(microscope, first.height(), first.width());
            for (int shot = 0; shot < sources.size(); shot++) {
                Grid2D source = sources.get(shot);
                require(
                        IntStream.range(0, source.values().length)
                                        .mapToDouble(i -> source.values()[i] * pupil.values()[i])
                                        .sum()
                                > 0,
                        "%s: array \"s\": no light of shot %d passes the pupil of NA %s",
                        name,
                        shot + 1,
                        microscope.numericalAperture());
            }
            return sources;
        }
        List<Grid2D> lights = generated(configuration, microscope, first.height(), first.width());
        boolean points = configuration.find(DpcKeys.OPTICS_LEDS).isPresent();
        require(
                window.isPresent() || images.size() % lights.size() == 0,
                "%s has %d shots but %s lists %d %s; give one for each shot, or for each of a cycle that is repeated",
                name,
                images.size(),
                points ? DpcKeys.OPTICS_LEDS.path() : DpcKeys.OPTICS_ROTATIONS.path(),
                lights.size(),
                points ? "positions" : "directions");
        int begin = window.map(ShotWindow::first).orElse(0);
        return IntStream.range(begin, begin + images.size())
                .mapToObj(shot -> lights.get(shot % lights.size()))
                .toList();
    }

    /** Sources as the configuration describes them. */
    static List<Grid2D> generated(Configuration c, Microscope microscope, int height, int width) {
        Optional<double[]> leds = c.find(DpcKeys.OPTICS_LEDS);
        if (leds.isPresent()) {
            require(
                    leds.get().length > 0 && leds.get().length % 2 == 0,
                    "optics.leds is a list of pairs [x, y], got %d numbers",
                    leds.get().length);
            return IntStream.range(0, leds.get().length / 2)
                    .mapToObj(i ->
                            Pupils.pointSource(microscope, leds.get()[2 * i], leds.get()[2 * i + 1], height, width))
                    .toList();
        }
        double outer = c.find(DpcKeys.OPTICS_ILLUMINATION_NUMERICAL_APERTURE).orElse(microscope.numericalAperture());
        return Arrays.stream(c.get(DpcKeys.OPTICS_ROTATIONS))
                .mapToObj(rotation -> Pupils.halfSource(
                        microscope, c.get(DpcKeys.OPTICS_INNER_NUMERICAL_APERTURE), outer, rotation, height, width))
                .toList();
    }

    private static double[] times(
            Configuration configuration,
            Npz arrays,
            Calibration calibration,
            Optional<ShotWindow> window,
            int shots,
            String name)
            throws IOException {
        // Some readers tell the moments of what was read, others those of the whole recording.
        Optional<double[]> told = calibration.times(shots);
        Optional<double[]> configured = configuration.find(Keys.DATA_TIMES);
        if (window.isPresent() && configured.isEmpty() && !arrays.has("t") && told.isPresent()) return told.get();
        int needed = window.map(part -> part.first() + shots).orElse(shots);
        double[] times;
        if (configured.isPresent()) times = configured.get();
        else if (arrays.has("t")) times = arrays.get("t").values();
        else
            times = told.or(() -> window.flatMap(
                            part -> calibration.times(calibration.moments().size())))
                    .orElse(Times.evenly(needed));
        require(times.length >= needed, "%s has %d shots but there are only %d times", name, needed, times.length);
        for (double time : times) require(time >= -1 && time <= 1, "%s: times must lie in [-1, 1], got %s", name, time);
        return window.map(part -> part.times(times)).orElse(Arrays.copyOf(times, shots));
    }

    private static List<Grid2D> stack(NpyArray array, String name, String key) {
        require(
                array.shape().length == 3,
                "%s: array \"%s\" is %s; shots, rows and columns are expected",
                name,
                key,
                array.size());
        int height = array.shape()[1];
        int width = array.shape()[2];
        List<Grid2D> pages = new ArrayList<>();
        for (int i = 0; i < array.shape()[0]; i++) {
            pages.add(new Grid2D(
                    height, width, Arrays.copyOfRange(array.values(), i * height * width, (i + 1) * height * width)));
        }
        return pages;
    }
}
