package dev.nstm.apps.lensless;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Key;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.Selection;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What a sensor shows in the dark: a level in counts, a picture, or whatever the picture itself has along its border.
 *
 * @param level in counts; empty where a picture or the border tells
 * @param frame picture of the dark sensor, colours apart; empty where there is none
 */
record DarkLevel(OptionalDouble level, List<Grid2D> frame) {
    /** Nothing is subtracted; negative values become 0. */
    static final DarkLevel NONE = new DarkLevel(OptionalDouble.of(0), List.of());

    private static final String BORDER = "border";
    /** Share of the rows and columns that is taken for the border, on every side. */
    private static final int BORDER_SHARE = 40;

    /**
     * @param text a number, {@code border}, or the name of a file
     * @param key that holds it, for messages
     */
    static DarkLevel of(String text, String key) throws IOException {
        if (text.toLowerCase(Locale.ROOT).equals(BORDER)) return new DarkLevel(OptionalDouble.empty(), List.of());
        try {
            double level = Double.parseDouble(text);
            require(
                    level >= 0 && Double.isFinite(level),
                    "%s must be at least 0 (counts), border, or a picture of the dark sensor, got %s",
                    key,
                    text);
            return new DarkLevel(OptionalDouble.of(level), List.of());
        } catch (NumberFormatException file) {
            return new DarkLevel(OptionalDouble.empty(), ImageFiles.readColours(Path.of(text), Selection.ALL));
        }
    }

    /** That of the point source's picture: its own, else the photograph's. */
    static DarkLevel ofPointSource(Configuration c) throws IOException {
        Key<String> key = c.find(LenslessKeys.CAMERA_PSF_BACKGROUND).isPresent()
                ? LenslessKeys.CAMERA_PSF_BACKGROUND
                : LenslessKeys.CAMERA_BACKGROUND;
        return of(c.get(key), key.path());
    }

    @Override
    public String toString() {
        if (!frame.isEmpty()) return "the picture of the dark sensor";
        return level.isPresent()
                ? "the background of "
                        + BigDecimal.valueOf(level.getAsDouble())
                                .stripTrailingZeros()
                                .toPlainString()
                : "the level of its border";
    }

    /** Pictures above the dark; what is below becomes 0. */
    List<Grid2D> subtracted(List<Grid2D> colours, String name) {
        List<Grid2D> above = new ArrayList<>();
        for (int c = 0; c < colours.size(); c++) {
            Grid2D colour = colours.get(c);
            Grid2D dark = frame.isEmpty() ? null : frame.get(Math.min(c, frame.size() - 1));
            require(
                    dark == null || dark.size().equals(colour.size()),
                    "%s is %s but the picture of the dark sensor is %s",
                    name,
                    colour.size(),
                    dark == null ? "" : dark.size());
            double plain = level.orElseGet(() -> dark == null ? border(colour) : 0);
            Grid2D difference = new Grid2D(colour.height(), colour.width());
            for (int i = 0; i < difference.values().length; i++)
                difference.values()[i] =
                        Math.max(0, colour.values()[i] - plain - (dark == null ? 0 : dark.values()[i]));
            above.add(difference);
        }
        return above;
    }

    /**
     * Level of the border relative to the brightest value, for the colour where this is largest: a background that was
     * not subtracted shows here.
     */
    static double pedestal(List<Grid2D> colours) {
        return colours.stream()
                .mapToDouble(colour -> border(colour)
                        / Math.max(
                                1e-30,
                                Arrays.stream(colour.values())
                                        .max()
                                        .orElseThrow(() -> new InvalidInputException("a picture without pixels"))))
                .max()
                .orElse(0);
    }

    /** Median along the border. */
    private static double border(Grid2D picture) {
        int rows = Math.max(1, picture.height() / BORDER_SHARE);
        int columns = Math.max(1, picture.width() / BORDER_SHARE);
        double[] values = new double[picture.values().length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            int y = i / picture.width();
            int x = i % picture.width();
            if (y < rows || x < columns || y >= picture.height() - rows || x >= picture.width() - columns)
                values[count++] = picture.values()[i];
        }
        double[] border = Arrays.copyOf(values, count);
        Arrays.sort(border);
        return border[count / 2];
    }
}
