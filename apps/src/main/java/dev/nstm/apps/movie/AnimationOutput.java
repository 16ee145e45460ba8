package dev.nstm.apps.movie;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Movies in one picture file, with scale bar and time: PNG, which browsers play, and GIF, for slides.
 *
 * @param ending of the file's name
 * @param format how frames are written
 */
record AnimationOutput(String ending, Format format) implements Output {
    /** Writes frames of 0 to 255, grey or in colour. */
    interface Format {
        void write(Path file, List<byte[]> frames, int height, int width, int framesPerSecond) throws IOException;
    }

    @Override
    public List<String> write(Movie movie, Path directory, Names names) throws IOException {
        List<String> written = new ArrayList<>();
        for (Reel reel : Reel.of(movie, names)) {
            format.write(
                    directory.resolve(reel.name() + ending),
                    reel.frames(),
                    reel.film().shownHeight(),
                    reel.film().shownWidth(),
                    names.framesPerSecond());
            written.add(reel.name() + ending);
        }
        return written;
    }
}
