package dev.nstm.apps.page;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.Calibration;
import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.NpyFloats;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.Pictures;
import dev.nstm.apps.io.Selection;
import dev.nstm.optics.Grid2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Raw shots as pages, for looking at.
 *
 * @param depth planes of a stack, where the file tells them from times; else 1
 * @param pages {@code [page][colour][pixel]}, row after row; the planes of a stack follow each other
 * @param pixelSize in micrometres, where the file tells
 */
record Shots(int depth, int height, int width, float[][][] pages, OptionalDouble pixelSize) {
    /** Arrays that hold shots, in the order in which they are looked for. */
    private static final List<String> NAMES = List.of("img", "shots", "images", "data");

    static Shots read(Path file) throws IOException {
        return Npz.isNamed(file.toString())
                ? ofArchive(file)
                : ofPictures(file, ImageFiles.read(List.of(file), Selection.ALL));
    }

    private static Shots ofPictures(Path file, Pictures pictures) {
        Grid2D first = pictures.pages().getFirst().getFirst();
        int colours = pictures.pages().getFirst().size();
        require(
                pictures.pages().stream()
                        .allMatch(page -> page.size() == colours
                                && page.getFirst().height() == first.height()
                                && page.getFirst().width() == first.width()),
                "%s holds pages of different sizes",
                file);
        Calibration calibration = pictures.calibration();
        return new Shots(
                1,
                first.height(),
                first.width(),
                pictures.pages().stream()
                        .map(page -> page.stream().map(Grid2D::floats).toArray(float[][]::new))
                        .toArray(float[][][]::new),
                calibration.pixelSize());
    }

    private static Shots ofArchive(Path file) throws IOException {
        Npz arrays = Npz.open(file);
        List<String> numeric = arrays.numeric();
        String name = NAMES.stream()
                .filter(numeric::contains)
                .findFirst()
                .orElseGet(() -> numeric.isEmpty() ? "" : numeric.getFirst());
        require(arrays.has(name), "%s holds no array of pictures", file);
        NpyFloats array = arrays.floats(name);
        int[] shape = array.shape();
        require(shape.length >= 2, "%s: array \"%s\" is %s; pictures are expected", file, name, array.size());
        boolean coloured = shape.length >= 3 && shape[shape.length - 1] <= 4;
        int colours = coloured ? shape[shape.length - 1] : 1;
        int end = shape.length - (coloured ? 1 : 0);
        int height = shape[end - 2];
        int width = shape[end - 1];
        int pixels = height * width;
        float[][][] pages = new float[array.values().length / pixels / colours][colours][pixels];
        for (int i = 0; i < array.values().length; i++)
            pages[i / pixels / colours][i % colours][i / colours % pixels] = array.values()[i];
        OptionalDouble pixel =
                arrays.has("pixel_size") ? OptionalDouble.of(arrays.number("pixel_size")) : OptionalDouble.empty();
        return new Shots(end > 3 ? shape[end - 3] : 1, height, width, pages, pixel);
    }

    /** Times. */
    int count() {
        return pages.length / depth;
    }

    int colours() {
        return pages[0].length;
    }

    float[] plane(int time, int colour, int z) {
        return pages[time * depth + z][colour];
    }

    /** Least and largest value of a colour, but for a thousandth at either side of the first stack's middle plane. */
    float[] range(int colour) {
        float[] sorted = plane(0, colour, depth / 2).clone();
        Arrays.sort(sorted);
        int cut = sorted.length / 1000;
        return new float[] {sorted[cut], sorted[sorted.length - 1 - cut]};
    }
}
