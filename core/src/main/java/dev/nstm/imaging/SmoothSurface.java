package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The smooth light under a picture: a polynomial of low order in both coordinates, fitted so that a specimen that
 * covers part of the picture pulls the surface neither up nor down. Iteratively reweighted least squares: first with
 * weights that lead to least absolute deviations, then with Tukey's biweight, which leaves out what lies far from the
 * surface (Huber and Ronchetti, Robust Statistics, 2009, section 7.8). Fitted to means of blocks, 48 along the longer
 * side.
 */
public final class SmoothSurface {
    /** Highest sum of the powers of row and column. */
    public static final int LARGEST_ORDER = 4;

    private static final int BLOCKS = 48;
    private static final int ABSOLUTE_ROUNDS = 5;
    private static final int ROUNDS = 30;
    /** Standard deviation of normal noise by its median absolute deviation. */
    private static final double NORMAL = 1.4826;

    private static final double BIWEIGHT = 4;
    /** A little weight against large terms: where a specimen covers a corner, nothing else holds the surface. */
    private static final double FLATNESS = 3e-4;
    /** The lowest order is taken whose residual is at most this many times the smallest residual of all orders. */
    private static final double WORTHWHILE = 1.25;

    private static final double ONE_LIGHT = 0.006;

    private final int height;
    private final int width;
    private final int order;
    private final int block;
    private final double[] means;
    private final double[][] basis;
    private final double[] coefficients;

    private SmoothSurface(Grid2D picture, int order) {
        height = picture.height();
        width = picture.width();
        this.order = order;
        block = Math.ceilDiv(Math.max(height, width), BLOCKS);
        means = means(picture);
        basis = products(order, averaged(legendre(height, order), block), averaged(legendre(width, order), block));
        coefficients = fitted();
    }

    /**
     * The surface under a picture, sample by sample.
     *
     * @param order 0 for an even light, 1 for a slope, up to {@link #LARGEST_ORDER}
     */
    public static Grid2D of(Grid2D picture, int order) {
        require(
                order >= 0 && order <= LARGEST_ORDER,
                "surfaces of order 0 to %d are fitted, got %d",
                LARGEST_ORDER,
                order);
        return new SmoothSurface(picture, order).values();
    }

    /**
     * The light of several shots.
     *
     * @param order of the surfaces
     * @param common whether all shots have one light, as far as can be told
     * @param surfaces one per shot, the same where they have one light
     */
    public record Light(int order, boolean common, List<Grid2D> surfaces) {}

    /**
     * The light under shots of one field. A difference between shots that is small enough to be caused by a specimen is
     * ignored: dividing by it would remove the mean slope of the specimen's phase.
     */
    public static Light light(List<Grid2D> shots) {
        List<SmoothSurface> fits = fits(shots);
        List<Grid2D> own = fits.stream().map(SmoothSurface::values).toList();
        Grid2D mean = new Grid2D(own.getFirst().height(), own.getFirst().width());
        for (Grid2D surface : own)
            for (int i = 0; i < mean.values().length; i++) mean.values()[i] += surface.values()[i] / own.size();
        boolean common = own.stream().allMatch(surface -> difference(surface, mean) < ONE_LIGHT);
        return new Light(
                fits.getFirst().order,
                common,
                common ? own.stream().map(surface -> mean).toList() : own);
    }

    /** Root mean square of a / b - 1. */
    private static double difference(Grid2D a, Grid2D b) {
        return Math.sqrt(IntStream.range(0, a.values().length)
                .mapToDouble(i -> a.values()[i] / b.values()[i] - 1)
                .map(relative -> relative * relative)
                .average()
                .orElseThrow());
    }

    /**
     * Fits of one order for all pictures: the lowest order whose residual is hardly larger than that of any other
     * order.
     */
    private static List<SmoothSurface> fits(List<Grid2D> pictures) {
        List<List<SmoothSurface>> all = IntStream.rangeClosed(0, LARGEST_ORDER)
                .mapToObj(order -> pictures.stream()
                        .map(picture -> new SmoothSurface(picture, order))
                        .toList())
                .toList();
        double[] left = all.stream()
                .mapToDouble(fits -> fits.stream()
                        .mapToDouble(SmoothSurface::relativeDeviation)
                        .average()
                        .orElseThrow())
                .toArray();
        double least = Arrays.stream(left).min().orElseThrow();
        return IntStream.range(0, left.length)
                .filter(order -> left[order] <= WORTHWHILE * least)
                .mapToObj(all::get)
                .findFirst()
                .orElseThrow();
    }

    private double[] means(Grid2D picture) {
        int rows = Math.max(1, height / block);
        int columns = Math.max(1, width / block);
        double[] means = new double[rows * columns];
        for (int y = 0; y < rows * block; y++)
            for (int x = 0; x < columns * block; x++)
                means[y / block * columns + x / block] += picture.values()[y * width + x] / (block * block);
        return means;
    }

