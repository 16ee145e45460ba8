package dev.nstm.apps.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilmTest {
    @TempDir
    private Path directory;

    private static byte[] grey(int pixels, int shade) {
        byte[] frame = new byte[pixels];
        Arrays.fill(frame, (byte) shade);
        return frame;
    }

    @Test
    void theScaleBarIsAsLongAsItSays() throws Exception {
        Film film = new Film(120, 160, 0.5, Film.MICROMETRES, new double[] {-1, 1}, Optional.empty());
        assertEquals(10, film.barLength(), "a fifth of 80 micrometres at most");
        film.write(directory, "film", List.of(grey(120 * 160, 90), grey(120 * 160, 90)), 10);
        BufferedImage first = ImageIO.read(directory.resolve("film.png").toFile());
        assertEquals(480, first.getWidth(), "small pictures are enlarged");
        // 10 micrometres are 20 pixels, three times enlarged.
        int row = first.getHeight() - 9;
        assertEquals(60, IntStream.range(0, 480).filter(x -> first.getRaster().getSample(x, row, 0) == 255).count());
        assertEquals(90, first.getRaster().getSample(300, 150, 0), "the picture beside the labels is as it was");
        assertTrue(IntStream.range(0, 60).anyMatch(x -> first.getRaster().getSample(x, 12, 0) == 255), "a time stamp");
    }

    @Test
    void timesAreSaidAsTheDataHaveThem() {
        double[] times = IntStream.range(0, 11).mapToDouble(i -> -1 + 0.2 * i).toArray();
        assertEquals("t = 0.00", new Film(8, 8, 1, Film.PIXELS, times, Optional.empty()).time(-0.001));
        assertEquals("0.9 ms", new Film(8, 8, 1, Film.PIXELS, times, Optional.of(new Clock(0, 1.74, "ms"))).time(0));
        assertEquals("500", new Film(8, 8, 1, Film.PIXELS, times, Optional.of(new Clock(0, 1000, ""))).time(0));
    }

    @Test
    void everyLetterThatLabelsUseIsDrawn() {
        for (char letter : "0123456789.-=mspxt\u00b5".toCharArray()) {
            String text = String.valueOf(letter);
            assertTrue(IntStream.range(0, 35).anyMatch(i -> PixelFont.inked(text, i / 5, i % 5)), text);
        }
    }

    @Test
    void ffmpegMakesAMovieOfAsManyFrames() throws Exception {
        assumeTrue(List.of(System.getenv("PATH").split(":")).stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, "ffprobe"))), "ffmpeg is not installed");
        Film film = new Film(101, 77, 1, Film.PIXELS, new double[] {-1, 0, 1}, Optional.of(new Clock(0, 2, "ms")));
        film.write(directory, "film", List.of(grey(101 * 77, 10), grey(101 * 77, 120), grey(101 * 77, 240)), 10);
        Process probe = new ProcessBuilder("ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=width,height,nb_read_frames", "-of", "csv=p=0", directory.resolve("film.mp4").toString()).redirectErrorStream(true).start();
        assertEquals("308,404,3", new String(probe.getInputStream().readAllBytes()).strip());
    }
}
