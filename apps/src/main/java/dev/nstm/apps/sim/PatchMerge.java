package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.FrameFile;
import dev.nstm.apps.movie.Frames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.Outputs;
import dev.nstm.optics.Grid3D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Joins reconstructed patches. Each is first brought to the brightness of its raw images: divided by the mean of its
 * positive values away from its borders, multiplied by the mean of the images.
 */
public final class PatchMerge {
    /** How values in the overlap of patches are joined. */
    public enum Mode {
        /** The later patch takes over in the middle of the overlap. */
        MID,
        /** Mean of all patches. */
        AVERAGE,
        /** Mean weighted with the square of a ramp over the overlap. */
        GRADIENT,
        /** Largest value. */
        MAX,
        /** Smallest value. */
        MIN
    }

    private PatchMerge() {}

    /** Writes {@code merged.npz} and {@code merged.tif}; returns what to tell the user. */
    public static String write(Patches patches, Mode mode) throws IOException {
        List<String> missing = patches.list().stream()
                .filter(patch -> !patches.done(patch))
                .map(Patches.Patch::name)
                .toList();
        require(
                missing.isEmpty(),
                "%d of %d patches are not reconstructed yet: %s; run nstm patches run %s",
                missing.size(),
                patches.list().size(),
                String.join(", ", missing),
                patches.directory());
        Configuration c = patches.configuration();
        double zoom = c.get(SimKeys.SIM_ZOOM);
        Movie first = read(patches, patches.list().getFirst());
        int depth = first.depth();
        int height = (int) Math.rint(patches.rows() * zoom);
        int width = (int) Math.rint(patches.columns() * zoom);
        long count = (long) depth * height * width;
        require(
                count <= Integer.MAX_VALUE / 4,
                "the field of %dx%dx%d voxels is too large to be joined in one file",
                depth,
                height,
                width);
        int axes = first.frames().motionAxes();
        try (FrameFile sums = new FrameFile(1, axes, (int) count, patches.directory())) {
            Field field = new Field(sums, depth, height, width);
            field.fill(first.times().length, axes, mode);
            double[] weights = new double[height * width];
            double mean = 0;
            for (Patches.Patch patch : patches.list()) {
                Movie volumes = read(patches, patch);
                checkFits(volumes, first, patch, zoom, patches.directory(patch));
                Window window = new Window(patch, patches, zoom, mode, volumes.height(), volumes.width());
                double imageMean = imageMean(volumes).orElseThrow();
                mean += imageMean / patches.list().size();
                for (int t = 0; t < volumes.times().length; t++) field.add(volumes, t, window, mode, imageMean);
                window.addWeights(weights, width);
            }
            Grid3D support = new Grid3D(depth, height, width);
            Arrays.fill(support.values(), 1);
            Frames joined = mode == Mode.AVERAGE || mode == Mode.GRADIENT ? new Means(sums, weights) : sums;
            Movie merged = SimResults.movie(c, support, mean, first.clock(), first.times(), joined);
            String written = Outputs.write(
                    merged,
                    patches.directory(),
                    new Output.Names("merged", "merged", 1),
                    List.of(Outputs.TIFF, Outputs.NPZ));
            return patches.list().size() + " patches joined in " + patches.directory() + ": " + written + "\n";
        }
    }

    private static void checkFits(Movie volumes, Movie first, Patches.Patch patch, double zoom, Path directory) {
        require(
                volumes.times().length == first.times().length
                        && volumes.depth() == first.depth()
                        && volumes.frames().motionAxes() == first.frames().motionAxes(),
                "%s does not belong to the same data as the first patch",
                directory);
        require(
                volumes.height() == Math.rint(patch.rows() * zoom)
                        && volumes.width() == Math.rint(patch.columns() * zoom),
                "%s has planes of %dx%d voxels, which are not those of the plan; reconstruct it anew",
                directory,
                volumes.height(),
                volumes.width());
    }

    private static Optional<Double> imageMean(Movie movie) {
        return movie.note(SimResults.IMAGE_MEAN).map(known -> known.values()[0]);
    }

    private static Movie read(Patches patches, Patches.Patch patch) throws IOException {
        Path file = patches.directory(patch).resolve(Run.RESULT);
        Movie movie = Archives.volumes(file);
        require(
                movie.frames().motionAxes() > 0 && imageMean(movie).isPresent(),
                "%s was not written by nstm reconstruct: it has no array \"motion\" or \"%s\"",
                file,
                SimResults.IMAGE_MEAN);
        return movie;
    }

    /** Sums over patches, divided by the weights of a plane's pixels. */
    private record Means(FrameFile sums, double[] weights) implements Frames {
        @Override
        public float[] scene(int time, int channel, int first, int count) {
            return divided(sums.scene(time, channel, first, count), first);
        }

