package dev.nstm.apps.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimestampsTest {
    @TempDir
    private Path directory;

    private Path written() throws IOException {
        Path file = directory.resolve("times.csv");
        Timestamps.write(file, "direction,z,phase", 2, 2, 3, 2, new Timestamps.Delays(10, 1, 5, 20, 100));
        return file;
    }

    @Test
    void generatedTimesAreReadBackPageByPage() throws IOException {
        // Pages 0..2 at 0, 11, 22; the next plane 5 later at 38, 49, 60; the next direction 25 later at 96 and so on.
        double[] first = {0, 38, 11, 49, 22, 60, 96, 134, 107, 145, 118, 156};
        assertArrayEquals(first, Timestamps.read(written(), new ShotOrder(1, 2, 3), 2), 1e-9);
        double[] both = Timestamps.read(written(), new ShotOrder(2, 2, 3), 2);
        assertEquals(24, both.length);
        // The next time point: 11 for the page, 5 for the plane, 20 for the direction and 100 for itself.
        for (int i = 0; i < 12; i++) assertEquals(first[i] + 156 + 136, both[12 + i], 1e-9);
    }

    private String refusal(Path file) {
        return assertThrows(InvalidInputException.class, () -> Timestamps.read(file, new ShotOrder(2, 2, 3), 2))
                .getMessage();
    }

    @Test
    void missingUnorderedAndDuplicatedTimesAreNamed() throws IOException {
        Path file = written();
        List<String> lines = Files.readAllLines(file);
        List<String> missing = new ArrayList<>(lines);
        missing.remove(4);
        assertTrue(refusal(Files.write(file, missing))
                .contains("no timestamp for time point 0.0, direction 0.0, z 1.0, phase 0.0"));
        List<String> unordered = new ArrayList<>(lines);
        unordered.set(3, unordered.get(3).replace("22.0", "220.0"));
        unordered.add(2, "");
        assertTrue(refusal(Files.write(file, unordered)).contains("line 6: the timestamp 38.0 comes before"));
        List<String> twice = new ArrayList<>(lines);
        twice.add(2, twice.get(1));
        assertTrue(refusal(Files.write(file, twice)).contains("listed twice"));
        List<String> word = new ArrayList<>(lines);
        word.set(2, word.get(2).replace("11.0", "soon"));
        assertTrue(refusal(Files.write(file, word)).contains("line 3: \"soon\" in column timestamp"));
        assertTrue(assertThrows(
                        InvalidInputException.class, () -> Timestamps.read(written(), new ShotOrder(3, 2, 3), 2))
                .getMessage()
                .contains("2 different values but the stack has 3 time points"));
        assertTrue(refusal(Files.writeString(file, "index,timestamp\n0,1\n")).contains("no column \"timepoint\""));
    }
}
