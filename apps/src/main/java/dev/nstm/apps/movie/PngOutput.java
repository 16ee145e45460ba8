package dev.nstm.apps.movie;

import dev.nstm.apps.io.AnimatedPng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Animated PNG with scale bar and time, which browsers play. */
final class PngOutput implements Output {
    @Override
    public List<String> write(Movie movie, Path directory, Names names) throws IOException {
        List<String> written = new ArrayList<>();
        for (Reel reel : Reel.of(movie, names)) {
            AnimatedPng.write(
                    directory.resolve(reel.name() + ".png"),
                    reel.frames(),
                    reel.film().shownHeight(),
                    reel.film().shownWidth(),
                    names.framesPerSecond());
            written.add(reel.name() + ".png");
        }
        return written;
    }
}