    /** Legendre polynomials up to an order at evenly spaced places in [-1, 1]: {@code [order][place]}. */
    private static double[][] legendre(int count, int order) {
        double[][] values = new double[order + 1][count];
        for (int i = 0; i < count; i++) {
            double t = count == 1 ? 0 : -1 + 2.0 * i / (count - 1);
            values[0][i] = 1;
            if (order > 0) values[1][i] = t;
            for (int n = 2; n <= order; n++)
                values[n][i] = ((2 * n - 1) * t * values[n - 1][i] - (n - 1) * values[n - 2][i]) / n;
        }
        return values;
    }

    private static double[][] averaged(double[][] values, int block) {
        int blocks = Math.max(1, values[0].length / block);
        double[][] averaged = new double[values.length][blocks];
        for (int n = 0; n < values.length; n++)
            for (int i = 0; i < blocks * block; i++) averaged[n][i / block] += values[n][i] / block;
        return averaged;
    }

    /** {@code [term][place]}: products whose orders sum up to the order at most. */
    private static double[][] products(int order, double[][] rows, double[][] columns) {
        double[][] products = new double[(order + 1) * (order + 2) / 2][rows[0].length * columns[0].length];
        int term = 0;
        for (int i = 0; i <= order; i++) {
            for (int j = 0; i + j <= order; j++, term++) {
                for (int place = 0; place < products[term].length; place++)
                    products[term][place] = rows[i][place / columns[0].length] * columns[j][place % columns[0].length];
            }
        }
        return products;
    }

    private double[] fitted() {
        double[] weights = new double[means.length];
        Arrays.fill(weights, 1);
        double[] solution = weighted(weights);
        double least = 1e-12 * Arrays.stream(means).map(Math::abs).max().orElse(1) + Double.MIN_NORMAL;
        for (int round = 1; round < ROUNDS; round++) {
            double[] residuals = residuals(solution);
            double scale = NORMAL * median(residuals) + least;
            for (int i = 0; i < weights.length; i++) {
                double far = residuals[i] / (BIWEIGHT * scale);
                weights[i] = round <= ABSOLUTE_ROUNDS
                        ? 1 / Math.max(Math.abs(residuals[i]), scale)
                        : far * far < 1 ? (1 - far * far) * (1 - far * far) : 0;
            }
            solution = weighted(weights);
        }
        return solution;
    }

    private double[] residuals(double[] solution) {
        double[] residuals = means.clone();
        for (int term = 0; term < basis.length; term++)
            for (int i = 0; i < residuals.length; i++) residuals[i] -= solution[term] * basis[term][i];
        return residuals;
    }

    private static double median(double[] values) {
        double[] sorted = Arrays.stream(values).map(Math::abs).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Weighted least squares by the normal equations, which Legendre polynomials keep well conditioned. */
    private double[] weighted(double[] weights) {
        int terms = basis.length;
        double[][] matrix = new double[terms][terms + 1];
        for (int a = 0; a < terms; a++) {
            for (int i = 0; i < means.length; i++) {
                double weighted = weights[i] * basis[a][i];
                for (int b = 0; b < terms; b++) matrix[a][b] += weighted * basis[b][i];
                matrix[a][terms] += weighted * means[i];
            }
        }
        for (int a = 1; a < terms; a++) matrix[a][a] += FLATNESS * matrix[0][0];
        for (int pivot = 0; pivot < terms; pivot++) {
            for (int row = 0; row < terms; row++) {
                if (row == pivot) continue;
                double factor = matrix[row][pivot] / matrix[pivot][pivot];
                for (int column = pivot; column <= terms; column++)
                    matrix[row][column] -= factor * matrix[pivot][column];
            }
        }
        return IntStream.range(0, terms)
                .mapToDouble(term -> matrix[term][terms] / matrix[term][term])
                .toArray();
    }

    /** Median deviation from the surface, relative to its mean. */
    private double relativeDeviation() {
        return median(residuals(coefficients)) / Math.abs(coefficients[0]);
    }

    /**
     * Products of Legendre polynomials of row and column, {@code [term][pixel]}.
     *
     * @param order highest sum of their orders
     */
    static double[][] polynomials(int order, int height, int width) {
        return products(order, legendre(height, order), legendre(width, order));
    }

    private Grid2D values() {
        double[][] terms = polynomials(order, height, width);
        Grid2D surface = new Grid2D(height, width);
        for (int term = 0; term < terms.length; term++)
            for (int i = 0; i < surface.values().length; i++)
                surface.values()[i] += coefficients[term] * terms[term][i];
        return surface;
    }
}
