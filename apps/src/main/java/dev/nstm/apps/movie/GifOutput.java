package dev.nstm.apps.movie;

import dev.nstm.apps.io.AnimatedGif;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Animated GIF with scale bar and time, for slides. */
final class GifOutput implements Output {
    @Override
    public List<String> write(Movie movie, Path directory, Names names) throws IOException {
        List<String> written = new ArrayList<>();
        for (Reel reel : Reel.of(movie, names)) {
            AnimatedGif.write(
                    directory.resolve(reel.name() + ".gif"),
                    reel.frames(),
                    reel.film().shownHeight(),
                    reel.film().shownWidth(),
                    names.framesPerSecond());
            written.add(reel.name() + ".gif");
        }
        return written;
    }
}
