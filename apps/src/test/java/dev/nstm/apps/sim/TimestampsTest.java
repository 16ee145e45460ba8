package dev.nstm.apps.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
        Timestamps.write(file, "direction,z,phase", 2, 3, 2, new Timestamps.Delays(10, 1, 5, 20));
        return file;
    }

    @Test
    void generatedTimesAreReadBackAsMeansOverThePlanes() throws IOException {
        // Pages 0..2 at 0, 11, 22; the next plane 5 later at 38, 49, 60; the next direction 25 later at 96 and so on.
        assertArrayEquals(new double[] {19, 30, 41, 115, 126, 137}, Timestamps.read(written(), 2, 3, 2), 1e-9);
    }

    private String refusal(Path file) {
        return assertThrows(InvalidInputException.class, () -> Timestamps.read(file, 2, 3, 2)).getMessage();
    }

    @Test
    void missingUnorderedAndDuplicatedTimesAreNamed() throws IOException {
        Path file = written();
        List<String> lines = Files.readAllLines(file);
        List<String> missing = new ArrayList<>(lines);
        missing.remove(4);
        assertTrue(refusal(Files.write(file, missing)).contains("no timestamp for direction 0.0, z 1.0, phase 0.0"));
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
        assertTrue(refusal(Files.writeString(file, "index,timestamp\n0,1\n")).contains("no column \"timepoint\""));
    }
}
