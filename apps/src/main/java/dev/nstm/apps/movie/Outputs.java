package dev.nstm.apps.movie;

import dev.nstm.apps.report.Phase;
import dev.nstm.apps.zarr.ZarrVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The one way out for movies. */
public final class Outputs {
    public static final Output TIFF = new TiffOutput();
    public static final Output PNG = new PngOutput();
    public static final Output MP4 = new Mp4Output();
    public static final Output NPZ = new NpzOutput();

    private Outputs() {}

    /** As OME-Zarr that every reader takes. */
    public static Output omeZarr(List<Companion> companions) {
        return new OmeZarrOutput(ZarrVersion.NGFF_0_4, companions);
    }

    /** Writes a movie in some forms, in their order; returns the names of the files, for people. */
    public static String write(Movie movie, Path directory, Output.Names names, List<Output> outputs)
            throws IOException {
        outputs.forEach(output -> output.check(movie));
        List<String> written = new ArrayList<>();
        for (Output output : outputs) {
            try (Phase phase = Phase.of("writing with " + output.getClass().getSimpleName())) {
                written.addAll(output.write(movie, directory, names));
            }
        }
        return String.join(", ", written);
    }

    /**
     * Writes a movie in every form; returns what to tell the user, a whole line. The archive comes last: whoever finds
     * it finds everything.
     */
    public static String writeAll(Movie movie, List<Companion> companions, Path directory, Output.Names names)
            throws IOException {
        int times = movie.times().length;
        return times + (times == 1 ? " time in " : " times in ") + directory + ": "
                + write(movie, directory, names, List.of(TIFF, PNG, MP4, omeZarr(companions), NPZ)) + "\n";
    }

    /**
     * Writes what does not move: the archive at all times, stacks and pictures at the first.
     *
     * @return what to tell the user, a whole line
     */
    public static String writeStill(Movie movie, Path directory, String archive, String pictures) throws IOException {
        Output.Names names = new Output.Names(archive, pictures, 1);
        return "conventional reconstruction in " + directory + ": "
                + write(movie.only(0), directory, names, List.of(TIFF, PNG)) + ", "
                + write(movie, directory, names, List.of(NPZ)) + "\n";
    }
}
