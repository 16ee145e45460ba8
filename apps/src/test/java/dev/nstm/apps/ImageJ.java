package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.Selection;
import dev.nstm.optics.Grid2D;
import ij.ImagePlus;
import ij.io.Opener;
import ij.measure.Calibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Opens our TIFF files as ImageJ does, whose reader knows nothing of ours. */
public final class ImageJ {
    private ImageJ() {}

    public static ImagePlus open(Path file) {
        ImagePlus image = new Opener()
                .openTiff(file.getParent().toString() + "/", file.getFileName().toString());
        assertNotNull(image, () -> "ImageJ cannot open " + file);
        return image;
    }

    /**
     * Every TIFF in a directory: the same values as by our own reader, page by page, and the display range that of all
     * values.
     *
     * @param unit of lengths
     * @param pixelSize in that unit
     * @param zStep in that unit, for volumes
     */
    public static void assertReads(Path directory, String unit, double pixelSize, double zStep) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.toString().endsWith(".tif")).toList();
        }
        for (Path file : files) assertReadsFile(file, unit, pixelSize, zStep);
    }

    private static void assertReadsFile(Path file, String unit, double pixelSize, double zStep) throws IOException {
        ImagePlus image = open(file);
        Calibration calibration = image.getCalibration();
        assertEquals(unit, calibration.getUnit().replace("\u00b5m", "um"), file.toString());
        assertEquals(pixelSize, calibration.pixelWidth, 1e-6 * pixelSize, file.toString());
        assertEquals(pixelSize, calibration.pixelHeight, 1e-6 * pixelSize, file.toString());
        if (image.getNSlices() > 1) assertEquals(zStep, calibration.pixelDepth, 1e-6 * zStep, file.toString());
        int channels = image.getNChannels();
        List<List<Grid2D>> pages = IntStream.rangeClosed(1, channels)
                .mapToObj(channel -> pages(file, channels, channel))
                .toList();
        assertEquals(channels * pages.getFirst().size(), image.getStackSize(), file.toString());
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int page = 0; page < image.getStackSize(); page++) {
            Grid2D expected = pages.get(page % channels).get(page / channels);
            for (int i = 0; i < expected.values().length; i++) {
                least = Math.min(least, expected.values()[i]);
                most = Math.max(most, expected.values()[i]);
                assertEquals(
                        (float) expected.values()[i],
                        image.getStack().getProcessor(page + 1).getf(i),
                        file + ", page " + (page + 1));
            }
        }
        assertEquals(
                least, image.getDisplayRangeMin(), 1e-6 * Math.max(Math.abs(least), most - least), file.toString());
        assertEquals(most, image.getDisplayRangeMax(), 1e-6 * Math.max(Math.abs(most), most - least), file.toString());
    }

    private static List<Grid2D> pages(Path file, int channels, int channel) {
        try {
            return ImageFiles.read(
                            List.of(file),
                            new Selection(
                                    Optional.empty(), channels > 1 ? Optional.of(channel) : Optional.empty(), false))
                    .grey();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
