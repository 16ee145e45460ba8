package dev.nstm.apps.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FilmTest {
    private static byte[] grey(int pixels, int shade) {
        byte[] frame = new byte[pixels];
        Arrays.fill(frame, (byte) shade);
        return frame;
    }

    @Test
    void theScaleBarIsAsLongAsItSays() {
        Film film = new Film(120, 160, 0.5, "\u00b5m", new double[] {-1, 1}, Optional.empty());
        assertEquals(10, film.barLength(), "a fifth of 80 micrometres at most");
        byte[] first =
                film.frames(List.of(grey(120 * 160, 90), grey(120 * 160, 90))).getFirst();
        assertEquals(480, film.shownWidth(), "small pictures are enlarged");
        // 10 micrometres are 20 pixels, three times enlarged.
        int row = film.shownHeight() - 9;
        assertEquals(
                60,
                IntStream.range(0, 480)
                        .filter(x -> first[row * 480 + x] == (byte) 255)
                        .count());
        assertEquals(90, first[150 * 480 + 300], "the picture beside the labels is as it was");
        assertTrue(IntStream.range(0, 60).anyMatch(x -> first[12 * 480 + x] == (byte) 255), "a time stamp");
    }

    @Test
    void timesAreSaidAsTheDataHaveThem() {
        double[] times = IntStream.range(0, 11).mapToDouble(i -> -1 + 0.2 * i).toArray();
        assertEquals("t = 0.00", new Film(8, 8, 1, "px", times, Optional.empty()).time(-0.001));
        assertEquals("0.9 ms", new Film(8, 8, 1, "px", times, Optional.of(new Clock(0, 1.74, "ms"))).time(0));
        assertEquals("500", new Film(8, 8, 1, "px", times, Optional.of(new Clock(0, 1000, ""))).time(0));
    }

    @Test
    void everyLetterThatLabelsUseIsDrawn() {
        for (char letter : "0123456789.-=mspxt\u00b5".toCharArray()) {
            String text = String.valueOf(letter);
            assertTrue(IntStream.range(0, 35).anyMatch(i -> PixelFont.inked(text, i / 5, i % 5)), text);
        }
    }
}
