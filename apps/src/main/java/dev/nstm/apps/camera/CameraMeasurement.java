package dev.nstm.apps.camera;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.run.RawPictures;
import dev.nstm.optics.Grid2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A photograph of a lensless camera and its point-spread function, one picture per colour each.
 *
 * @param photograph above the background, downsampled, brightest value 1
 * @param unit counts of that brightest value
 * @param pointSpread above the background, downsampled; the brightest colour sums to 1
 * @param saturated share of the point source's pixels that are as bright as the brightest
 * @param truth what simulated data know about themselves
 */
public record CameraMeasurement(List<Grid2D> photograph, double unit, List<Grid2D> pointSpread, double saturated, Optional<Truth> truth) {
    /**
     * What simulated data know about themselves.
     *
     * @param times of the frames
     * @param scene {@code [time, y, x, colour]}
     */
    public record Truth(double[] times, NpyArray scene) {}

    /** What is true of a scene of this size, where it is known. */
    Optional<Truth> truth(int height, int width) {
        return truth.filter(known -> Arrays.equals(known.scene.shape(), new int[] {known.times.length, height, width, photograph.size()}));
    }

    /** Reads the data that the configuration names: a picture, or an NPZ file with {@code img} and {@code psf}. */
    public static CameraMeasurement load(Configuration c) throws IOException {
        String name = c.get(Keys.DATA_FILE);
        Map<String, NpyArray> arrays = name.toLowerCase(Locale.ROOT).endsWith(".npz") ? Npz.read(Path.of(name)) : Map.of();
        if (!arrays.isEmpty()) require(arrays.containsKey("img"), "%s holds no array \"img\" (the photograph); it has %s", name, arrays.keySet());
        List<Grid2D> raw = arrays.isEmpty() ? ImageFiles.readColours(Path.of(name)) : colours(arrays.get("img"), name, "img");
        boolean bundled = arrays.containsKey("psf");
        String psfName = bundled ? name + ": array \"psf\"" : c.get(Keys.CAMERA_PSF);
        List<Grid2D> psf = bundled ? colours(arrays.get("psf"), name, "psf") : ImageFiles.readColours(Path.of(psfName));
        if (psf.size() == 1 && raw.size() > 1) psf = Collections.nCopies(raw.size(), psf.getFirst());
        require(raw.size() == psf.size(), "%s has %d colours but %s has %d", name, raw.size(), psfName, psf.size());
        require(raw.getFirst().size().equals(psf.getFirst().size()), "%s is %s but %s is %s; photograph and point source come from the same sensor, uncropped", name, raw.getFirst().size(), psfName, psf.getFirst().size());
        // An archive that brings both is prepared already.
        double background = bundled ? 0 : c.get(Keys.CAMERA_BACKGROUND);
        int factor = bundled ? 1 : c.get(Keys.CAMERA_DOWNSAMPLING);
        List<Grid2D> spread = pointSpread(psf, background, factor, psfName);
        List<Grid2D> cleaned = raw.stream().map(colour -> RawPictures.cleaned(c, colour)).toList();
        List<Grid2D> seen = prepared(cleaned, background, factor, name).stream().map(colour -> rolled(colour, c.get(Keys.CAMERA_ROLL))).toList();
        double brightest = seen.stream().flatMapToDouble(colour -> Arrays.stream(colour.values())).max().orElseThrow();
        require(brightest > 0, "%s is dark: no value lies above the background of %s (camera.background)", name, background);
        return new CameraMeasurement(seen.stream().map(colour -> divided(colour, brightest)).toList(), brightest, spread, saturated(psf), truth(arrays));
    }

    /** Above the background, downsampled, divided by the largest sum over a colour. */
    static List<Grid2D> pointSpread(List<Grid2D> raw, double background, int factor, String name) {
        List<Grid2D> spread = prepared(raw, background, factor, name);
        for (int colour = 0; colour < spread.size(); colour++) {
            require(spread.get(colour).sum() > 0, "%s is dark%s: no value lies above the background of %s (camera.background)", name, spread.size() == 1 ? "" : " in colour " + (colour + 1) + " of " + spread.size(), background);
        }
        double largest = spread.stream().mapToDouble(Grid2D::sum).max().orElseThrow();
        return spread.stream().map(colour -> divided(colour, largest)).toList();
    }

    private static List<Grid2D> colours(NpyArray array, String name, String key) {
        int axes = array.shape().length;
        require(axes == 2 || axes == 3, "%s: array \"%s\" is %s; rows and columns are expected, then colours", name, key, array.size());
        int colours = axes == 2 ? 1 : array.shape()[2];
        List<Grid2D> pictures = new ArrayList<>();
        for (int colour = 0; colour < colours; colour++) {
            Grid2D picture = new Grid2D(array.shape()[0], array.shape()[1]);
            for (int i = 0; i < picture.values().length; i++) picture.values()[i] = array.values()[i * colours + colour];
            pictures.add(picture);
        }
        return pictures;
    }

    /** Brightest values that are shared by many pixels were cut off by the sensor; one pixel of each colour is the brightest anyway. */
    private static double saturated(List<Grid2D> psf) {
        double brightest = psf.stream().flatMapToDouble(colour -> Arrays.stream(colour.values())).max().orElseThrow();
        long count = psf.stream().flatMapToDouble(colour -> Arrays.stream(colour.values())).filter(value -> value == brightest).count();
        return (double) Math.max(0, count - psf.size()) / (psf.size() * psf.getFirst().values().length);
    }

    private static List<Grid2D> prepared(List<Grid2D> colours, double background, int factor, String name) {
        List<Grid2D> prepared = new ArrayList<>();
        for (Grid2D colour : colours) {
            Grid2D above = new Grid2D(colour.height(), colour.width());
            for (int i = 0; i < above.values().length; i++) {
                double value = colour.values()[i];
                require(Double.isFinite(value), "%s: row %d, column %d is not a finite number", name, i / above.width(), i % above.width());
                above.values()[i] = Math.max(0, value - background);
            }
            prepared.add(above.downsampled(factor));
        }
        return prepared;
    }

    private static Grid2D rolled(Grid2D picture, int columns) {
        Grid2D rolled = new Grid2D(picture.height(), picture.width());
        for (int i = 0; i < rolled.values().length; i++) rolled.values()[i / rolled.width() * rolled.width() + Math.floorMod(i % rolled.width() + columns, rolled.width())] = picture.values()[i];
        return rolled;
    }

    private static Grid2D divided(Grid2D picture, double divisor) {
        return new Grid2D(picture.height(), picture.width(), Arrays.stream(picture.values()).map(value -> value / divisor).toArray());
    }

    private static Optional<Truth> truth(Map<String, NpyArray> arrays) {
        if (!arrays.containsKey("scene") || !arrays.containsKey("t")) return Optional.empty();
        return Optional.of(new Truth(arrays.get("t").values(), arrays.get("scene")));
    }
}
