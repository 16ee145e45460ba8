package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.instrument.Run;
import dev.nstm.apps.movie.Archives;
import dev.nstm.apps.movie.KeptFrames;
import dev.nstm.apps.movie.Movie;
import dev.nstm.apps.movie.Output;
import dev.nstm.apps.movie.Outputs;
import dev.nstm.optics.Grid3D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

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
        int voxels = (int) count;
        int axes = first.frames().motionAxes();
        float start = switch (mode) {
            case MAX -> Float.NEGATIVE_INFINITY;
            case MIN -> Float.POSITIVE_INFINITY;
            default -> 0;
        };
        float[][][] density = new float[first.times().length][1][voxels];
        float[][][] motion = new float[first.times().length][axes][voxels];
        for (float[][] volume : density) Arrays.fill(volume[0], start);
        double[] weights = new double[height * width];
        double mean = 0;
        for (Patches.Patch patch : patches.list()) {
            Movie volumes = read(patches, patch);
            require(
                    volumes.times().length == density.length
                            && volumes.depth() == depth
                            && volumes.frames().motionAxes() == axes,
                    "%s does not belong to the same data as the first patch",
                    patches.directory(patch));
            require(
                    volumes.height() == Math.rint(patch.rows() * zoom)
                            && volumes.width() == Math.rint(patch.columns() * zoom),
                    "%s has planes of %dx%d voxels, which are not those of the plan; reconstruct it anew",
                    patches.directory(patch),
                    volumes.height(),
                    volumes.width());
            Window window = new Window(patch, patches, zoom, mode, volumes.height(), volumes.width());
            double imageMean = volumes.notes().get(SimResults.IMAGE_MEAN).values()[0];
            mean += imageMean / patches.list().size();
            for (int t = 0; t < density.length; t++) {
                float[] scene = volumes.scene(t, 0);
                add(
                        scene,
                        brightness(scene, volumes, window.margin, imageMean),
                        window,
                        mode,
                        density[t][0],
                        height,
                        width);
                float[][] moved = volumes.motion(t);
                for (int axis = 0; axis < axes; axis++)
                    add(
                            moved[axis],
                            1,
                            window,
                            mode == Mode.MAX || mode == Mode.MIN ? Mode.MID : mode,
                            motion[t][axis],
                            height,
                            width);
            }
            window.addWeights(weights, width);
        }
        if (mode == Mode.AVERAGE || mode == Mode.GRADIENT) {
            for (int t = 0; t < density.length; t++) {
                divide(density[t][0], weights);
                for (float[] axis : motion[t]) divide(axis, weights);
            }
        }
        Grid3D support = new Grid3D(depth, height, width);
        Arrays.fill(support.values(), 1);
        Movie merged =
                SimResults.movie(c, support, mean, first.clock(), first.times(), new KeptFrames(density, motion));
        String written = Outputs.write(
                merged,
                patches.directory(),
                new Output.Names("merged", "merged", 1),
                List.of(Outputs.TIFF, Outputs.NPZ));
        return patches.list().size() + " patches joined in " + patches.directory() + ": " + written + "\n";
    }

    private static Movie read(Patches patches, Patches.Patch patch) throws IOException {
        Path file = patches.directory(patch).resolve(Run.RESULT);
        Movie movie = Archives.volumes(file);
        require(
                movie.frames().motionAxes() > 0 && movie.notes().containsKey(SimResults.IMAGE_MEAN),
                "%s was not written by nstm reconstruct: it has no array \"motion\" or \"%s\"",
                file,
                SimResults.IMAGE_MEAN);
        return movie;
    }

    private static void divide(float[] values, double[] weights) {
        for (int i = 0; i < values.length; i++) values[i] /= (float) weights[i % weights.length];
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

    private static void add(
            float[] patch, double factor, Window window, Mode mode, float[] whole, int height, int width) {
        for (int i = 0; i < patch.length; i++) {
            int y = i / window.width % window.height;
            int x = i % window.width;
            int to = (i / window.width / window.height * height + window.row + y) * width + window.column + x;
            float value = (float) (patch[i] * factor);
            double weight = window.at(y, x);
            whole[to] = switch (mode) {
                case MID -> weight > 0 ? value : whole[to];
                case MAX -> Math.max(whole[to], value);
                case MIN -> Math.min(whole[to], value);
                default -> whole[to] + (float) (weight * value);
            };
        }
    }
}
