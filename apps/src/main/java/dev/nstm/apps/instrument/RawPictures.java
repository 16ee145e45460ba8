package dev.nstm.apps.instrument;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.Pictures;
import dev.nstm.apps.io.Selection;
import dev.nstm.optics.EdgeTaper;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.HotPixels;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** What is done to raw pictures of every system before anything else. */
public final class RawPictures {
    private RawPictures() {}

    /** Reads the picture files that the configuration names. */
    public static Pictures read(Configuration c, boolean channelsArePages) throws IOException {
        String names = c.get(Keys.DATA_FILE);
        Pictures all = ImageFiles.read(ImageFiles.named(names), selection(c, channelsArePages));
        return c.find(Keys.DATA_PAGES)
                .map(ranges -> new Pictures(Selection.pages(all.pages(), ranges, names), all.calibration()))
                .orElse(all);
    }

    /** The series and channel that the configuration names. */
    public static Selection selection(Configuration c, boolean channelsArePages) {
        return new Selection(c.find(Keys.DATA_SERIES), c.find(Keys.DATA_CHANNEL), channelsArePages);
    }

    /** The part of a picture that the configuration asks for. */
    public static Grid2D cropped(Configuration c, Grid2D picture) {
        return c.find(Keys.DATA_CROP).map(crop -> part(crop, picture)).orElse(picture);
    }

    private static Grid2D part(double[] given, Grid2D picture) {
        int[] crop = part(given, picture.height(), picture.width(), 1);
        return picture.part(crop[0], crop[1], crop[2], crop[3]);
    }

    /**
     * First row, first column, rows and columns of a part, in samples.
     *
     * @param crop the same in pixels of the camera
     * @param rows of the field, in pixels of the camera
     * @param columns of the field
     * @param samples per pixel of the camera
     */
    public static int[] part(double[] crop, int rows, int columns, double samples) {
        require(
                crop.length == 4,
                "data.crop needs four numbers (first row, first column, rows, columns), got %d",
                crop.length);
        require(
                crop[2] >= 1 && crop[3] >= 1 && crop[0] + crop[2] <= rows && crop[1] + crop[3] <= columns,
                "data.crop: %s lies outside the field of %dx%d pixels",
                Arrays.toString(crop),
                rows,
                columns);
        for (double pixels : crop)
            require(pixels == Math.rint(pixels), "data.crop: whole pixels are expected, got %s", Arrays.toString(crop));
        return Arrays.stream(crop)
                .mapToInt(pixels -> (int) Math.rint(pixels * samples))
                .toArray();
    }

    /** What the file says against a configured number; empty where they agree within 2 %, or one says nothing. */
    public static Optional<String> contradiction(Key<Double> key, double configured, OptionalDouble told) {
        if (told.isEmpty() || Math.abs(told.getAsDouble() / configured - 1) < 0.02) return Optional.empty();
        String unit = key.unit().isEmpty() ? "" : " " + key.unit();
        return Optional.of(String.format(
                Locale.ROOT,
                "%s is %s%s but the file says %s%s; which is right?",
                key.path(),
                configured,
                unit,
                (float) told.getAsDouble(),
                unit));
    }

    /** With opposite borders brought together. */
    public static Grid2D tapered(Configuration c, Grid2D picture) {
        int taper = c.get(Keys.DATA_TAPER);
        return taper == 0 ? picture : EdgeTaper.apply(picture, taper);
    }

    /** Without hot pixels. */
    public static Grid2D cleaned(Configuration c, Grid2D picture) {
        double threshold = c.get(Keys.DATA_HOT_PIXELS);
        return threshold == 0 ? picture : HotPixels.removed(picture, threshold);
    }

    /** Every plane {@link #cleaned}. */
    public static Grid3D cleaned(Configuration c, Grid3D volume) {
        return c.get(Keys.DATA_HOT_PIXELS) == 0 ? volume : volume.eachPlane(plane -> cleaned(c, plane));
    }

    /** Every plane {@link #tapered}. */
    public static Grid3D tapered(Configuration c, Grid3D volume) {
        return c.get(Keys.DATA_TAPER) == 0 ? volume : volume.eachPlane(plane -> tapered(c, plane));
    }
}
