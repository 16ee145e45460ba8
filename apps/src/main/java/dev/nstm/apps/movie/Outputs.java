package dev.nstm.apps.movie;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.AnimatedGif;
import dev.nstm.apps.io.AnimatedPng;
import dev.nstm.apps.report.Phase;
import dev.nstm.apps.zarr.ZarrVersion;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The one way out for movies. */
public final class Outputs {
    public static final Output TIFF = new TiffOutput();
    public static final Output PNG = new AnimationOutput(".png", AnimatedPng::write);
    public static final Output GIF = new AnimationOutput(".gif", AnimatedGif::write);
    public static final Output MP4 = new Mp4Output();
    public static final Output NPZ = new NpzOutput();

    private Outputs() {}

    /** As OME-Zarr that every reader takes. */
    public static Output omeZarr(List<Companion> companions) {
        return new OmeZarrOutput(ZarrVersion.NGFF_0_4, companions);
    }

    /**
     * The forms of a finished reconstruction. The archive comes last: whoever finds it finds the others.
     *
     * @param companions what is shown beside the movie
     */
    public static List<Output> all(List<Companion> companions) {
        return List.of(TIFF, PNG, MP4, omeZarr(companions), NPZ);
    }

    /**
     * Forms by their names for people.
     *
     * @param omeZarr version of OME-Zarr
     * @throws InvalidInputException naming what there is
     */
    public static List<Output> named(List<String> names, String omeZarr) {
        ZarrVersion version = Arrays.stream(ZarrVersion.values())
                .filter(known -> known.number().equals(omeZarr))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("OME-Zarr is written as 0.4 or 0.5, not " + omeZarr));
        return names.stream().map(name -> named(name, version)).distinct().toList();
    }

    private static Output named(String name, ZarrVersion version) {
        return switch (name) {
            case "ome-tiff", "imagej" -> TIFF;
            case "png" -> PNG;
            case "gif" -> GIF;
            case "mp4" -> MP4;
            case "ome-zarr" -> new OmeZarrOutput(version, List.of());
            case "npz" -> NPZ;
            default ->
                throw new InvalidInputException("there is no format " + name
                        + "; there are ome-tiff (or imagej), png, gif, mp4, ome-zarr and npz");
        };
    }

    /** Writes a movie in some forms, in their order; returns the names of the files, for people. */
    public static String write(Movie movie, Path directory, Output.Names names, List<Output> outputs)
            throws IOException {
        List<String> written = new ArrayList<>();
        for (Output output : outputs) {
            try (Phase phase = Phase.of("writing with " + output.getClass().getSimpleName())) {
                written.addAll(output.write(movie, directory, names));
            }
        }
        return String.join(", ", written);
    }

    /**
     * Writes a movie in the forms that somebody asked for; returns what to tell the user, a whole line.
     *
     * @throws InvalidInputException before anything is rendered where the disk has no room for stacks; what is packed
     *     may take less
     */
    public static String export(Movie movie, Path directory, Output.Names names, List<Output> outputs)
            throws IOException {
        requireRoom(movie, directory, outputs);
        return writeTold(movie, directory, names, outputs);
    }

    private static void requireRoom(Movie movie, Path directory, List<Output> outputs) throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        double needed =
                4.0 * movie.times().length * movie.samples() * movie.channels().size();
        require(
                needed <= free || !outputs.contains(TIFF),
                "cannot write %d times of %s to %s as TIFF: it takes %.1f MB and %.1f MB are left; ask for fewer times or channels, or another --format",
                movie.times().length,
                movie.axes().stream().map(axis -> Integer.toString(axis.size())).collect(Collectors.joining("x")),
                directory,
                needed / 1e6,
                free / 1e6);
    }

    /** Writes a movie in some forms; returns what to tell the user, a whole line. */
    public static String writeTold(Movie movie, Path directory, Output.Names names, List<Output> outputs)
            throws IOException {
        int times = movie.times().length;
        return times + (times == 1 ? " time in " : " times in ") + directory + ": "
                + write(movie, directory, names, outputs) + "\n";
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
