package dev.nstm.apps.batch;

import static dev.nstm.tensor.InvalidInputException.require;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.apps.io.NpyFile;
import dev.nstm.apps.io.NpyParts;
import dev.nstm.apps.io.TextFile;
import dev.nstm.apps.movie.Axis;
import dev.nstm.apps.movie.Channel;
import dev.nstm.apps.movie.Movie;
import dev.nstm.files.AtomicFile;
import dev.nstm.metrics.Displacements;
import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a piece leaves for the movie: {@code frames.npy} [time, part, plane, row, column], where the parts are the
 * channels of the scene and the displacement since the frame before along each axis, in samples; and what must be known
 * of it, {@code piece.json}. The displacement of the first frame is zero, for what came before is not known here.
 *
 * @param description what must be known of the frames
 * @param frames the frames
 */
record PieceResult(Description description, NpyFile frames) implements AutoCloseable {
    private static final String FRAMES = "frames.npy";
    private static final String DESCRIPTION = "piece.json";

    /**
     * What must be known of the frames of a piece.
     *
     * @param axes in space, planes, rows and columns
     * @param channels of the scene
     * @param coloured whether they are the colours of one picture
     * @param floating channels that are measured up to a constant
     * @param motionAxes axes along which things move, the last of {@code axes}
     * @param moved mean displacement along these since the scene was begun anew, in samples
     */
    record Description(
            List<Axis> axes,
            List<Channel> channels,
            boolean coloured,
            List<Integer> floating,
            int motionAxes,
            double[] moved) {
        int parts() {
            return channels.size() + motionAxes;
        }

        int size(int axis) {
            return axes.get(axis).size();
        }
    }

    /** Whether a directory holds the result of a piece. */
    static boolean isIn(Path directory) {
        return Files.exists(directory.resolve(FRAMES));
    }

