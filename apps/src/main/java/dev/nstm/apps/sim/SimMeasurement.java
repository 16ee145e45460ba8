package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Extent;
import dev.nstm.apps.instrument.RawPictures;
import dev.nstm.apps.instrument.ShotWindow;
import dev.nstm.apps.io.Calibration;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Part;
import dev.nstm.apps.io.Pictures;
import dev.nstm.apps.io.Region;
import dev.nstm.apps.report.Clock;
import dev.nstm.imaging.PatternSearch;
import dev.nstm.optics.BandSeparation;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.TheoreticalOtf;
import dev.nstm.optics.VolumeOptics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Structured-illumination images with the microscope that took them.
 *
 * @param order of the images
 * @param images counts above the floor
 * @param phases of the first order in each image of a direction, radians
 * @param times of the images in [-1, 1], time point by time point and direction by direction, or of all their planes
 * @param optics with the pixels of these images
 * @param otfs transfer functions of the bands, for each direction
 * @param lattice whether the light has several gratings at once
 * @param zoom oversampling that the images still need
 * @param truth what simulated data know about themselves
 * @param doubts what in the data speaks against the configuration
 * @param clock what the times are in the data, where pages have timestamps
 */
record SimMeasurement(
        ShotOrder order,
        List<Grid3D> images,
        double[] phases,
        double[] times,
        VolumeOptics optics,
        List<RadialOtf> otfs,
        boolean lattice,
        double zoom,
        Optional<SimTruth> truth,
        List<String> doubts,
        Optional<Clock> clock) {
    private static final double STOKES = 0.95;
    /** Two gratings need five phases. */
    private static final int LEAST_LATTICE = 5;

    private static final int OTF_SAMPLES = 256;
    private static final int OTF_AXIAL = 64;
    /** Side beams of three usually pass the pupil at this share of its radius. */
    private static final double TYPICAL_SPACING = 0.9;

    /**
     * Reads the data that the configuration names: a raw stack, or the archive of the published tool, which is
     * oversampled already.
     */
    public static SimMeasurement load(Configuration given) throws IOException {
        String name = given.get(Keys.DATA_FILE);
        Configuration c = told(given);
        double wavelength = c.get(Keys.OPTICS_WAVELENGTH);
        VolumeOptics optics = new VolumeOptics(
                wavelength,
                c.find(SimKeys.OPTICS_EXCITATION_WAVELENGTH).orElse(STOKES * wavelength),
                c.get(Keys.OPTICS_NUMERICAL_APERTURE),
                c.get(Keys.OPTICS_MEDIUM_INDEX),
                c.get(Keys.OPTICS_PIXEL_SIZE),
                c.get(SimKeys.OPTICS_Z_STEP));
        double[] phases = c.find(SimKeys.SIM_PHASE_STEPS).orElse(BandSeparation.evenPhases(c.get(SimKeys.DATA_PHASES)));
        require(
                phases.length == c.get(SimKeys.DATA_PHASES),
                "sim.phaseSteps lists %d phases but data.phases is %d",
                phases.length,
                c.get(SimKeys.DATA_PHASES));
        SimMeasurement read = Npz.isNamed(name) ? ofArchive(c, name, optics, phases) : ofStack(c, name, optics, phases);
        require(
                c.get(Keys.DATA_HOT_PIXELS) == 0 || read.zoom > 1 || c.get(SimKeys.SIM_ZOOM) == 1,
                "data.hotPixels: the images of %s are oversampled already, and hot pixels in them spread; remove them before",
                name);
        // Pictures were cropped as they were read. What is cut off has no say in what is hot, and has no borders.
        Optional<double[]> crop = Npz.isNamed(name) ? c.find(Keys.DATA_CROP) : Optional.empty();
        return crop.map(part -> read.cropped(part, c.get(SimKeys.SIM_ZOOM)))
                .orElse(read)
                .with(image -> RawPictures.cleaned(c, image))
                .with(image -> RawPictures.tapered(c, image))
                .withPattern(c);
    }

    /** With the sizes and the order of the pages that pictures tell where the configuration says none. */
    static Configuration told(Configuration given) throws IOException {
        boolean complete = given.find(Keys.OPTICS_PIXEL_SIZE).isPresent()
                && given.find(SimKeys.OPTICS_Z_STEP).isPresent()
                && given.find(Keys.OPTICS_WAVELENGTH).isPresent()
                && given.find(SimKeys.DATA_ORDER).isPresent();
        if (complete || Npz.isNamed(given.get(Keys.DATA_FILE)))
            return given.withDefault(SimKeys.DATA_ORDER, SimKeys.USUAL_ORDER);
        Calibration told = RawPictures.told(given);
        int images = given.get(SimKeys.DATA_TIME_POINTS)
                * given.get(SimKeys.DATA_DIRECTIONS)
                * given.get(SimKeys.DATA_PHASES);
        boolean ordered = told.planes() > 1
                && told.frames() == images
                && given.find(Keys.DATA_PAGES).isEmpty();
        Configuration c = RawPictures.completed(given, told)
                .withDefault(SimKeys.DATA_ORDER, ordered ? order(told.planesFirst()) : SimKeys.USUAL_ORDER);
        return told.zStep().isPresent()
                ? c.withDefault(SimKeys.OPTICS_Z_STEP, told.zStep().getAsDouble())
                : c;
    }

    /** Of a file in which the images are times. */
    private static String order(boolean planesFirst) {
        return planesFirst ? "direction,phase,z" : "z,time,direction,phase";
    }

    /**
     * Decides between lines and a lattice: as the configuration says, else by the number of angles that it lists, else
     * a lattice if every grating of one stands out in the images.
     */
    private SimMeasurement withPattern(Configuration c) {
        List<RadialOtf> ofLattice = otfs.stream()
                .map(otf -> otf.ofCentralBand((phases.length + 1) / 2))
                .toList();
        boolean decided = switch (c.get(SimKeys.SIM_PATTERN)) {
            case "lattice" -> true;
            case "lines" -> false;
            default ->
                otfs.size() == 1
                        && phases.length >= LEAST_LATTICE
                        && c.find(SimKeys.SIM_ANGLES)
                                .map(angles -> angles.length > 1)
                                .orElseGet(() -> new PatternSearch(
                                                meanImages().getFirst(), phases, ofLattice.getFirst(), optics)
                                        .findLattice()
                                        .isPresent());
        };
        return new SimMeasurement(
                order, images, phases, times, optics, decided ? ofLattice : otfs, decided, zoom, truth, doubts, clock);
    }

    /** {@code [direction][phase]}, the mean over the time points: what tells about the microscope, whatever moves. */
    List<List<Grid3D>> meanImages() {
        return order.byDirection(0, mean(order, images));
    }

    /** Of each direction and phase over the time points. */
    static List<Grid3D> mean(ShotOrder order, List<Grid3D> images) {
        if (order.timePoints() == 1) return images;
        return IntStream.range(0, order.perTimePoint())
                .mapToObj(i -> Grid3D.mean(IntStream.range(0, order.timePoints())
                        .mapToObj(time -> order.at(time, images).get(i))
                        .toList()))
                .toList();
    }

    /** Time of each image: the mean of its planes' times. */
    public double[] imageTimes() {
        return means(times, times.length / images.size());
    }

    private SimMeasurement with(UnaryOperator<Grid3D> change) {
        return new SimMeasurement(
                order,
                images.stream().map(change).toList(),
                phases,
                times,
                optics,
                otfs,
                lattice,
                zoom,
                truth,
                doubts,
                clock);
    }

    /** Rows of the field as the camera has it, whatever the sampling of the images. */
    public int cameraRows(double zoom) {
        return (int) Math.rint(images.getFirst().height() * this.zoom / zoom);
    }

    /** Columns of the field as the camera has it. */
    public int cameraColumns(double zoom) {
        return (int) Math.rint(images.getFirst().width() * this.zoom / zoom);
    }

    /** Part of the field, given in pixels of the camera. What simulated data know about themselves is left behind. */
    SimMeasurement cropped(double[] crop, double fullZoom) {
        int[] part = RawPictures.part(crop, cameraRows(fullZoom), cameraColumns(fullZoom), fullZoom / zoom);
        return new SimMeasurement(
                order,
                images.stream().map(image -> part(image, part)).toList(),
                phases,
                times,
                optics,
                otfs,
                lattice,
                zoom,
                Optional.empty(),
                doubts,
                clock);
    }

    private static Grid3D part(Grid3D image, int[] crop) {
        Grid3D part = new Grid3D(image.depth(), crop[2], crop[3]);
        for (int i = 0; i < image.depth() * crop[2]; i++) {
            int from = (i / crop[2] * image.height() + crop[0] + i % crop[2]) * image.width() + crop[1];
            System.arraycopy(image.values(), from, part.values(), i * crop[3], crop[3]);
        }
        return part;
    }

    private static SimMeasurement ofStack(Configuration c, String name, VolumeOptics optics, double[] phases)
            throws IOException {
        Optional<ShotWindow> window = ShotWindow.of(c);
        int directions = c.get(SimKeys.DATA_DIRECTIONS);
        Pictures pictures;
        PageOrder recorded;
        PageOrder pageOrder;
        if (window.isPresent()) {
            List<Integer> used = RawPictures.pages(c, false);
            recorded = pageOrder(c, phases.length, used.size(), name);
            ShotOrder some = window(window.get(), recorded.shots(), name);
            pictures = RawPictures.read(
                    c,
                    false,
                    recorded.pages(window.get().first(), window.get().count())
                            .mapToObj(used::get)
                            .toList());
            pageOrder = PageOrder.ofImages(some, recorded.planes());
        } else {
            pictures = RawPictures.read(c, false);
            recorded = pageOrder(c, phases.length, pictures.pages().size(), name);
            pageOrder = recorded;
        }
        List<Grid2D> pages = pictures.grey();
        ShotOrder order = pageOrder.shots();
        List<Grid3D> images = IntStream.range(0, order.count())
                .mapToObj(image -> volume(
                        pages,
                        RawPictures.field(c, pages.getFirst()),
                        pageOrder,
                        image,
                        c.get(SimKeys.DATA_FLOOR),
                        name))
                .toList();
        RadialOtf otf = otf(c, optics, phases.length, pageOrder.planes());
        Optional<String> stamps = c.find(SimKeys.DATA_TIMESTAMPS);
        double[] allTimes = stamps.isPresent()
                ? Timestamps.read(Path.of(stamps.get()), recorded.shots(), recorded.planes())
                : ofPages(pictures.calibration().moments(), recorded);
        int firstTime = window.map(ShotWindow::first).orElse(0) * recorded.planes();
        double[] pageTimes = Arrays.copyOfRange(allTimes, firstTime, firstTime + order.count() * recorded.planes());
        double[] taken = byPlane(c) ? pageTimes : means(pageTimes, pageOrder.planes());
        double[] times = normalised(taken);
        double[] told = configuredTimes(c, window).orElse(times);
        Optional<Clock> clock = stamps.filter(file -> Arrays.equals(told, times))
                .map(file -> new Clock(
                        Arrays.stream(taken).min().orElseThrow(),
                        Arrays.stream(taken).max().orElseThrow(),
                        ""));
        return new SimMeasurement(
                order,
                images,
                phases,
                told,
                optics,
                Collections.nCopies(directions, otf),
                false,
                c.get(SimKeys.SIM_ZOOM),
                Optional.empty(),
                doubts(pictures.calibration(), optics, recorded, name),
                clock);
    }

    private static PageOrder pageOrder(Configuration c, int phases, int pages, String name) {
        return PageOrder.of(
                c.get(SimKeys.DATA_ORDER),
                c.get(SimKeys.DATA_TIME_POINTS),
                c.get(SimKeys.DATA_DIRECTIONS),
                phases,
                pages,
                name);
    }

    /** Order of the images of a window, which holds whole time points. */
    private static ShotOrder window(ShotWindow window, ShotOrder recorded, String name) {
        int together = recorded.perTimePoint();
        window.in(recorded.count(), name);
        require(
                window.first() % together == 0 && window.count() % together == 0,
                "data.shots: [%d, %d] tears a time point of %d images (directions x phases) apart",
                window.first() + 1,
                window.count(),
                together);
        return new ShotOrder(window.count() / together, recorded.directions(), recorded.phases());
    }

    private static Optional<double[]> configuredTimes(Configuration c, Optional<ShotWindow> window) {
        return c.find(Keys.DATA_TIMES)
                .map(times -> window.isPresent() ? window.get().times(times) : times);
    }

    /** What there is to cut of the data that a configuration names. */
    static Extent extent(Configuration given) throws IOException {
        String name = given.get(Keys.DATA_FILE);
        Configuration c = told(given);
        int phases = c.get(SimKeys.DATA_PHASES);
        if (!Npz.isNamed(name)) {
            Extent pages = Extent.ofPictures(c, false, 1);
            PageOrder order = pageOrder(c, phases, pages.shots(), name);
            return new Extent(
                    order.shots().count(), order.shots().perTimePoint(), order.planes(), pages.rows(), pages.columns());
        }
        int[] shape = Npz.open(Path.of(name)).shape("img");
        int axes = shape.length;
        require(axes == 5 || axes == 6, "%s: array \"img\" has %d axes; 5 or 6 are expected", name, axes);
        double zoom = c.get(SimKeys.SIM_ZOOM);
        return new Extent(
                (axes == 6 ? shape[0] : 1) * shape[axes - 5] * shape[axes - 4],
                shape[axes - 5] * shape[axes - 4],
                shape[axes - 3],
                (int) Math.rint(shape[axes - 2] / zoom),
                (int) Math.rint(shape[axes - 1] / zoom));
    }

    /** Times of all pages, image by image: those of the file, else their numbers. */
    private static double[] ofPages(List<Double> moments, PageOrder order) {
        double[] numbers = order.pageNumbers();
        boolean known =
                moments.size() == numbers.length && moments.stream().distinct().count() > 1;
        return known
                ? Arrays.stream(numbers).map(page -> moments.get((int) page)).toArray()
                : numbers;
    }

    /** Where the file contradicts the configured sampling; a contradiction in the number of planes is refused. */
    private static List<String> doubts(Calibration told, VolumeOptics optics, PageOrder order, String name) {
        require(
                told.planes() == 0 || told.planes() % order.planes() == 0 || order.planes() % told.planes() == 0,
                "%s says that it holds volumes of %d planes, but data.directions, data.phases and data.timePoints leave %d",
                name,
                told.planes(),
                order.planes());
        List<String> doubts = new ArrayList<>();
        if (told.planes() > 1 && order.planes() == told.planes() && order.planesFirst() != told.planesFirst())
            doubts.add(String.format(
                    Locale.ROOT,
                    "data.order counts %s, but the file says that its %s follow each other first; which is right?",
                    String.join(", ", order.axes()),
                    told.planesFirst() ? "planes" : "times"));
        RawPictures.contradiction(Keys.OPTICS_PIXEL_SIZE, optics.pixelSize(), told.pixelSize())
                .ifPresent(doubts::add);
        if (order.planes() > 1)
            RawPictures.contradiction(SimKeys.OPTICS_Z_STEP, optics.zStep(), told.zStep())
                    .ifPresent(doubts::add);
        return doubts;
    }

    private static boolean byPlane(Configuration c) {
        return c.get(SimKeys.SIM_TIMING).equals("plane");
    }

    private static double[] means(double[] values, int planes) {
        double[] means = new double[values.length / planes];
        for (int i = 0; i < values.length; i++) means[i / planes] += values[i] / planes;
        return means;
    }

    /** Measured, from a bead's image, or as theory has it. */
    private static RadialOtf otf(Configuration c, VolumeOptics optics, int phases, int planes) throws IOException {
        Optional<String> bead = c.find(SimKeys.SIM_PSF);
        boolean theoretical =
                c.find(SimKeys.SIM_OTF).filter("theoretical"::equals).isPresent();
        require(
                bead.isEmpty() || c.find(SimKeys.SIM_OTF).isEmpty(),
                "sim.otf and sim.psf are both given; one is needed");
        if (bead.isEmpty() && !theoretical)
            return OtfFile.read(
                    Path.of(c.get(SimKeys.SIM_OTF)),
                    c.find(SimKeys.SIM_OTF_PIXEL_SIZE).orElse(optics.pixelSize()),
                    c.find(SimKeys.SIM_OTF_Z_STEP).orElse(optics.zStep()));
        double spacing = c.find(SimKeys.SIM_LINE_SPACINGS)
                .filter(spacings -> spacings.length > 0)
                .map(spacings -> spacings[0])
                .orElse(optics.excitationWavelength() / (TYPICAL_SPACING * optics.numericalAperture()));
        TheoreticalOtf.Light light = light(optics, phases, spacing);
        if (theoretical) return TheoreticalOtf.of(optics, light, OTF_SAMPLES, planes == 1 ? 1 : OTF_AXIAL);
        List<Grid2D> pages = ImageFiles.read(Path.of(bead.get()));
        Grid3D image = new Grid3D(
                pages.size(), pages.getFirst().height(), pages.getFirst().width());
        for (int z = 0; z < pages.size(); z++) {
            require(
                    pages.get(z).values().length == image.height() * image.width(),
                    "%s: page %d is %s but page 1 is %s",
                    bead.get(),
                    z + 1,
                    pages.get(z).size(),
                    pages.getFirst().size());
            System.arraycopy(
                    pages.get(z).values(),
                    0,
                    image.values(),
                    z * image.height() * image.width(),
                    image.height() * image.width());
        }
        return TheoreticalOtf.ofBead(optics, light, image);
    }

    /** With fewer than five phases the light has two beams, else three. */
    static TheoreticalOtf.Light light(VolumeOptics optics, int phases, double spacing) {
        return phases < 5 ? TheoreticalOtf.Light.twoBeams() : TheoreticalOtf.Light.threeBeams(optics, 1 / spacing);
    }

    /**
     * Arrays {@code img} [direction, phase, z, y, x], {@code OTF} [direction, radius, z, band] complex,
     * {@code timestamp_phase} [direction, phase]; of several time points, the first and the last array begin with an
     * axis for these. Where planes have times of their own, {@code timestamp_phase} ends with an axis for the planes.
     */
    private static SimMeasurement ofArchive(Configuration c, String name, VolumeOptics optics, double[] phases)
            throws IOException {
        Npz arrays = Npz.open(Path.of(name));
        Optional<ShotWindow> window = ShotWindow.of(c);
        NpyArray img = window.isPresent() ? images(arrays, window.get(), name) : arrays.get("img");
        int axes = img.shape().length;
        require(
                (axes == 5 || axes == 6) && img.shape()[axes - 4] == phases.length,
                "%s: array \"img\" is %s; directions, %d phases (data.phases), planes, rows and columns are expected, with time points before them where there are several",
                name,
                img.size(),
                phases.length);
        int timePoints = axes == 6 ? img.shape()[0] : 1;
        int directions = img.shape()[axes - 5];
        int planes = img.shape()[axes - 3];
        NpyArray otf = arrays.get("OTF");
        require(
                otf.shape().length == 5 && otf.shape()[0] == directions && otf.shape()[4] == 2,
                "%s: array \"OTF\" is %s; %d directions, radii, axial frequencies and bands of complex numbers are expected",
                name,
                otf.size(),
                directions);
        NpyArray allStamps = arrays.get("timestamp_phase");
        double[] stamps = allStamps.values();
        int firstStamp = window.map(ShotWindow::first).orElse(0) * (byPlane(c) ? planes : 1);
        checkFinite(img.values(), name, "img");
        checkFinite(stamps, name, "timestamp_phase");
        int timed = timePoints * directions * phases.length * (byPlane(c) ? planes : 1);
        require(
                window.isPresent() ? firstStamp + timed <= stamps.length : stamps.length == timed,
                "%s: array \"timestamp_phase\" is %s; a time for each of %d time points, %d directions%s %d phases%s is expected",
                name,
                allStamps.size(),
                timePoints,
                directions,
                byPlane(c) ? "," : " and",
                phases.length,
                byPlane(c) ? " and " + planes + " planes (sim.timing: plane)" : "");
        VolumeOptics fine = optics.oversampled(c.get(SimKeys.SIM_ZOOM));
        ShotOrder order = new ShotOrder(timePoints, directions, phases.length);
        List<RadialOtf> otfs = new ArrayList<>();
        int voxels = planes * img.shape()[axes - 2] * img.shape()[axes - 1];
        List<Grid3D> images = IntStream.range(0, order.count())
                .mapToObj(image -> new Grid3D(
                        planes,
                        img.shape()[axes - 2],
                        img.shape()[axes - 1],
                        Arrays.copyOfRange(img.values(), image * voxels, (image + 1) * voxels)))
                .toList();
        for (int direction = 0; direction < directions; direction++) {
            otfs.add(OtfFile.ofArray(
                    name + ": array \"OTF\"",
                    otf,
                    direction,
                    c.find(SimKeys.SIM_OTF_PIXEL_SIZE).orElse(optics.pixelSize()),
                    c.find(SimKeys.SIM_OTF_Z_STEP).orElse(optics.zStep())));
        }
        return new SimMeasurement(
                order,
                images,
                phases,
                configuredTimes(c, window)
                        .orElse(normalised(Arrays.copyOfRange(stamps, firstStamp, firstStamp + timed))),
                fine,
                List.copyOf(otfs),
                false,
                1,
                window.isPresent() ? Optional.empty() : SimTruth.find(arrays),
                List.of(),
                Optional.empty());
    }

    /** The time points of a window. */
    private static NpyArray images(Npz arrays, ShotWindow window, String name) throws IOException {
        int[] shape = arrays.shape("img");
        require(
                shape.length == 6,
                "%s: array \"img\" has %d axes; data.shots needs one for time points before the others",
                name,
                shape.length);
        ShotOrder recorded = new ShotOrder(shape[0], shape[1], shape[2]);
        ShotOrder some = window(window, recorded, name);
        return arrays.part(
                "img", new Part(window.first() / recorded.perTimePoint(), some.timePoints(), Optional.empty()));
    }

    private static void checkFinite(double[] values, String name, String array) {
        for (int i = 0; i < values.length; i++)
            require(
                    Double.isFinite(values[i]),
                    "%s: array \"%s\" holds a value that is not a finite number (element %d)",
                    name,
                    array,
                    i);
    }

    /** @param field where the pages lie in the file's */
    private static Grid3D volume(
            List<Grid2D> pages, Region field, PageOrder order, int image, double floor, String name) {
        Grid2D first = pages.getFirst();
        Grid3D volume = new Grid3D(order.planes(), first.height(), first.width());
        for (int z = 0; z < order.planes(); z++) {
            int number = order.page(image, z);
            Grid2D page = pages.get(number);
            require(
                    page.height() == first.height() && page.width() == first.width(),
                    "%s: page %d is %s but page 1 is %s",
                    name,
                    number + 1,
                    page.size(),
                    first.size());
            for (int i = 0; i < page.values().length; i++) {
                double value = page.values()[i];
                require(
                        Double.isFinite(value),
                        "%s: page %d, row %d, column %d is not a finite number",
                        name,
                        number + 1,
                        field.row() + i / page.width(),
                        field.column() + i % page.width());
                volume.values()[z * page.values().length + i] = Math.max(0, value - floor);
            }
        }
        return volume;
    }

    /** Brings times of any unit to [-1, 1]. */
    private static double[] normalised(double[] times) {
        double first = Arrays.stream(times).min().orElseThrow();
        double last = Arrays.stream(times).max().orElseThrow();
        return Arrays.stream(times)
                .map(time -> last == first ? 0 : 2 * (time - first) / (last - first) - 1)
                .toArray();
    }
}
