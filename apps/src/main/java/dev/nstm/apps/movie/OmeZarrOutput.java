package dev.nstm.apps.movie;

import dev.nstm.apps.zarr.OmeZarrImage;
import dev.nstm.apps.zarr.OmeZarrWriter;
import dev.nstm.apps.zarr.ZarrVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * OME-Zarr, which napari, Fiji, OMERO and others open: the scene's channels, then the displacement along every axis,
 * then what is shown beside them.
 */
public final class OmeZarrOutput implements Output {
    private static final String WHITE = "FFFFFF";
    private static final List<String> COLOURS = List.of("FF0000", "00FF00", "0000FF");
    private final ZarrVersion version;
    private final List<Companion> companions;

    /** @param companions of the movies that are written */
    public OmeZarrOutput(ZarrVersion version, List<Companion> companions) {
        this.version = version;
        this.companions = List.copyOf(companions);
    }

    @Override
    public List<String> write(Movie movie, Path directory, Names names) {
        String name = names.archive() + ".ome.zarr";
        List<OmeZarrImage.Channel> channels = new ArrayList<>();
        List<Companion.Planes> planes = new ArrayList<>();
        addScene(movie, channels, planes);
        addMotion(movie, channels, planes);
        for (Companion companion : companions) {
            channels.add(new OmeZarrImage.Channel(Channel.labelled(companion.name(), companion.unit()), WHITE, false));
            planes.add(companion.planes());
        }
        OmeZarrWriter.write(
                directory.resolve(name),
                version,
                new OmeZarrImage(
                        names.archive(),
                        axes(movie, channels.size()),
                        channels,
                        (time, channel, z) -> planes.get(channel).at(time, z),
                        movie.times()));
        return List.of(name);
    }

    /** Of channels that are pictures of their own the last is shown at first, of colours all. */
    private static void addScene(Movie movie, List<OmeZarrImage.Channel> channels, List<Companion.Planes> planes) {
        int count = movie.channels().size();
        boolean coloured = movie.look() == Movie.Look.COLOURS && count == COLOURS.size();
        for (int i = 0; i < count; i++) {
            int channel = i;
            Channel own = movie.channels().get(channel);
            channels.add(new OmeZarrImage.Channel(
                    own.labelled(), coloured ? COLOURS.get(channel) : WHITE, coloured || channel == count - 1));
            planes.add((time, z) -> movie.plane(time, channel, z));
        }
    }

    private static void addMotion(Movie movie, List<OmeZarrImage.Channel> channels, List<Companion.Planes> planes) {
        int count = movie.frames().motionAxes();
        for (int i = 0; i < count; i++) {
            int moved = i;
            Axis axis = movie.axes().get(movie.axes().size() - count + moved);
            channels.add(new OmeZarrImage.Channel(
                    Channel.labelled("motion " + axis.name(), axis.unit()), COLOURS.get(moved), false));
            planes.add((time, z) -> movie.displacement(time, moved, z));
        }
    }

    private static List<OmeZarrImage.Axis> axes(Movie movie, int channels) {
        List<OmeZarrImage.Axis> axes = new ArrayList<>();
        axes.add(time(movie));
        axes.add(new OmeZarrImage.Axis('c', channels, 1, ""));
        if (!movie.volumes()) axes.add(new OmeZarrImage.Axis('z', 1, 1, ""));
        for (Axis axis : movie.axes())
            axes.add(new OmeZarrImage.Axis(
                    axis.name().charAt(0),
                    axis.size(),
                    axis.spacing(),
                    axis.unit().equals(Axis.MICROMETRES) ? "micrometer" : ""));
        return axes;
    }

    /** Frames that follow each other evenly have a spacing where the data say what their times are. */
    private static OmeZarrImage.Axis time(Movie movie) {
        int count = movie.times().length;
        OptionalDouble step = Times.spacing(movie.times());
        return movie.clock()
                .filter(clock -> step.isPresent() && !unit(clock.unit()).isEmpty())
                .map(clock -> new OmeZarrImage.Axis(
                        't', count, (clock.last() - clock.first()) / 2 * step.getAsDouble(), unit(clock.unit())))
                .orElse(new OmeZarrImage.Axis('t', count, 1, ""));
    }

    /** As NGFF spells it; empty where it has no word for it. */
    private static String unit(String ofClock) {
        return switch (ofClock) {
            case "ms" -> "millisecond";
            case "s" -> "second";
            default -> "";
        };
    }
}