        @Override
        public float[] motion(int time, int axis, int first, int count) {
            return divided(sums.motion(time, axis, first, count), first);
        }

        @Override
        public int motionAxes() {
            return sums.motionAxes();
        }

        private float[] divided(float[] values, int first) {
            for (int i = 0; i < values.length; i++) values[i] /= (float) weights[(first + i) % weights.length];
            return values;
        }
    }

    private static double brightness(float[] density, Movie size, int margin, double imageMean) {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < density.length; i++) {
            int y = i / size.width() % size.height();
            int x = i % size.width();
            if (y < margin || x < margin || y >= size.height() - margin || x >= size.width() - margin) continue;
            sum += Math.max(0, density[i]);
            count++;
        }
        return sum > 0 ? imageMean * count / sum : 0;
    }

    /** Which of a patch's values count, and how much. */
    private static final class Window {
        private final int row;
        private final int column;
        private final int height;
        private final int width;
        private final int margin;
        private final double[] rowWeights;
        private final double[] columnWeights;

        Window(Patches.Patch patch, Patches patches, double zoom, Mode mode, int height, int width) {
            row = (int) Math.rint(patch.row() * zoom);
            column = (int) Math.rint(patch.column() * zoom);
            this.height = height;
            this.width = width;
            int overlap = (int) Math.rint(patches.overlap() * zoom);
            margin = Math.min(Math.max(1, overlap / 2), Math.min(height, width) / 4);
            rowWeights = weights(height, overlap, patch.row() == 0, patch.row() + patch.rows() == patches.rows(), mode);
            columnWeights = weights(
                    width, overlap, patch.column() == 0, patch.column() + patch.columns() == patches.columns(), mode);
        }

        /** Along one axis; at the borders of the field everything counts. */
        private static double[] weights(int size, int overlap, boolean first, boolean last, Mode mode) {
            double[] weights = new double[size];
            for (int i = 0; i < size; i++) {
                double before = first ? Double.POSITIVE_INFINITY : i;
                double after = last ? Double.POSITIVE_INFINITY : size - 1 - i;
                weights[i] = switch (mode) {
                    case MID -> before >= overlap / 2 && after >= overlap / 2 ? 1 : 0;
                    case GRADIENT -> Math.pow(Math.min(1, (Math.min(before, after) + 0.5) / Math.max(1, overlap)), 2);
                    default -> 1;
                };
            }
            return weights;
        }

        double at(int y, int x) {
            return rowWeights[y] * columnWeights[x];
        }

        void addWeights(double[] weights, int fieldWidth) {
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++) weights[(row + y) * fieldWidth + column + x] += at(y, x);
        }
    }

    /** What is joined so far; a row at a time is in memory. */
    private record Field(FrameFile values, int depth, int height, int width) {
        /** Fills the field with start values that any value of a patch replaces. */
        void fill(int times, int axes, Mode mode) {
            float[] plane = new float[height * width];
            float[] still = new float[plane.length];
            Arrays.fill(
                    plane,
                    switch (mode) {
                        case MAX -> Float.NEGATIVE_INFINITY;
                        case MIN -> Float.POSITIVE_INFINITY;
                        default -> 0;
                    });
            for (int t = 0; t < times; t++)
                for (int part = 0; part <= axes; part++)
                    for (int z = 0; z < depth; z++)
                        values.write(t, part, z * plane.length, part == 0 ? plane : still, 0, plane.length);
        }

        /** Adds scene and motion of a patch at a time. */
        void add(Movie patch, int time, Window window, Mode mode, double imageMean) {
            float[] scene = patch.scene(time, 0);
            add(time, 0, scene, brightness(scene, patch, window.margin, imageMean), window, mode);
            float[][] moved = patch.motion(time);
            for (int axis = 0; axis < moved.length; axis++)
                add(time, 1 + axis, moved[axis], 1, window, mode == Mode.MAX || mode == Mode.MIN ? Mode.MID : mode);
        }

        private void add(int time, int part, float[] patch, double factor, Window window, Mode mode) {
            for (int row = 0; row < depth * window.height; row++) {
                int y = row % window.height;
                int to = (row / window.height * height + window.row + y) * width + window.column;
                float[] joined = values.read(time, part, to, window.width);
                for (int x = 0; x < window.width; x++) {
                    float value = (float) (patch[row * window.width + x] * factor);
                    double weight = window.at(y, x);
                    joined[x] = switch (mode) {
                        case MID -> weight > 0 ? value : joined[x];
                        case MAX -> Math.max(joined[x], value);
                        case MIN -> Math.min(joined[x], value);
                        default -> joined[x] + (float) (weight * value);
                    };
                }
                values.write(time, part, to, joined, 0, window.width);
            }
        }
    }
}
