package dev.nstm.apps.movie;

import dev.nstm.apps.io.TiffStack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Stacks that ImageJ and Fiji open: a file for every channel, or one for all colours. */
final class TiffOutput implements Output {
    @Override
    public List<String> write(Movie movie, Path directory, Names names) throws IOException {
        int channels = movie.channels().size();
        if (movie.look() == Movie.Look.COLOURS)
            return List.of(write(
                    movie,
                    movie.pictures(),
                    channels,
                    directory,
                    names.of(movie, movie.channels().getFirst())));
        List<String> written = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++)
            written.add(write(
                    movie,
                    movie.planes(channel),
                    1,
                    directory,
                    names.of(movie, movie.channels().get(channel))));
        return written;
    }

    private static String write(Movie movie, List<float[]> pages, int channels, Path directory, String name)
            throws IOException {
        Path file = directory.resolve(name + ".tif");
        if (movie.pixel().unit().equals(Axis.PIXELS))
            TiffStack.writeInPixels(file, pages, movie.height(), movie.width(), channels);
        else
            TiffStack.write(
                    file,
                    pages,
                    movie.height(),
                    movie.width(),
                    movie.pixel().spacing(),
                    movie.depth(),
                    movie.axes().getFirst().spacing());
        return name + ".tif";
    }
}
