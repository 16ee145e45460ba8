package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
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
        List<String> missing = patches.list().stream().filter(patch -> !patches.done(patch)).map(Patches.Patch::name).toList();
        require(missing.isEmpty(), "%d of %d patches are not reconstructed yet: %s; run nstm patches run %s", missing.size(), patches.list().size(), String.join(", ", missing), patches.directory());
        Configuration c = patches.configuration();
        double zoom = c.get(Keys.SIM_ZOOM);
        Volumes.Written one = Volumes.read(patches.directory(patches.list().getFirst()).resolve("recon.npz"));
        Volumes first = one.volumes();
        int depth = first.support().depth();
        int height = (int) Math.rint(patches.rows() * zoom);
        int width = (int) Math.rint(patches.columns() * zoom);
        long count = (long) depth * height * width;
        require(count <= Integer.MAX_VALUE / 4, "the field of %dx%dx%d voxels is too large to be joined in one file", depth, height, width);
        int voxels = (int) count;
        int axes = first.motion()[0].length;
        float start = switch (mode) {
            case MAX -> Float.NEGATIVE_INFINITY;
            case MIN -> Float.POSITIVE_INFINITY;
            default -> 0;
        };
        float[][] density = new float[first.times().length][voxels];
        float[][][] motion = new float[first.times().length][axes][voxels];
        for (float[] volume : density) Arrays.fill(volume, start);
        double[] weights = new double[height * width];
        double mean = 0;
        for (Patches.Patch patch : patches.list()) {
            Path file = patches.directory(patch).resolve("recon.npz");
            Volumes.Written written = Volumes.read(file);
            Volumes volumes = written.volumes();
            require(volumes.times().length == density.length && volumes.support().depth() == depth && volumes.motion()[0].length == axes, "%s does not belong to the same data as the first patch", file);
            require(volumes.support().height() == Math.rint(patch.rows() * zoom) && volumes.support().width() == Math.rint(patch.columns() * zoom), "%s has planes of %dx%d voxels, which are not those of the plan; reconstruct it anew",
                    file, volumes.support().height(), volumes.support().width());
            Window window = new Window(patch, patches, zoom, mode, volumes.support());
            mean += written.imageMean() / patches.list().size();
            for (int t = 0; t < density.length; t++) {
                add(volumes.density()[t], brightness(volumes.density()[t], volumes.support(), window.margin, written.imageMean()), window, mode, density[t], height, width);
                for (int axis = 0; axis < axes; axis++) add(volumes.motion()[t][axis], 1, window, mode == Mode.MAX || mode == Mode.MIN ? Mode.MID : mode, motion[t][axis], height, width);
            }
            window.addWeights(weights, width);
        }
        if (mode == Mode.AVERAGE || mode == Mode.GRADIENT) {
            for (int t = 0; t < density.length; t++) {
                divide(density[t], weights);
                for (float[] axis : motion[t]) divide(axis, weights);
            }
        }
        Grid3D support = new Grid3D(depth, height, width);
        Arrays.fill(support.values(), 1);
        Volumes merged = new Volumes(first.times(), support, density, motion);
        merged.write(patches.directory().resolve("merged.npz"), mean, one.clock());
        merged.writeTiff(patches.directory().resolve("merged.tif"), c.get(Keys.PIXEL_SIZE) / zoom, c.get(Keys.Z_STEP));
        return patches.list().size() + " patches joined in " + patches.directory().resolve("merged.tif") + " and merged.npz\n";
    }

    private static void divide(float[] values, double[] weights) {
        for (int i = 0; i < values.length; i++) values[i] /= (float) weights[i % weights.length];
    }

    private static double brightness(float[] density, Grid3D size, int margin, double imageMean) {
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

        Window(Patches.Patch patch, Patches patches, double zoom, Mode mode, Grid3D size) {
            row = (int) Math.rint(patch.row() * zoom);
            column = (int) Math.rint(patch.column() * zoom);
            height = size.height();
            width = size.width();
            int overlap = (int) Math.rint(patches.overlap() * zoom);
            margin = Math.min(Math.max(1, overlap / 2), Math.min(height, width) / 4);
            rowWeights = weights(height, overlap, patch.row() == 0, patch.row() + patch.rows() == patches.rows(), mode);
            columnWeights = weights(width, overlap, patch.column() == 0, patch.column() + patch.columns() == patches.columns(), mode);
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
            for (int y = 0; y < height; y++) for (int x = 0; x < width; x++) weights[(row + y) * fieldWidth + column + x] += at(y, x);
        }
    }

    private static void add(float[] patch, double factor, Window window, Mode mode, float[] whole, int height, int width) {
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
