package dev.nstm.apps.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.NpyContent;
import dev.nstm.apps.movie.Axis;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.KeptFrames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Times;
import dev.nstm.apps.zarr.OmeZarrReader;
import dev.nstm.files.AtomicDirectory;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pieces cut out of a known movie give the movie back. */
class MovieMergeTest {
    private static final int SHOTS = 7;
    private static final int ROWS = 20;
    private static final int COLUMNS = 27;
    private static final int PLANES = 2;
    private static final int ZOOM = 2;
    private static final double STEP_X = 0.4;

    @TempDir
    private Path directory;

    private static double field(int t, int z, double y, double x) {
        return 5 + z + Math.sin(0.3 * y + 0.2 * t) + Math.cos(0.2 * (x - STEP_X * t));
    }

    private Batch batch(int step) throws IOException {
        Files.writeString(
                directory.resolve("batch.json"),
                "{\"shots\": %d, \"together\": 1, \"planes\": %d, \"rows\": %d, \"columns\": %d, \"windowShots\": 3, \"windowStep\": %d, \"patchRows\": 10, \"patchColumns\": 12, \"overlap\": 4}"
                        .formatted(SHOTS, PLANES, ROWS, COLUMNS, step));
        return Batch.read(directory);
    }

    /**
     * The part of the movie that a piece shows; everything moves evenly along x.
     *
     * @param level constant by which the scene is off
     * @param factor by which it is off
     */
    private static Movie part(Batch batch, int number, double level, double factor, Map<String, NpyContent> notes) {
        Piece piece = batch.piece(number);
        int height = piece.region().height() * ZOOM;
        int width = piece.region().width() * ZOOM;
        int times = piece.shots().count();
        float[][][] scenes = new float[times][1][PLANES * height * width];
        float[][][] motions = new float[times][3][PLANES * height * width];
        for (int t = 0; t < times; t++)
            for (int i = 0; i < PLANES * height * width; i++) {
                int y = i / width % height + piece.region().row() * ZOOM;
                int x = i % width + piece.region().column() * ZOOM;
                scenes[t][0][i] = (float) (level + factor * field(piece.shots().first() + t, i / width / height, y, x));
                motions[t][2][i] = (float) (STEP_X * t);
            }
        return new Movie(
                Axis.ofVolumes(PLANES, height, width, 0.5, 0.04),
                List.of(Channel.DENSITY),
                Movie.Look.GREY,
                Times.evenly(times),
                Optional.empty(),
                notes,
                new KeptFrames(scenes, motions));
    }

    private static void leaveAll(Batch batch, boolean floating) throws IOException {
        for (int number = 0; number < batch.count(); number++)
            BatchAccess.leave(
                    batch,
                    number,
                    part(batch, number, floating ? 0.3 * (number % 5) : 0, 1, Map.of()),
                    floating ? List.of(0) : List.of());
    }

    private void assertIsField(int channels, double offBy) throws IOException {
        OmeZarrReader movie = OmeZarrReader.open(directory.resolve("movie.ome.zarr"));
        assertEquals(SHOTS, movie.size('t'));
        assertEquals(channels, movie.size('c'));
        assertEquals(COLUMNS * ZOOM, movie.size('x'));
        for (int t = 0; t < SHOTS; t++)
            for (int z = 0; z < PLANES; z++) {
                double[] scene = movie.plane(t, 0, z);
                double[] moved = movie.plane(t, 3, z);
                double off = scene[0] - field(t, z, 0, 0);
                assertTrue(Math.abs(off) <= offBy, "off by " + off);
                for (int i = 0; i < scene.length; i++) {
                    assertEquals(
                            field(t, z, i / (COLUMNS * ZOOM), i % (COLUMNS * ZOOM)) + off,
                            scene[i],
                            2e-5,
                            "frame " + t + ", pixel " + i);
                    assertEquals(t == 0 ? 0 : 0.04 * STEP_X, moved[i], 1e-6, "motion of frame " + t + ", pixel " + i);
                }
            }
    }

    @ParameterizedTest
    @EnumSource(JoinMode.class)
    void piecesOfOneMovieGiveTheMovieBack(JoinMode mode) throws IOException {
        Batch batch = batch(2);
        leaveAll(batch, false);
        assertEquals(SHOTS, new MovieMerge(batch, mode).advance());
        assertIsField(4, 1e-6);
    }

    /** Between windows that share no shot the motion is taken to go on. */
    @Test
    void windowsThatDoNotOverlapJoinToo() throws IOException {
        Batch batch = batch(3);
        leaveAll(batch, false);
        new MovieMerge(batch, JoinMode.GRADIENT).advance();
        assertIsField(4, 1e-6);
    }

