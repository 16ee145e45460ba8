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
    private static final String MOTION = "motion";
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
        int scene = movie.channels().size();
        int own = scene + movie.frames().motionAxes();
        List<OmeZarrImage.Channel> channels = new ArrayList<>(channels(
                movie.channels(), movie.look(), movie.axes(), movie.frames().motionAxes(), MOTION));
        for (Companion companion : companions)
            channels.add(new OmeZarrImage.Channel(Channel.labelled(companion.name(), companion.unit()), WHITE, false));
        OmeZarrWriter.write(
                directory.resolve(name),
                version,
                new OmeZarrImage(
                        names.archive(), axes(movie.axes(), time(movie), channels.size()), channels, movie.times()),
                (time, channel, z) -> {
                    if (channel < scene) return movie.plane(time, channel, z);
                    if (channel < own) return movie.displacement(time, channel - scene, z);
                    return companions.get(channel - own).planes().at(time, z);
                });
        return List.of(name);
    }

    /**
     * A movie whose frames are written as they come.
     *
     * @param spatial axes in space
     * @param motionAxes of the displacement, the last of {@code spatial}
     * @param motion what the displacement is called
     */
    public static OmeZarrImage image(
            String name,
            List<Axis> spatial,
            List<Channel> scene,
            Movie.Look look,
            int motionAxes,
            String motion,
            double[] times) {
        List<OmeZarrImage.Channel> channels = channels(scene, look, spatial, motionAxes, motion);
        return new OmeZarrImage(
                name, axes(spatial, new OmeZarrImage.Axis('t', times.length, 1, ""), channels.size()), channels, times);
    }

    /** Of channels that are pictures of their own the last is shown at first, of colours all. */
    private static List<OmeZarrImage.Channel> channels(
            List<Channel> scene, Movie.Look look, List<Axis> spatial, int motionAxes, String motion) {
        List<OmeZarrImage.Channel> channels = new ArrayList<>();
        int count = scene.size();
        boolean coloured = look == Movie.Look.COLOURS && count == COLOURS.size();
        for (int channel = 0; channel < count; channel++)
            channels.add(new OmeZarrImage.Channel(
                    scene.get(channel).labelled(),
                    coloured ? COLOURS.get(channel) : WHITE,
                    coloured || channel == count - 1));
        for (int moved = 0; moved < motionAxes; moved++) {
            Axis axis = spatial.get(spatial.size() - motionAxes + moved);
            channels.add(new OmeZarrImage.Channel(
                    Channel.labelled(motion + " " + axis.name(), axis.unit()), COLOURS.get(moved), false));
        }
        return channels;
    }

    private static List<OmeZarrImage.Axis> axes(List<Axis> spatial, OmeZarrImage.Axis time, int channels) {
        List<OmeZarrImage.Axis> axes = new ArrayList<>();
        axes.add(time);
        axes.add(new OmeZarrImage.Axis('c', channels, 1, ""));
        if (spatial.size() == 2) axes.add(new OmeZarrImage.Axis('z', 1, 1, ""));
        for (Axis axis : spatial)
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
