package dev.nstm.apps.lensless;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Extent;
import dev.nstm.apps.instrument.RawPictures;
import dev.nstm.apps.instrument.ShotWindow;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.NpyFloats;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Part;
import dev.nstm.apps.io.Selection;
import dev.nstm.optics.Grid2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A photograph of a lensless camera and its point-spread function, one picture per colour each.
 *
 * @param photograph above the background, downsampled, brightest value 1
 * @param unit counts of that brightest value
 * @param pointSpread above the background, downsampled; the brightest colour sums to 1
 * @param saturated share of the point source's pixels that are as bright as the brightest
 * @param pedestal level of the point source's border above its background, relative to its brightest value
 * @param truth what simulated data know about themselves
 */
public record LenslessMeasurement(
        List<Grid2D> photograph,
        double unit,
        List<Grid2D> pointSpread,
        double saturated,
        double pedestal,
        Optional<Truth> truth) {
    /**
     * What simulated data know about themselves.
     *
     * @param times of the frames
     * @param scene {@code [time, y, x, colour]}
     */
    public record Truth(double[] times, NpyFloats scene) {}

    /** What is true of a scene of this size, where it is known. */
    Optional<Truth> truth(int height, int width) {
        return truth.filter(known ->
                Arrays.equals(known.scene.shape(), new int[] {known.times.length, height, width, photograph.size()}));
    }

    /** Reads the data that the configuration names: a picture, or an NPZ file with {@code img} and {@code psf}. */
    public static LenslessMeasurement load(Configuration c) throws IOException {
        String name = c.get(Keys.DATA_FILE);
        boolean archive = Npz.isNamed(name);
        Npz arrays = archive ? Npz.open(Path.of(name)) : Npz.none();
        List<Grid2D> raw = archive ? colours(photograph(c, arrays, name), name, "img") : photograph(c, name);
        boolean bundled = arrays.has("psf");
        String psfName = bundled ? name + ": array \"psf\"" : c.get(LenslessKeys.CAMERA_PSF);
        List<Grid2D> psf = bundled
                ? colours(arrays.get("psf"), name, "psf")
                : ImageFiles.readColours(Path.of(psfName), Selection.ALL);
        checkFinite(raw, name);
        checkFinite(psf, psfName);
        if (psf.size() == 1 && raw.size() > 1) psf = Collections.nCopies(raw.size(), psf.getFirst());
        require(raw.size() == psf.size(), "%s has %d colours but %s has %d", name, raw.size(), psfName, psf.size());
        require(
                raw.getFirst().size().equals(psf.getFirst().size()),
                "%s is %s but %s is %s; photograph and point source come from the same sensor, uncropped",
                name,
                raw.getFirst().size(),
                psfName,
                psf.getFirst().size());
        // An archive that brings both is prepared already.
        int factor = bundled ? 1 : c.get(LenslessKeys.CAMERA_DOWNSAMPLING);
        DarkLevel level = bundled ? DarkLevel.NONE : DarkLevel.ofPointSource(c);
        List<Grid2D> dark = level.subtracted(psf, psfName);
        List<Grid2D> spread = pointSpread(cropped(c, dark), factor, psfName, level);
        DarkLevel background = bundled
                ? DarkLevel.NONE
                : DarkLevel.of(c.get(LenslessKeys.CAMERA_BACKGROUND), LenslessKeys.CAMERA_BACKGROUND.path());
        List<Grid2D> above = background.subtracted(raw, name);
        List<Grid2D> cleaned = cropped(c, above).stream()
                .map(colour -> RawPictures.cleaned(c, colour))
                .toList();
        List<Grid2D> seen = downsampled(cleaned, factor).stream()
                .map(colour -> rolled(colour, c.get(LenslessKeys.CAMERA_ROLL)))
                .toList();
        double brightest = seen.stream()
                .flatMapToDouble(colour -> Arrays.stream(colour.values()))
                .max()
                .orElseThrow();
        require(brightest > 0, "%s is dark: no value lies above %s (camera.background)", name, background);
        return new LenslessMeasurement(
                seen.stream().map(colour -> divided(colour, brightest)).toList(),
                brightest,
                spread,
                saturated(psf),
                DarkLevel.pedestal(dark),
                truth(c, arrays));
    }

    private static List<Grid2D> cropped(Configuration c, List<Grid2D> colours) {
        return colours.stream().map(colour -> RawPictures.cropped(c, colour)).toList();
    }

    /** Downsampled, divided by the largest sum over a colour. */
    static List<Grid2D> pointSpread(List<Grid2D> above, int factor, String name, DarkLevel level) {
        List<Grid2D> spread = downsampled(above, factor);
        for (int colour = 0; colour < spread.size(); colour++) {
            require(
                    spread.get(colour).sum() > 0,
                    "%s is dark%s: no value lies above %s (camera.psfBackground, else camera.background)",
                    name,
                    spread.size() == 1 ? "" : " in colour " + (colour + 1) + " of " + spread.size(),
                    level);
        }
        double largest = spread.stream().mapToDouble(Grid2D::sum).max().orElseThrow();
        return spread.stream().map(colour -> divided(colour, largest)).toList();
    }

    private static List<Grid2D> colours(NpyArray array, String name, String key) {
        int axes = array.shape().length;
        require(
                axes == 2 || axes == 3,
                "%s: array \"%s\" is %s; rows and columns are expected, then colours",
                name,
                key,
                array.size());
        int colours = axes == 2 ? 1 : array.shape()[2];
        List<Grid2D> pictures = new ArrayList<>();
        for (int colour = 0; colour < colours; colour++) {
            Grid2D picture = new Grid2D(array.shape()[0], array.shape()[1]);
            for (int i = 0; i < picture.values().length; i++)
                picture.values()[i] = array.values()[i * colours + colour];
            pictures.add(picture);
        }
        return pictures;
    }

    /**
     * Share of the pixels that have the brightest value, apart from one per colour, which always exists. Many such
     * pixels mean that the sensor cut off brighter values.
     */
    private static double saturated(List<Grid2D> psf) {
        double brightest = psf.stream()
                .flatMapToDouble(colour -> Arrays.stream(colour.values()))
                .max()
                .orElseThrow();
        long count = psf.stream()
                .flatMapToDouble(colour -> Arrays.stream(colour.values()))
                .filter(value -> value == brightest)
                .count();
        return (double) Math.max(0, count - psf.size())
                / (psf.size() * psf.getFirst().values().length);
    }

    /** Array of the photograph, or of several one after the other. */
    private static final String PHOTOGRAPH = "img";

    private static NpyArray photograph(Configuration c, Npz arrays, String name) throws IOException {
        Optional<ShotWindow> window = ShotWindow.of(c);
        if (window.isEmpty()) return arrays.getOrOnly(PHOTOGRAPH, "the photograph");
        String array = arrays.nameOrOnly(PHOTOGRAPH, "the photographs");
        int[] shape = arrays.shape(array);
        require(
                shape.length == 4,
                "%s: array \"img\" has %d axes; photographs, rows, columns and colours are expected",
                name,
                shape.length);
        NpyArray one = arrays.part(array, new Part(single(window.get(), shape[0], name), 1, Optional.empty()));
        return new NpyArray(Arrays.copyOfRange(one.shape(), 1, 4), one.values());
    }

    /** Index of the one photograph of a window. */
    private static int single(ShotWindow window, int photographs, String name) {
        require(
                window.in(photographs, name).count() == 1,
                "data.shots: a lensless camera's photographs are taken one at a time, got %d",
                window.count());
        return window.first();
    }

    /** What there is to cut of the data that a configuration names. */
    static Extent extent(Configuration c) throws IOException {
        require(
                c.find(Keys.WINDOWS_SHOTS).orElse(1) == 1,
                "windows.shots: a lensless camera's photographs are taken one at a time, got %s",
                c.find(Keys.WINDOWS_SHOTS).orElse(1));
        String name = c.get(Keys.DATA_FILE);
        if (!Npz.isNamed(name)) return Extent.ofPictures(c, false, 1);
        Npz arrays = Npz.open(Path.of(name));
        int[] shape = arrays.shape(arrays.nameOrOnly(PHOTOGRAPH, "the photographs"));
        boolean several = shape.length == 4;
        require(several || shape.length >= 2, "%s: array \"img\" holds no pictures", name);
        return new Extent(several ? shape[0] : 1, 1, 1, shape[several ? 1 : 0], shape[several ? 2 : 1]);
    }

    private static List<Grid2D> photograph(Configuration c, String name) throws IOException {
        Optional<ShotWindow> window = ShotWindow.of(c);
        if (window.isPresent()) {
            Configuration whole = c.without(List.of(Keys.DATA_CROP));
            List<Integer> pages = RawPictures.pages(whole, false);
            int page = pages.get(single(window.get(), pages.size(), name));
            return RawPictures.read(whole, false, List.of(page)).pages().getFirst();
        }
        List<Path> files = ImageFiles.named(name);
        require(files.size() == 1, "%s names %d files; one photograph is needed", name, files.size());
        return ImageFiles.readColours(
                files.getFirst(), new Selection(c.find(Keys.DATA_SERIES), c.find(Keys.DATA_CHANNEL), true));
    }

    private static List<Grid2D> downsampled(List<Grid2D> colours, int factor) {
        return colours.stream().map(colour -> colour.downsampled(factor)).toList();
    }

    static void checkFinite(List<Grid2D> colours, String name) {
        for (Grid2D colour : colours) {
            for (int i = 0; i < colour.values().length; i++)
                require(
                        Double.isFinite(colour.values()[i]),
                        "%s: row %d, column %d is not a finite number",
                        name,
                        i / colour.width(),
                        i % colour.width());
        }
    }

    private static Grid2D rolled(Grid2D picture, int columns) {
        Grid2D rolled = new Grid2D(picture.height(), picture.width());
        for (int i = 0; i < rolled.values().length; i++)
            rolled.values()[
                            i / rolled.width() * rolled.width()
                                    + Math.floorMod(i % rolled.width() + columns, rolled.width())] =
                    picture.values()[i];
        return rolled;
    }

    private static Grid2D divided(Grid2D picture, double divisor) {
        return new Grid2D(
                picture.height(),
                picture.width(),
                Arrays.stream(picture.values()).map(value -> value / divisor).toArray());
    }

    private static Optional<Truth> truth(Configuration c, Npz arrays) throws IOException {
        boolean part = c.find(Keys.DATA_CROP).isPresent() || ShotWindow.of(c).isPresent();
        if (!arrays.has("scene") || !arrays.has("t") || part) return Optional.empty();
        return Optional.of(new Truth(arrays.get("t").values(), arrays.floats("scene")));
    }
}
