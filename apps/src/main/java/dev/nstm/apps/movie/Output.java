package dev.nstm.apps.movie;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A form in which movies leave the program. {@link Outputs} lists them. */
public interface Output {
    /** @return names of the files that were written, with what else people should know of them */
    List<String> write(Movie movie, Path directory, Names names) throws IOException;

    /**
     * How files are called and played.
     *
     * @param archive of the file that holds all
     * @param pictures of files that hold pictures, before the channel's label; empty for the label alone
     * @param framesPerSecond speed of movies
     */
    record Names(String archive, String pictures, int framesPerSecond) {
        /** Of a channel's own file; all channels share one where they are colours. */
        String of(Movie movie, Channel channel) {
            if (movie.look() == Movie.Look.COLOURS || movie.volumes()) return pictures;
            return pictures.isEmpty() ? channel.label() : pictures + "-" + channel.label();
        }
    }
}
