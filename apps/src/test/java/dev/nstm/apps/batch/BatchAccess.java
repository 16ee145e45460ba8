package dev.nstm.apps.batch;

import dev.nstm.apps.movie.Movie;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What tests of other packages need of this one. */
public final class BatchAccess {
    private BatchAccess() {}

    /** Leaves a movie where the result of a piece is expected. */
    public static void leave(Batch batch, int piece, Movie movie, List<Integer> floating) throws IOException {
        Path directory = batch.directory(batch.piece(piece));
        PieceResult.write(movie, floating, new double[movie.frames().motionAxes()], 1, directory);
    }
}
