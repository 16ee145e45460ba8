package dev.nstm.apps.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nstm.Seeds;
import dev.nstm.apps.ImageJ;
import dev.nstm.apps.NodeProgram;
import dev.nstm.optics.Grid2D;
import ij.ImagePlus;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
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
        TiffStack.write(file, pages, StackDescription.ofPictures(HEIGHT, WIDTH, 5, 0.454));
        assertStack(ImageJ.open(file), pages, 1, 1, 5);
        ImageJ.assertReads(directory, "um", 0.454, 0);
    }

    @Test
    void aMovieOfVolumesOpensInImageJ() throws Exception {
        List<float[]> pages = pages(12);
        Path file = directory.resolve("volumes.tif");
        TiffStack.write(file, pages, volumes(pages.size() / 4));
        ImagePlus image = ImageJ.open(file);
        assertStack(image, pages, 1, 4, 3);
        assertTrue(image.isHyperStack());
        ImageJ.assertReads(directory, "um", 0.0407, 0.125);
    }

    @Test
    void aVolumeAndAPictureOpenInImageJ() throws Exception {
        List<float[]> pages = pages(4);
        Path file = directory.resolve("volume.tif");
        TiffStack.write(file, pages, volumes(pages.size() / 4));
        assertStack(ImageJ.open(file), pages, 1, 4, 1);
        TiffStack.write(
                directory.resolve("picture.tif"),
                pages.subList(0, 1),
                StackDescription.ofPictures(HEIGHT, WIDTH, 1, 0.0407));
        ImageJ.assertReads(directory, "um", 0.0407, 0.125);
    }

    @Test
    void coloursOpenInImageJ() throws Exception {
        List<float[]> pages = pages(6);
        Path file = directory.resolve("colours.tif");
        TiffStack.write(
                file,
                pages,
                new StackDescription(
                        "scene",
                        HEIGHT,
                        WIDTH,
                        List.of("red", "green", "blue"),
                        1,
                        2,
                        Optional.empty(),
                        Optional.empty()));
        ImagePlus image = ImageJ.open(file);
        assertStack(image, pages, 3, 1, 2);
        assertTrue(image.isComposite());
        ImageJ.assertReads(directory, "pixel", 1, 0);
    }

    private static StackDescription volumes(int frames) {
        double[] times = IntStream.range(0, frames).mapToDouble(i -> 2.5 * i).toArray();
        return new StackDescription(
                "a \"name\" & <more>",
                HEIGHT,
                WIDTH,
                List.of("density"),
                4,
                frames,
                Optional.of(new StackDescription.Scale(0.0407, 0.125)),
                Optional.of(new StackDescription.Moments(times, "ms")));
    }

    /** Against the schema that its authors publish. */
    @Test
    void theDescriptionIsValidOme() throws Exception {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "jar:file,file");
        var schema = factory.newSchema(TiffStackTest.class.getResource("/released-schema/2016-06/ome.xsd"));
        for (int frames = 1; frames <= 3; frames++)
            schema.newValidator()
                    .validate(new StreamSource(new StringReader(volumes(frames).ome())));
    }

    @Test
    void weReadTheDescriptionAgain() throws Exception {
        Path file = directory.resolve("volumes.tif");
        TiffStack.write(file, pages(12), volumes(3));
        Calibration read = ImageFiles.read(List.of(file), Selection.ALL).calibration();
        assertEquals(
                new Calibration(
                        OptionalDouble.of(0.0407),
                        OptionalDouble.of(0.125),
                        4,
                        3,
                        true,
                        List.of(0.0, 2.5, 5.0),
                        OptionalDouble.empty()),
                read);
    }

    /** Above 4 GB; here from the first byte on. */
    @Test
    void aBigTiffOpensInAnotherProgram() throws Exception {
        List<float[]> pages = pages(8);
        Path file = directory.resolve("volumes.tif");
        TiffStack.write(file, pages, volumes(2), 0);
        List<Grid2D> own = ImageFiles.read(file);
        for (int page = 0; page < 8; page++)
            assertArrayEquals(pages.get(page), own.get(page).floats());
        JsonNode read = NodeProgram.output("read-tiff.mjs", "geotiff", file);
        assertTrue(read.get("big").asBoolean());
        assertEquals(8, read.get("pages").size());
        for (int page = 0; page < 8; page++) {
            JsonNode values = read.get("pages").get(page).get("values");
            for (int i = 0; i < HEIGHT * WIDTH; i++)
                assertEquals(pages.get(page)[i], values.get(i).floatValue());
        }
    }
}