    /**
     * Writes what a piece leaves. Where the movie knows the mean of its images, its channels are brought to that.
     *
     * @param floating channels that are measured up to a constant
     * @param moved how far the specimen had moved before the first frame
     * @param margin samples at each border that have no say in the brightness
     */
    static void write(Movie movie, List<Integer> floating, double[] moved, int margin, Path directory)
            throws IOException {
        int axes = movie.frames().motionAxes();
        int channels = movie.channels().size();
        int samples = movie.samples();
        int times = movie.times().length;
        double[] total = moved.clone();
        Optional<Double> imageMean =
                movie.note(Run.IMAGE_MEAN).map(NpyArray::values).map(values -> values[0]);
        NpyParts frames = new NpyParts(
                new int[] {times, channels + axes, movie.depth(), movie.height(), movie.width()}, times, time -> {
                    float[] values = new float[(channels + axes) * samples];
                    for (int channel = 0; channel < channels; channel++) {
                        float[] scene = movie.scene(time, channel);
                        double factor = imageMean
                                .map(mean -> brightness(scene, movie, margin, mean))
                                .orElse(1.0);
                        for (int i = 0; i < samples; i++) values[channel * samples + i] = (float) (scene[i] * factor);
                    }
                    float[][] step = time == 0 ? new float[axes][samples] : step(movie, time);
                    for (int axis = 0; axis < axes; axis++) {
                        System.arraycopy(step[axis], 0, values, (channels + axis) * samples, samples);
                        double sum = 0;
                        for (float pixels : step[axis]) sum += pixels;
                        total[axis] += sum / samples;
                    }
                    return values;
                });
        Path target = directory.resolve(FRAMES);
        // The description first: whoever finds the frames finds it.
        Path temporary = directory.resolve("." + FRAMES);
        NpyFile.write(temporary, frames);
        write(
                new Description(
                        spatial(movie), movie.channels(), movie.look() == Movie.Look.COLOURS, floating, axes, total),
                directory.resolve(DESCRIPTION));
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Displacement since the frame before: what lies at p now lay at p - step(p) then. */
    private static float[][] step(Movie movie, int time) {
        int axes = movie.frames().motionAxes();
        int[] extents = new int[axes];
        for (int axis = 0; axis < axes; axis++)
            extents[axis] = movie.axes().get(movie.axes().size() - axes + axis).size();
        return Displacements.between(negated(movie.motion(time - 1)), negated(movie.motion(time)), extents);
    }

    private static float[][] negated(float[][] motion) {
        for (float[] axis : motion) for (int i = 0; i < axis.length; i++) axis[i] = -axis[i];
        return motion;
    }

    /** Factor that brings positive values away from the borders to a mean. */
    private static double brightness(float[] density, Movie size, int margin, double mean) {
        int border = Math.min(margin, Math.min(size.height(), size.width()) / 4);
        double sum = 0;
        long count = 0;
        for (int i = 0; i < density.length; i++) {
            int y = i / size.width() % size.height();
            int x = i % size.width();
            if (y < border || x < border || y >= size.height() - border || x >= size.width() - border) continue;
            sum += Math.max(0, density[i]);
            count++;
        }
        return sum > 0 ? mean * count / sum : 0;
    }

    private static List<Axis> spatial(Movie movie) {
        List<Axis> axes = new ArrayList<>(movie.axes());
        if (axes.size() == 2) axes.addFirst(new Axis("z", 1, 1, Axis.PIXELS));
        return axes;
    }

    private static void write(Description d, Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        ArrayNode axes = root.putArray("axes");
        for (Axis axis : d.axes)
            axes.addObject()
                    .put("name", axis.name())
                    .put("size", axis.size())
                    .put("spacing", axis.spacing())
                    .put("unit", axis.unit());
        ArrayNode channels = root.putArray("channels");
        for (Channel channel : d.channels)
            channels.addObject()
                    .put("name", channel.name())
                    .put("unit", channel.unit())
                    .put("label", channel.label());
        root.put("coloured", d.coloured);
        ArrayNode floating = root.putArray("floating");
        d.floating.forEach(floating::add);
        root.put("motionAxes", d.motionAxes);
        ArrayNode moved = root.putArray("moved");
        Arrays.stream(d.moved).forEach(moved::add);
        byte[] json = mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        AtomicFile.write(file, out -> out.write(json));
    }

    /** What must be known of the frames in a directory. */
    static Description description(Path directory) throws IOException {
        Path file = directory.resolve(DESCRIPTION);
        try {
            JsonNode root = new ObjectMapper().readTree(TextFile.read(file));
            List<Axis> axes = new ArrayList<>();
            for (JsonNode axis : root.path("axes"))
                axes.add(new Axis(
                        axis.path("name").asText(),
                        axis.path("size").asInt(),
                        axis.path("spacing").asDouble(),
                        axis.path("unit").asText()));
            List<Channel> channels = new ArrayList<>();
            for (JsonNode channel : root.path("channels"))
                channels.add(new Channel(
                        channel.path("name").asText(),
                        channel.path("unit").asText(),
                        channel.path("label").asText()));
            List<Integer> floating = new ArrayList<>();
            for (JsonNode channel : root.path("floating")) floating.add(channel.asInt());
            double[] moved = new double[root.path("moved").size()];
            for (int i = 0; i < moved.length; i++)
                moved[i] = root.path("moved").get(i).asDouble();
            int motionAxes = root.path("motionAxes").asInt(-1);
            require(
                    axes.size() == 3 && !channels.isEmpty() && motionAxes == moved.length && motionAxes <= 3,
                    "%s is damaged; remove %s and run the piece again",
                    file,
                    directory);
            return new Description(axes, channels, root.path("coloured").asBoolean(), floating, motionAxes, moved);
        } catch (JsonProcessingException broken) {
            throw new InvalidInputException(
                    file + " is damaged; remove " + directory + " and run the piece again", broken);
        }
    }

    /** Opens what a piece left. */
    static PieceResult open(Path directory) throws IOException {
        Description description = description(directory);
        NpyFile frames = NpyFile.open(directory.resolve(FRAMES));
        int[] shape = frames.shape();
        boolean fits = shape.length == 5
                && shape[1] == description.parts()
                && shape[2] == description.size(0)
                && shape[3] == description.size(1)
                && shape[4] == description.size(2);
        if (!fits) frames.close();
        require(
                fits,
                "%s is damaged: its frames are not those described; remove it and run the piece again",
                directory);
        return new PieceResult(description, frames);
    }

    /** Frames that the piece has. */
    int times() {
        return frames.shape()[0];
    }

    /** Some rows of a part at a time. */
    float[] rows(int time, int part, int z, int row, int rows) throws IOException {
        int[] shape = frames.shape();
        long first = ((((long) time * shape[1] + part) * shape[2] + z) * shape[3] + row) * shape[4];
        return frames.read(first, rows * shape[4]);
    }

    @Override
    public void close() throws IOException {
        frames.close();
    }
}