    /** What is measured up to a constant shows no seams. */
    @Test
    void constantsThatNobodyMeasuredAreBroughtTogether() throws IOException {
        Batch batch = batch(3);
        leaveAll(batch, true);
        new MovieMerge(batch, JoinMode.MID).advance();
        assertIsField(4, 1.2);
    }

    /** Patches of their own brightness are brought to that of their images. */
    @Test
    void brightnessIsThatOfTheImages() throws IOException {
        Batch batch = batch(3);
        for (int number = 0; number < batch.count(); number++) {
            Movie alike = part(batch, number, 0, 1, Map.of());
            double mean = 0;
            int counted = 0;
            for (int i = 0; i < alike.samples(); i++) {
                int y = i / alike.width() % alike.height();
                int x = i % alike.width();
                if (y < 1 || x < 1 || y >= alike.height() - 1 || x >= alike.width() - 1) continue;
                mean += alike.scene(0, 0)[i];
                counted++;
            }
            // Only the first frame of a piece is told by the mean; the others are all but as bright.
            BatchAccess.leave(
                    batch,
                    number,
                    part(batch, number, 0, 1 + 0.3 * number, Map.of(Run.IMAGE_MEAN, NpyArray.scalar(mean / counted))),
                    List.of());
        }
        new MovieMerge(batch, JoinMode.MID).advance();
        double[] first = OmeZarrReader.open(directory.resolve("movie.ome.zarr")).plane(0, 0, 0);
        for (int i = 0; i < first.length; i++)
            assertEquals(field(0, 0, i / (COLUMNS * ZOOM), i % (COLUMNS * ZOOM)), first[i], 1e-4, "pixel " + i);
    }

    @Test
    void framesAppearAsTheirPiecesAreDone() throws IOException {
        Batch batch = batch(2);
        MovieMerge merge = new MovieMerge(batch, JoinMode.GRADIENT);
        assertEquals(0, merge.advance());
        int patches = batch.patches().size();
        for (int number = 0; number < 2 * patches - 1; number++)
            BatchAccess.leave(batch, number, part(batch, number, 0, 1, Map.of()), List.of());
        assertEquals(2, merge.advance(), "the third shot is shown by the second window too");
        String message = assertThrows(InvalidInputException.class, () -> MovieMerge.requireComplete(batch))
                .getMessage();
        assertTrue(message.contains("w00001/p00008") && !message.contains("w00001/p00007"), message);
        leaveAll(batch, false);
        assertEquals(SHOTS, merge.advance());
        MovieMerge.requireComplete(batch);
        assertIsField(4, 1e-6);
    }

    private Map<String, String> bytes() throws IOException {
        Map<String, String> bytes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory.resolve("movie.ome.zarr"))) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                bytes.put(file.toString(), Arrays.toString(Files.readAllBytes(file)));
        }
        return bytes;
    }

    /** However it was interrupted: chunks half there, a line of the list cut off, the description missing. */
    @Test
    void anInterruptedMergeGoesOnToTheSameBytes() throws IOException {
        Batch batch = batch(2);
        leaveAll(batch, false);
        MovieMerge merge = new MovieMerge(batch, JoinMode.GRADIENT);
        merge.advance();
        Map<String, String> whole = bytes();
        Path list = directory.resolve("movie.ome.zarr.frames");
        List<String> lines = new ArrayList<>(Files.readAllLines(list));
        Files.writeString(
                list,
                String.join("\n", lines.subList(0, 3)) + "\n" + lines.get(3).substring(0, 9));
        AtomicDirectory.delete(directory.resolve("movie.ome.zarr/0/4"));
        Files.delete(directory.resolve("movie.ome.zarr/.zattrs"));
        Files.writeString(directory.resolve("movie.ome.zarr/0/3/0/0/0/0"), "half");
        assertEquals(SHOTS, merge.advance());
        assertEquals(whole, bytes());
        assertEquals(lines, Files.readAllLines(list));
    }

    @Test
    void aPieceOfAnotherRecordingIsRefused() throws IOException {
        Batch batch = batch(2);
        leaveAll(batch, false);
        Path other = batch.directory(batch.piece(4)).resolve("piece.json");
        Files.writeString(other, Files.readString(other).replace("density", "phase"));
        String message = assertThrows(
                        InvalidInputException.class, () -> new MovieMerge(batch, JoinMode.GRADIENT).advance())
                .getMessage();
        assertTrue(message.contains("p00004 does not belong to the same recording"), message);
    }
}
