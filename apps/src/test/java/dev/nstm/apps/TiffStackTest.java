package dev.nstm.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.apps.io.TiffStack;
import ij.ImagePlus;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written, read by ImageJ: values, axes, unit and spacing. */
class TiffStackTest {
    private static final int HEIGHT = 11;
    private static final int WIDTH = 7;

    @TempDir
    private Path directory;

    private static List<float[]> pages(int count) {
        SplittableRandom random = Seeds.random();
        return IntStream.range(0, count)
                .mapToObj(page -> {
                    float[] values = new float[HEIGHT * WIDTH];
                    for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian(page, 0.3);
                    return values;
                })
                .toList();
    }

    private static void assertStack(ImagePlus image, List<float[]> pages, int channels, int slices, int frames) {
        assertEquals(
                List.of(WIDTH, HEIGHT, channels, slices, frames),
                IntStream.of(image.getDimensions()).boxed().toList());
        for (int page = 0; page < pages.size(); page++) {
            for (int i = 0; i < HEIGHT * WIDTH; i++)
                assertEquals(
                        pages.get(page)[i],
                        image.getStack().getProcessor(page + 1).getf(i),
                        "page " + page);
        }
    }

    @Test
    void aMovieOpensInImageJ() throws Exception {
        List<float[]> pages = pages(5);
        Path file = directory.resolve("movie.tif");
        TiffStack.write(file, pages, HEIGHT, WIDTH, 0.454);
        assertStack(ImageJ.open(file), pages, 1, 1, 5);
        ImageJ.assertReads(directory, "um", 0.454, 0);
    }

    @Test
    void aMovieOfVolumesOpensInImageJ() throws Exception {
        List<float[]> pages = pages(12);
        Path file = directory.resolve("volumes.tif");
        TiffStack.write(file, pages, HEIGHT, WIDTH, 0.0407, 4, 0.125);
        ImagePlus image = ImageJ.open(file);
        assertStack(image, pages, 1, 4, 3);
        assertTrue(image.isHyperStack());
        ImageJ.assertReads(directory, "um", 0.0407, 0.125);
    }

    @Test
    void aVolumeAndAPictureOpenInImageJ() throws Exception {
        List<float[]> pages = pages(4);
        Path file = directory.resolve("volume.tif");
        TiffStack.write(file, pages, HEIGHT, WIDTH, 0.0407, 4, 0.125);
        assertStack(ImageJ.open(file), pages, 1, 4, 1);
        TiffStack.write(directory.resolve("picture.tif"), pages.subList(0, 1), HEIGHT, WIDTH, 0.0407, 1, 0.125);
        ImageJ.assertReads(directory, "um", 0.0407, 0.125);
    }

    @Test
    void coloursOpenInImageJ() throws Exception {
        List<float[]> pages = pages(6);
        Path file = directory.resolve("colours.tif");
        TiffStack.writeInPixels(file, pages, HEIGHT, WIDTH, 3);
        ImagePlus image = ImageJ.open(file);
        assertStack(image, pages, 3, 1, 2);
        assertTrue(image.isComposite());
        ImageJ.assertReads(directory, "pixel", 1, 0);
    }
}
