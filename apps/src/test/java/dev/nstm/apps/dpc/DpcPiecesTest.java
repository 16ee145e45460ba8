package dev.nstm.apps.dpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.apps.batch.Batch;
import dev.nstm.apps.batch.Piece;
import dev.nstm.apps.command.CommandAccess;
import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.apps.instrument.Extent;
import dev.nstm.apps.io.NpyFloats;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.io.StackDescription;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows and patches of a recording hold what the recording does, under the light that belongs to each shot. */
class DpcPiecesTest {
    private static final int SHOTS = 8;
    private static final int ROWS = 60;
    private static final int COLUMNS = 80;

    @TempDir
    private Path directory;

    private final List<float[]> shots = new ArrayList<>();

    /** Counts under a light that falls off to one side, another for every direction. */
    @BeforeEach
    void record() {
        SplittableRandom random = Seeds.random();
        for (int shot = 0; shot < SHOTS; shot++) {
            float[] counts = new float[ROWS * COLUMNS];
            for (int i = 0; i < counts.length; i++) {
                double y = (double) (i / COLUMNS) / ROWS - 0.5;
                double x = (double) (i % COLUMNS) / COLUMNS - 0.5;
                double[] slopes = {x, y, -x, -y};
                double light = 1000 * (1 + 0.4 * slopes[shot % 4]);
                counts[i] = (float) (light * (1 + 0.01 * random.nextGaussian()));
            }
            shots.add(counts);
        }
    }

    private static Configuration configuration(Path file) throws IOException {
        return Configuration.parse(
                "data: {file: \"" + file + "\"}\n"
                        + "optics: {wavelength: 0.525, numericalAperture: 0.25, pixelSize: 0.454}\n",
                "test",
                List.of(),
                CommandAccess.systems());
    }

    private Path written(String form) throws IOException {
        return switch (form) {
            case "archive" -> {
                float[] all = new float[SHOTS * ROWS * COLUMNS];
                for (int i = 0; i < SHOTS; i++)
                    System.arraycopy(shots.get(i), 0, all, i * ROWS * COLUMNS, ROWS * COLUMNS);
                Path file = directory.resolve("shots.npz");
                Npz.write(file, Map.of("img", new NpyFloats(new int[] {SHOTS, ROWS, COLUMNS}, all)));
                yield file;
            }
            case "stack" -> stack("shots.tif", shots);
            default -> {
                Path folder = Files.createDirectories(directory.resolve("folder"));
                for (int i = 0; i < SHOTS; i += 2) stack("folder/shots-" + i + ".tif", shots.subList(i, i + 2));
                yield folder;
            }
        };
    }

    private Path stack(String name, List<float[]> pages) throws IOException {
        Path file = directory.resolve(name);
        TiffStack.write(
                file,
                pages,
                new StackDescription(
                        "", ROWS, COLUMNS, List.of(""), 1, pages.size(), Optional.empty(), Optional.empty()));
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"archive", "stack", "folder"})
    void aWindowMayBeginAnywhereInTheCycleOfLights(String form) throws IOException {
        Configuration c = configuration(written(form));
        assertEquals(new Extent(SHOTS, 1, 1, ROWS, COLUMNS), DpcMeasurement.extent(c));
        DpcMeasurement whole = DpcMeasurement.load(c);
        for (int first : new int[] {0, 2, 3, 5}) {
            DpcMeasurement window = DpcMeasurement.load(c.with(Keys.DATA_SHOTS, new double[] {first + 1, 3}));
            assertEquals(3, window.images().size());
            assertArrayEquals(new double[] {-1, 0, 1}, window.times(), 1e-12);
            for (int i = 0; i < 3; i++)
                assertArrayEquals(
                        whole.sources().get(first + i).values(),
                        window.sources().get(i).values(),
                        "light of shot " + (first + i));
        }
        String beyond = assertThrows(
                        InvalidInputException.class,
                        () -> DpcMeasurement.load(c.with(Keys.DATA_SHOTS, new double[] {7, 3})))
                .getMessage();
        assertTrue(beyond.contains("[7, 3]") || beyond.contains("7 to 9"), beyond);
    }

    /** The light is found once for the whole field: patches and windows show what the whole shows there. */
    @ParameterizedTest
    @ValueSource(strings = {"archive", "stack", "folder"})
    void piecesAreDividedByTheLightOfTheWholeField(String form) throws IOException {
        Configuration c = configuration(written(form))
                .with(Keys.PATCHES_SIZE, new double[] {40, 50})
                .with(Keys.WINDOWS_SHOTS, 4)
                .with(Keys.WINDOWS_STEP, 3);
        Batch batch = Batch.plan(new Dpc(), c, directory.resolve("batch"));
        Configuration shared = batch.configuration(CommandAccess.systems());
        assertTrue(shared.find(DpcKeys.DATA_BACKGROUND_FILE).isPresent());
        DpcMeasurement whole = DpcMeasurement.load(shared);
        for (int number = 0; number < batch.count(); number++) {
            Piece piece = batch.piece(number);
            DpcMeasurement part = DpcMeasurement.load(batch.configuration(shared, piece, false));
            assertEquals(4, part.images().size());
            for (int shot = 0; shot < 4; shot++) {
                double[] expected = piece.region()
                        .of(whole.images().get(piece.shots().first() + shot))
                        .values();
                double[] found = part.images().get(shot).values();
                // Lamps drift: every shot of a piece is brought to a brightness of its own.
                double factor = (1 + found[0]) / (1 + expected[0]);
                assertEquals(1, factor, 2e-3);
                for (int i = 0; i < found.length; i++)
                    assertEquals(factor * (1 + expected[i]), 1 + found[i], 1e-6, piece.name() + ", shot " + shot);
                assertEquals(0, Arrays.stream(expected).average().orElseThrow(), 0.01, "the light is divided out");
            }
        }
    }

    @Test
    void halfACycleTooMuchIsToldFromSeveralCycles() throws IOException {
        shots.removeLast();
        Configuration c = configuration(stack("odd.tif", shots));
        String message = assertThrows(InvalidInputException.class, () -> DpcMeasurement.load(c))
                .getMessage();
        assertTrue(message.contains("has 7 shots but optics.rotations lists 4 directions"), message);
    }
}
