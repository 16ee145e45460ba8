package dev.nstm.apps.instrument;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.io.Calibration;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.Pictures;
import dev.nstm.apps.io.Region;
import dev.nstm.apps.io.Selection;
import dev.nstm.optics.EdgeTaper;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.HotPixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is done to raw pictures of every system before anything else. */
public final class RawPictures {
    private RawPictures() {}

    /** Reads the picture files that the configuration names. */
    public static Pictures read(Configuration c, boolean channelsArePages) throws IOException {
        return ImageFiles.read(ImageFiles.named(c.get(Keys.DATA_FILE)), selection(c, channelsArePages, true));
    }

    /**
     * Reads some pages of the picture files that the configuration names.
     *
     * @param pages their numbers, in this order, out of {@link #pages}
     */
    public static Pictures read(Configuration c, boolean channelsArePages, List<Integer> pages) throws IOException {
        String wanted = pages.stream().map(String::valueOf).collect(Collectors.joining(","));
        return ImageFiles.read(
                ImageFiles.named(c.get(Keys.DATA_FILE)),
                selection(c, channelsArePages, false).withRanges(Optional.of(wanted)));
    }

    /** Numbers, from 1, of the pages that the configuration uses of its picture files; these are only looked at. */
    public static List<Integer> pages(Configuration c, boolean channelsArePages) throws IOException {
        Selection selection = selection(c, channelsArePages, true);
        int count = ImageFiles.count(ImageFiles.named(c.get(Keys.DATA_FILE)), selection);
        List<Integer> all = IntStream.rangeClosed(1, count).boxed().toList();
        return selection
                .ranges()
                .map(ranges -> Selection.pages(all, ranges, c.get(Keys.DATA_FILE)))
                .orElse(all);
    }

    /** What the first of the picture files that the configuration names says of itself. */
    public static Calibration told(Configuration c) throws IOException {
        Selection corner = new Selection(
                c.find(Keys.DATA_SERIES),
                c.find(Keys.DATA_CHANNEL),
                true,
                Optional.of("1"),
                Optional.of(new Region(0, 0, 1, 1)));
        List<Path> files = ImageFiles.named(c.get(Keys.DATA_FILE));
        return ImageFiles.read(files.subList(0, 1), corner).calibration();
    }

    /** The configuration with what files tell of size and wavelength where it says nothing. */
    public static Configuration completed(Configuration given, Calibration told) {
        Configuration c = given;
        if (told.pixelSize().isPresent())
            c = c.withDefault(Keys.OPTICS_PIXEL_SIZE, told.pixelSize().getAsDouble());
        return told.wavelength().isPresent()
                ? c.withDefault(Keys.OPTICS_WAVELENGTH, told.wavelength().getAsDouble())
                : c;
    }

    /** The configuration with its data, and the files that some keys name, named in full: jobs start elsewhere. */
    @SafeVarargs
    public static Configuration absolute(Configuration c, Key<String>... keys) throws IOException {
        Configuration absolute = c.with(Keys.DATA_FILE, ImageFiles.absolute(c.get(Keys.DATA_FILE)));
        for (Key<String> key : keys) {
            Optional<Path> file = c.find(key).map(name -> Path.of(name.strip())).filter(Files::exists);
            if (file.isPresent())
                absolute = absolute.with(
                        key, file.get().toAbsolutePath().normalize().toString());
        }
        return absolute;
    }

    /**
     * The series, channel and part of the field that the configuration names.
     *
     * @param raw whether the pages that it names are meant too
     */
    public static Selection selection(Configuration c, boolean channelsArePages, boolean raw) {
        return new Selection(
                c.find(Keys.DATA_SERIES),
                c.find(Keys.DATA_CHANNEL),
                channelsArePages,
                raw ? c.find(Keys.DATA_PAGES) : Optional.empty(),
                region(c));
    }

    /** The part of a picture that the configuration asks for. */
    public static Grid2D cropped(Configuration c, Grid2D picture) {
        return region(c).map(region -> region.of(picture)).orElse(picture);
    }

    /** Where a picture that was read lies in the field. */
    public static Region field(Configuration c, Grid2D read) {
        return region(c).orElse(new Region(0, 0, read.height(), read.width()));
    }

    /** The part of the field that the configuration asks for. */
    public static Optional<Region> region(Configuration c) {
        return c.find(Keys.DATA_CROP).map(RawPictures::region);
    }

    private static Region region(double[] crop) {
        require(
                crop.length == 4,
                "data.crop needs four numbers (first row, first column, rows, columns), got %d",
                crop.length);
        for (double pixels : crop)
            require(pixels == Math.rint(pixels), "data.crop: whole pixels are expected, got %s", Arrays.toString(crop));
        return new Region((int) crop[0], (int) crop[1], (int) crop[2], (int) crop[3]);
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
        Region region = region(crop).in(rows, columns);
        return IntStream.of(region.row(), region.column(), region.height(), region.width())
                .map(pixels -> (int) Math.rint(pixels * samples))
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
