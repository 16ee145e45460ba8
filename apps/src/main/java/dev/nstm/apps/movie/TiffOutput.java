package dev.nstm.apps.movie;

import dev.nstm.apps.io.StackDescription;
import dev.nstm.apps.io.TiffStack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** OME-TIFF stacks, which ImageJ and Fiji open by themselves: a file for every channel, or one for all colours. */
final class TiffOutput implements Output {
    @Override
    public List<String> write(Movie movie, Path directory, Names names) throws IOException {
        if (movie.look() == Movie.Look.COLOURS)
            return List.of(write(
                    movie,
                    movie.pictures(),
                    movie.channels(),
                    directory,
                    names.of(movie, movie.channels().getFirst())));
        List<String> written = new ArrayList<>();
        for (int i = 0; i < movie.channels().size(); i++) {
            Channel channel = movie.channels().get(i);
            written.add(write(movie, movie.planes(i), List.of(channel), directory, names.of(movie, channel)));
        }
        return written;
    }

    private static String write(Movie movie, List<float[]> pages, List<Channel> channels, Path directory, String name)
            throws IOException {
        Optional<StackDescription.Scale> scale = movie.pixel().unit().equals(Axis.PIXELS)
                ? Optional.empty()
                : Optional.of(new StackDescription.Scale(
                        movie.pixel().spacing(), movie.axes().getFirst().spacing()));
        Optional<StackDescription.Moments> moments = movie.clock()
                .filter(clock -> !clock.unit().isEmpty())
                .map(clock -> new StackDescription.Moments(
                        Arrays.stream(movie.times()).map(clock::read).toArray(), clock.unit()));
        TiffStack.write(
                directory.resolve(name + ".tif"),
                pages,
                new StackDescription(
                        name,
                        movie.height(),
                        movie.width(),
                        channels.stream().map(Channel::labelled).toList(),
                        movie.depth(),
                        movie.times().length,
                        scale,
                        moments));
        return name + ".tif";
    }
}
