package dev.nstm.apps.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.apps.command.CommandAccess;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.io.StackDescription;
import dev.nstm.apps.io.TiffStack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stacks whose files say what their pages are: every page has its number as its value. */
class ToldOrderTest {
    private static final int PLANES = 4;
    private static final int IMAGES = 6;

    @TempDir
    private Path directory;

    private Path stack(int planes, int frames) throws IOException {
        List<float[]> pages = IntStream.range(0, PLANES * IMAGES)
                .mapToObj(page -> {
                    float[] values = new float[16 * 20];
                    Arrays.fill(values, page);
                    return values;
                })
                .toList();
        Path file = directory.resolve("stack.tif");
        TiffStack.write(
                file,
                pages,
                new StackDescription(
                        "stack",
                        16,
                        20,
                        List.of("raw"),
                        planes,
                        frames,
                        Optional.of(new StackDescription.Scale(0.08, 0.15)),
                        Optional.empty()));
        return file;
    }

    private static SimMeasurement load(Path file, String... settings) throws IOException {
        String yaml = """
                system: sim
                data: {directions: 2, phases: 3, file: "%s"}
                optics: {wavelength: 0.525, numericalAperture: 1.2, mediumIndex: 1.33}
                sim: {otf: theoretical, angles: [0.3, 1.8], lineSpacings: [0.26]}
                """.formatted(file);
        return SimMeasurement.load(Configuration.parse(yaml, "s.yaml", List.of(settings), CommandAccess.systems()));
    }

    private static double page(SimMeasurement measurement, int image, int z) {
        return measurement.images().get(image).get(z, 5, 7);
    }

    @Test
    void planesThatFollowEachOtherAreOneImage() throws Exception {
        SimMeasurement measurement = load(stack(PLANES, IMAGES));
        for (int image = 0; image < IMAGES; image++)
            for (int z = 0; z < PLANES; z++) assertEquals(image * PLANES + z, page(measurement, image, z));
        assertEquals(0.08, measurement.optics().pixelSize(), 1e-9);
        assertEquals(0.15, measurement.optics().zStep(), 1e-9);
        assertEquals(List.of(), measurement.doubts());
    }

    @Test
    void anotherOrderIsDoubted() throws Exception {
        SimMeasurement measurement = load(stack(PLANES, IMAGES), "data.order=direction,z,phase");
        assertEquals(3, page(measurement, 0, 1));
        assertTrue(
                measurement.doubts().getFirst().startsWith("data.order counts time, direction, z, phase, but the file"),
                measurement.doubts().toString());
    }

    /** Planes of one image are not what counts 24 pages as planes. */
    @Test
    void whatTheFileCountsOtherwiseIsInTheUsualOrder() throws Exception {
        SimMeasurement measurement = load(stack(PLANES * IMAGES, 1));
        assertEquals(3, page(measurement, 0, 1));
        assertEquals(1, page(measurement, 1, 0));
        assertEquals(List.of(), measurement.doubts());
    }
}
