package dev.nstm.apps.movie;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.NpyContent;
import dev.nstm.apps.io.NpyFloats;
import dev.nstm.apps.io.Npz;
import dev.nstm.apps.report.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what {@link NpzOutput} wrote, or arrays like it of others. */
public final class Archives {
    private static final List<String> OWN = List.of("recon", "motion", "t");

    private Archives() {}

    /**
     * A movie of pictures, with the arrays that came with it as notes; their sizes and the names of their channels are
     * not in the file.
     *
     * @param look how the channels are meant
     * @throws dev.nstm.tensor.InvalidInputException where it has no array "recon" [t, y, x, channel]
     */
    public static Movie pictures(Path file, Movie.Look look) throws IOException {
        Npz arrays = Npz.open(file);
        NpyFloats recon = arrays.floats("recon");
        int[] shape = recon.shape();
        require(
                shape.length == 4,
                "%s: array \"recon\" is %s; time, row, column and channel are expected",
                file,
                recon.size());
        return new Movie(
                Axis.ofPictures(shape[1], shape[2]),
                Channel.numbered(Channel.namesOf(shape[3])),
                look,
                times(arrays, recon, file),
                Optional.empty(),
                notes(arrays),
                new KeptFrames(parts(recon, 3), motion(arrays, recon, 3, file)));
    }

    /** The arrays that came with a movie. */
    private static Map<String, NpyContent> notes(Npz arrays) throws IOException {
        Map<String, NpyContent> notes = new LinkedHashMap<>();
        for (String name : arrays.names())
            if (!OWN.contains(name) && !name.equals(Clock.ARRAY)) notes.put(name, arrays.get(name));
        return notes;
    }

    /**
     * A movie of volumes in one channel, with the arrays that came with it as notes.
     *
     * @throws dev.nstm.tensor.InvalidInputException where it has no array "recon" [t, z, y, x]
     */
    public static Movie volumes(Path file) throws IOException {
        Npz arrays = Npz.open(file);
        NpyFloats recon = arrays.floats("recon");
        int[] shape = recon.shape();
        require(
                shape.length == 4,
                "%s: array \"recon\" is %s; time, plane, row and column are expected",
                file,
                recon.size());
        List<Axis> axes = List.of(
                new Axis("z", shape[1], 1, Axis.PIXELS),
                new Axis("y", shape[2], 1, Axis.PIXELS),
                new Axis("x", shape[3], 1, Axis.PIXELS));
        return new Movie(
                axes,
                List.of(Channel.DENSITY),
                Movie.Look.GREY,
                times(arrays, recon, file),
                Clock.kept(arrays, ""),
                notes(arrays),
                new KeptFrames(parts(recon, 4), motion(arrays, recon, 4, file)));
    }

    /**
     * The true scene of simulated data.
     *
     * @param scene [t, y, x, channel]
     * @param reconstructed that it is of
     */
    public static Movie scene(NpyFloats scene, Movie reconstructed) {
        int[] expected = {
            reconstructed.times().length,
            reconstructed.height(),
            reconstructed.width(),
            reconstructed.channels().size()
        };
        require(
                Arrays.equals(scene.shape(), expected),
                "the reconstruction has %d times of %dx%d in %d channels but \"scene\" is %s; both are time, row, column, channel at the same times",
                expected[0],
                expected[1],
                expected[2],
                expected[3],
                scene.size());
        return reconstructed.like(reconstructed.times(), new KeptFrames(parts(scene, 3), new float[0][][]));
    }

    private static double[] times(Npz arrays, NpyFloats recon, Path file) throws IOException {
        int count = recon.shape()[0];
        double[] times = arrays.has("t") ? arrays.get("t").values() : Times.evenly(count);
        require(
                times.length == count,
                "%s: array \"t\" has %d times but \"recon\" is %s",
                file,
                times.length,
                recon.size());
        return times;
    }

    private static float[][][] motion(Npz arrays, NpyFloats recon, int axes, Path file) throws IOException {
        if (!arrays.has("motion")) return new float[0][][];
        NpyFloats motion = arrays.floats("motion");
        int[] shape = motion.shape();
        require(
                shape.length == axes + 1
                        && Arrays.equals(shape, 0, axes, recon.shape(), 0, axes)
                        && shape[axes] >= 2
                        && shape[axes] <= 3,
                "%s: array \"motion\" of %s does not fit \"recon\" of %s",
                file,
                motion.size(),
                recon.size());
        return parts(motion, axes);
    }

    /**
     * Values of an array as {@code [time][part][sample]}.
     *
     * @param axes before that of the parts; one part where there are no more
     */
    public static float[][][] parts(NpyFloats array, int axes) {
        int[] shape = array.shape();
        int parts = shape.length > axes ? shape[axes] : 1;
        int samples = array.values().length / shape[0] / parts;
        float[][][] values = new float[shape[0]][parts][samples];
        for (int i = 0; i < array.values().length; i++)
            values[i / parts / samples][i % parts][i / parts % samples] = array.values()[i];
        return values;
    }
}
