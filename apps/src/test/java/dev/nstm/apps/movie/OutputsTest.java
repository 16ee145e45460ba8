package dev.nstm.apps.movie;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nstm.Seeds;
import dev.nstm.apps.ImageJ;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.report.Clock;
import dev.nstm.tensor.InvalidInputException;
import ij.ImagePlus;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputsTest {
    private static final int TIMES = 3;

    @TempDir
    private Path directory;

    private final SplittableRandom random = Seeds.random();

    private float[][][] noise(int parts, int samples) {
        float[][][] values = new float[TIMES][parts][samples];
        for (float[][] time : values)
            for (float[] part : time) for (int i = 0; i < samples; i++) part[i] = (float) random.nextGaussian();
        return values;
    }

    private Movie pictures(int height, int width, int channels, Movie.Look look) {
        List<String> names = IntStream.rangeClosed(1, channels)
                .mapToObj(channel -> "channel " + channel)
                .toList();
        return new Movie(
                Axis.ofPictures(height, width),
                Channel.numbered(names),
                look,
                new double[] {-1, 0.25, 1},
                Optional.of(new Clock(0, 2, "ms")),
                Map.of("channel_units", NpyArray.of(new double[channels])),
                new KeptFrames(noise(channels, height * width), noise(2, height * width)));
    }

    private static void assertSame(Movie expected, Movie actual) {
        assertArrayEquals(expected.times(), actual.times(), 1e-7);
        for (int time = 0; time < TIMES; time++) {
            for (int channel = 0; channel < expected.channels().size(); channel++)
                assertArrayEquals(expected.scene(time, channel), actual.scene(time, channel));
            assertArrayEquals(expected.motion(time), actual.motion(time));
        }
    }

    @Test
    void archivesGiveMoviesBack() throws Exception {
        Movie pictures = pictures(11, 7, 2, Movie.Look.GREY);
        Outputs.write(pictures, directory, new Output.Names("pictures", "", 20), List.of(Outputs.NPZ));
        assertSame(pictures, Archives.pictures(directory.resolve("pictures.npz"), Movie.Look.GREY));
        Movie volumes = new Movie(
                Axis.ofVolumes(3, 11, 7, 0.2, 0.1),
                List.of(new Channel("density", "", "density")),
                Movie.Look.GREY,
                new double[] {-1, 0, 1},
                Optional.of(new Clock(3, 8, "")),
                Map.of("image_mean", NpyArray.scalar(4)),
                new KeptFrames(noise(1, 3 * 11 * 7), noise(3, 3 * 11 * 7)));
        Outputs.write(volumes, directory, new Output.Names("volumes", "", 20), List.of(Outputs.NPZ));
        Movie read = Archives.volumes(directory.resolve("volumes.npz"));
        assertSame(volumes, read);
        assertEquals(volumes.clock(), read.clock());
        assertEquals(4, read.note("image_mean").orElseThrow().values()[0]);
    }

    @Test
    void numPyReadsArchives() throws Exception {
        assumeTrue(succeeds("python3", "-c", "import numpy"), "NumPy is not installed");
        Movie movie = pictures(11, 7, 2, Movie.Look.GREY);
        Outputs.write(movie, directory, new Output.Names("pictures", "", 20), List.of(Outputs.NPZ));
        assertTrue(succeeds(
                "python3",
                "-c",
                """
                import sys, numpy
                arrays = numpy.load(sys.argv[1])
                assert arrays["recon"].shape == (3, 11, 7, 2) and arrays["recon"].dtype == numpy.float32
                assert abs(arrays["recon"][2, 5, 3, 1] - float(sys.argv[2])) == 0
                assert arrays["t"].shape == (3,)
                """,
                directory.resolve("pictures.npz").toString(),
                Float.toString(movie.scene(2, 1)[5 * 7 + 3])));
    }

    private static boolean succeeds(String... command) throws Exception {
        try {
            return new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    @Test
    void everyChannelHasAFileAndColoursShareOne() throws Exception {
        String apart = Outputs.writeTold(
                pictures(11, 7, 2, Movie.Look.GREY),
                directory,
                new Output.Names("movie", "movie", 20),
                Outputs.all(List.of()));
        assertTrue(
                apart.startsWith("3 times in " + directory + ": movie-1.tif, movie-2.tif, movie-1.png, movie-2.png, "),
                apart);
        Movie coloured = pictures(11, 7, 3, Movie.Look.COLOURS);
        Outputs.write(coloured, directory, new Output.Names("scene", "scene", 20), List.of(Outputs.TIFF, Outputs.PNG));
        ImagePlus image = ImageJ.open(directory.resolve("scene.tif"));
        assertArrayEquals(new int[] {7, 11, 3, 1, 3}, image.getDimensions());
        for (int i = 0; i < 77; i++)
            assertEquals(
                    coloured.scene(1, 2)[i],
                    image.getStack().getProcessor(image.getStackIndex(3, 1, 2)).getf(i));
    }

    /** The JDK's reader plays it back: as many frames, of the size of those of the animated PNG. */
    @Test
    void gifsHoldEveryFrame() throws Exception {
        Outputs.write(
                pictures(40, 60, 3, Movie.Look.COLOURS),
                directory,
                new Output.Names("", "slide", 10),
                List.of(Outputs.GIF, Outputs.PNG));
        BufferedImage png = ImageIO.read(directory.resolve("slide.png").toFile());
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (ImageInputStream in =
                ImageIO.createImageInputStream(directory.resolve("slide.gif").toFile())) {
            reader.setInput(in);
            assertEquals(3, reader.getNumImages(true));
            BufferedImage first = reader.read(0);
            assertEquals(png.getWidth(), first.getWidth());
            assertEquals(png.getHeight(), first.getHeight());
            double difference = 0;
            for (int i = 0; i < 100; i++) {
                int x = i % 10 * png.getWidth() / 10;
                int y = i / 10 * png.getHeight() / 10;
                difference += Math.abs((png.getRGB(x, y) & 0xff) - (first.getRGB(x, y) & 0xff)) / 100.0;
            }
            assertTrue(difference < 20, "of 256 levels of blue, for 256 colours a frame: " + difference);
        }
    }

    @Test
    void ffmpegMakesAMovieOfAsManyFrames() throws Exception {
        assumeTrue(
                List.of(System.getenv("PATH").split(":")).stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "ffprobe"))),
                "ffmpeg is not installed");
        Outputs.write(
                pictures(101, 77, 1, Movie.Look.GREY),
                directory,
                new Output.Names("", "film", 10),
                List.of(Outputs.MP4));
        Process probe = new ProcessBuilder(
                        "ffprobe",
                        "-v",
                        "error",
                        "-count_frames",
                        "-show_entries",
                        "stream=width,height,nb_read_frames",
                        "-of",
                        "csv=p=0",
                        directory.resolve("film-1.mp4").toString())
                .redirectErrorStream(true)
                .start();
        assertEquals("308,404,3", new String(probe.getInputStream().readAllBytes()).strip());
    }

    @Test
    void whatTheDiskHasNoRoomForIsRefusedBeforeAnythingIsRendered() {
        Frames untouched = new Frames() {
            @Override
            public float[] scene(int time, int channel, int first, int count) {
                throw new AssertionError("rendered");
            }

            @Override
            public float[] motion(int time, int axis, int first, int count) {
                throw new AssertionError("rendered");
            }

            @Override
            public int motionAxes() {
                return 2;
            }
        };
        Movie large = new Movie(
                Axis.ofPictures(4000, 4000, 0.1),
                Channel.numbered(List.of("one")),
                Movie.Look.GREY,
                new double[100_000],
                Optional.empty(),
                Map.of(),
                untouched);
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> Outputs.export(
                                large,
                                directory,
                                new Output.Names("movie", "movie", 20),
                                List.of(Outputs.NPZ, Outputs.TIFF)))
                .getMessage();
        assertTrue(message.startsWith("cannot write 100000 times of 4000x4000 to "), message);
    }
}
