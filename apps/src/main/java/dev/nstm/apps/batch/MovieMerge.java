package dev.nstm.apps.batch;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.movie.Axis;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.OmeZarrOutput;
import dev.nstm.apps.movie.Times;
import dev.nstm.apps.zarr.OmeZarrImage;
import dev.nstm.apps.zarr.OmeZarrMovie;
import dev.nstm.apps.zarr.ZarrVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Joins pieces to one OME-Zarr movie, as they are finished: frame after frame, of each a band of rows at a time. Its
 * channels are those of the scene, then the displacement since the frame before along every axis.
 */
public final class MovieMerge {
    static final String NAME = "movie.ome.zarr";
    private static final int MOST_NAMED = 8;

    private final Batch batch;
    private final JoinMode mode;

    public MovieMerge(Batch batch, JoinMode mode) {
        this.batch = batch;
        this.mode = mode;
    }

    /** Where the movie lies. */
    public static Path movie(Batch batch) {
        return batch.directory().resolve(NAME);
    }

    /** @throws dev.nstm.tensor.InvalidInputException naming pieces that are missing */
    public static void requireComplete(Batch batch) {
        List<String> missing = new ArrayList<>();
        int count = 0;
        for (int number = 0; number < batch.count(); number++) {
            Piece piece = batch.piece(number);
            if (batch.done(piece)) continue;
            if (count++ < MOST_NAMED) missing.add(piece.name());
        }
        require(
                count == 0,
                "%d of %d pieces are not reconstructed yet: %s%s; nstm batch status %s says why",
                count,
                batch.count(),
                String.join(", ", missing),
                count > MOST_NAMED ? ", ..." : "",
                batch.directory());
    }

    /**
     * Writes the frames of which all pieces are done and that are not there yet.
     *
     * @return frames that are there now
     */
    public int advance() throws IOException {
        if (!batch.done(batch.piece(0, 0))) return 0;
        try (JoinedField field = new JoinedField(batch, mode)) {
            int frames = batch.extent().shots() * field.framesOfShot();
            OmeZarrImage image = image(field, frames);
            OmeZarrMovie movie = OmeZarrMovie.open(movie(batch), ZarrVersion.NGFF_0_4, image);
            List<Axis> axes = field.description().axes();
            int channels = field.description().channels().size();
            int still = axes.size() - field.description().motionAxes();
            int complete = 0;
            // Frames are written in their order.
            for (int frame = movie.count(); frame < frames; frame++) {
                int last = batch.windowsOf(frame / field.framesOfShot()).getLast();
                complete = Math.max(
                        complete, batch.windowsOf(frame / field.framesOfShot()).getFirst());
                while (complete <= last && windowIsDone(complete)) complete++;
                if (complete <= last) break;
                int at = frame;
                movie.write(frame, (channel, z, row, rows) -> {
                    float[] values = field.rows(at, channel, z, row, rows);
                    if (channel >= channels)
                        for (int i = 0; i < values.length; i++)
                            values[i] *=
                                    (float) axes.get(still + channel - channels).spacing();
                    return values;
                });
            }
            movie.describe();
            return movie.count();
        }
    }

    private boolean windowIsDone(int window) {
        for (int patch = 0; patch < batch.patches().size(); patch++)
            if (!batch.done(batch.piece(window, patch))) return false;
        return true;
    }

    private OmeZarrImage image(JoinedField field, int frames) {
        PieceResult.Description d = field.description();
        List<Axis> axes = new ArrayList<>();
        axes.add(d.axes().getFirst());
        axes.add(withSize(d.axes().get(1), field.samples(batch.extent().rows())));
        axes.add(withSize(d.axes().get(2), field.samples(batch.extent().columns())));
        return OmeZarrOutput.image(
                "movie",
                axes,
                d.channels(),
                d.coloured() ? Movie.Look.COLOURS : Movie.Look.GREY,
                d.motionAxes(),
                "motion per frame",
                Times.evenly(frames));
    }

    private static Axis withSize(Axis axis, int size) {
        return new Axis(axis.name(), size, axis.spacing(), axis.unit());
    }
}
