package dev.nstm.apps.movie;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a movie larger than memory, to see that formats are streamed: {@code -Xmx1g StreamedMovie DIR GIGABYTES
 * FORMAT}. A bright spot wanders over dark pictures.
 */
public final class StreamedMovie {
    private static final int SIDE = 2048;
    private static final int SPOT = 200;

    private StreamedMovie() {}

    public static void main(String[] arguments) throws IOException {
        int times = (int) (Double.parseDouble(arguments[1]) * 1e9 / (4.0 * SIDE * SIDE));
        Movie movie = new Movie(
                Axis.ofPictures(SIDE, SIDE, 0.1),
                List.of(new Channel("spot", "", "spot")),
                Movie.Look.GREY,
                Times.evenly(times),
                Optional.empty(),
                Map.of(),
                spot(times));
        long start = System.nanoTime();
        String written = Outputs.write(
                movie,
                Path.of(arguments[0]),
                new Output.Names("large", "large", 20),
                Outputs.named(List.of(arguments[2]), "0.4"));
        System.out.printf(
                Locale.ROOT,
                "%s: %d pictures, %.1f GB, %.0f s, heap at most %d MB%n",
                written,
                times,
                4e-9 * times * SIDE * SIDE,
                (System.nanoTime() - start) / 1e9,
                Runtime.getRuntime().maxMemory() >> 20);
    }

    private static Frames spot(int times) {
        return new Frames() {
            @Override
            public float[] scene(int time, int channel, int first, int count) {
                float[] values = new float[count];
                int at = (int) ((long) time * (SIDE - SPOT) / times);
                for (int y = at; y < at + SPOT; y++)
                    for (int x = at; x < at + SPOT; x++) values[y * SIDE + x] = 1 + (x * 31 + y * 17 + time) % 97 / 97f;
                return values;
            }

            @Override
            public float[] motion(int time, int axis, int first, int count) {
                return new float[count];
            }

            @Override
            public int motionAxes() {
                return 0;
            }
        };
    }
}
