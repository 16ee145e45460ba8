package dev.nstm.apps.movie;

import dev.nstm.apps.io.Mp4;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** MP4 with scale bar and time, of several times and where ffmpeg is installed. */
final class Mp4Output implements Output {
    @Override
    public List<String> write(Movie movie, Path directory, Names names) throws IOException {
        List<String> written = new ArrayList<>();
        for (Reel reel : Reel.of(movie, names)) {
            Path file = directory.resolve(reel.name() + ".mp4");
            Files.deleteIfExists(file);
            if (movie.times().length == 1) continue;
            Optional<String> missing = Mp4.write(
                    file, reel.frames(), reel.film().shownHeight(), reel.film().shownWidth(), names.framesPerSecond());
            if (missing.isPresent()) return List.of("no mp4 (" + missing.get() + ")");
            written.add(reel.name() + ".mp4");
        }
        return written;
    }
}
