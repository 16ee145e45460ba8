package dev.nstm.apps.movie;

import dev.nstm.apps.report.Colours;
import dev.nstm.apps.report.Film;
import dev.nstm.apps.report.LazyList;
import dev.nstm.apps.report.Shades;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What people see of a movie in one file: shades of grey of a channel, of volumes its projection, or all colours.
 *
 * @param name of the file
 * @param film scale bar and time
 * @param frames with these drawn in, each made when it is asked for
 */
public record Reel(String name, Film film, List<byte[]> frames) {
    /** One of each channel, or one of all colours. */
    static List<Reel> of(Movie movie, Output.Names names) {
        Film film = new Film(
                movie.height(),
                movie.width(),
                movie.pixel().spacing(),
                movie.pixel().unit(),
                movie.times(),
                movie.clock());
        if (movie.look() == Movie.Look.COLOURS)
            return List.of(new Reel(names.of(movie, movie.channels().getFirst()), film, film.frames(coloured(movie))));
        return IntStream.range(0, movie.channels().size())
                .mapToObj(channel -> {
                    List<float[]> shown = movie.projections(channel);
                    return new Reel(
                            names.of(movie, movie.channels().get(channel)),
                            film,
                            film.frames(Shades.of(shown).bytes(shown)));
                })
                .toList();
    }

    /** Frames of a movie in colour as screens show them, labels left out. */
    public static List<byte[]> coloured(Movie movie) {
        int channels = movie.channels().size();
        Colours colours = Colours.of(movie.pictures());
        return new LazyList<>(
                movie.times().length,
                time -> colours.bytes(IntStream.range(0, channels)
                        .mapToObj(channel -> movie.scene(time, channel))
                        .toArray(float[][]::new)));
    }
}
