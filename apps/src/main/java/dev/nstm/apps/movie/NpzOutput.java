package dev.nstm.apps.movie;

import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.NpyContent;
import dev.nstm.apps.io.NpyParts;
import dev.nstm.apps.io.Npz;
import dev.nstm.tensor.Sizes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * NumPy archive: {@code recon} [t, y, x, channel], or [t, z, y, x] of volumes in one channel; {@code motion} with the
 * same first axes and [axis] last, where any is known; {@code t}, the movie's notes and, where it is known, the clock.
 */
final class NpzOutput implements Output {
    @Override
    public List<String> write(Movie movie, Path directory, Names names) throws IOException {
        Map<String, NpyContent> arrays = new LinkedHashMap<>();
        int channels = movie.channels().size();
        boolean alone = movie.volumes() && channels == 1;
        arrays.put("recon", array(movie, alone ? new int[0] : new int[] {channels}, channels, movie::scene));
        int axes = movie.frames().motionAxes();
        if (axes > 0)
            arrays.put(
                    "motion",
                    array(
                            movie,
                            new int[] {axes},
                            axes,
                            (time, axis) -> movie.frames().motion(time, axis, 0, movie.samples())));
        arrays.put("t", NpyArray.of(movie.times()));
        arrays.putAll(movie.notes());
        movie.clock().ifPresent(known -> known.keep(arrays));
        Npz.write(directory.resolve(names.archive() + ".npz"), arrays);
        return List.of(names.archive() + ".npz");
    }

    private interface Part {
        float[] at(int time, int part);
    }

    /** Time after time, the parts of a sample beside each other. */
    private static NpyParts array(Movie movie, int[] last, int parts, Part part) {
        int[] shape = IntStream.concat(
                        IntStream.concat(
                                IntStream.of(movie.times().length),
                                movie.axes().stream().mapToInt(Axis::size)),
                        Arrays.stream(last))
                .toArray();
        return new NpyParts(shape, movie.times().length, time -> {
            float[] values = new float[Sizes.product("one time of a movie", parts, movie.samples())];
            for (int p = 0; p < parts; p++) {
                float[] one = part.at(time, p);
                for (int i = 0; i < one.length; i++) values[i * parts + p] = one[i];
            }
            return values;
        });
    }
}
