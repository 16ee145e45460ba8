package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Diffuser;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Shutter;
import dev.nstm.tensor.Sizes;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The conventional reconstruction of a lensless photograph, which assumes that the scene does not move: accelerated
 * proximal gradient descent (FISTA) with total variation, for a scene without negative values,
 *
 * <pre>min over x &gt;= 0 of |W A x - y|^2 / 2 + w TV(x)</pre>
 *
 * with A the diffuser, W the number of moments for which each row is open (Beck and Teboulle, IEEE Trans. Image
 * Process. 18, 2419 (2009), whose dual gradient steps solve the inner problem).
 */
public final class LenslessSolver {
    private static final int INNER_STEPS = 8;

    private LenslessSolver() {}

    /**
     * @param iterations of the outer loop
     * @param variation w, relative to the largest value of the gradient at x = 0; 0 for none
     */
    public record Settings(int iterations, double variation) {
        public Settings {
            require(iterations >= 1, "at least one iteration is needed, got %d", iterations);
            require(variation >= 0, "the weight of the total variation cannot be negative, got %s", variation);
        }
    }

    /** The scene, one picture per colour; colours are solved for alone, on several threads. */
    public static List<Grid2D> solve(Diffuser diffuser, Shutter shutter, List<Grid2D> photograph, Settings settings) {
        require(
                photograph.size() == diffuser.colours(),
                "the photograph has %d colours but the point-spread function %d",
                photograph.size(),
                diffuser.colours());
        return IntStream.range(0, photograph.size())
                .parallel()
                .mapToObj(colour -> solve(diffuser, shutter, photograph.get(colour), colour, settings))
                .toList();
    }

    private static Grid2D solve(Diffuser diffuser, Shutter shutter, Grid2D photograph, int colour, Settings settings) {
        ComplexGrid transfer = diffuser.transfer(colour);
        double[] open = IntStream.of(shutter.openMoments()).asDoubleStream().toArray();
        double step = 1 / lipschitz(transfer, open);
        Grid2D x = new Grid2D(diffuser.sceneHeight(), diffuser.sceneWidth());
        Grid2D ahead = new Grid2D(x.height(), x.width());
        double[] dual = new double[Sizes.product("slopes of a scene", 2, x.values().length)];
        double weight = 0;
        double momentum = 1;
        for (int iteration = 0; iteration < settings.iterations; iteration++) {
            Grid2D residual = weighted(diffuser.image(ahead, transfer), open);
            for (int i = 0; i < residual.values().length; i++)
                residual.values()[i] -= photograph.values()[i];
            double[] gradient =
                    diffuser.adjoint(weighted(residual, open), transfer).values();
            if (iteration == 0)
                for (double value : gradient) weight = Math.max(weight, settings.variation * Math.abs(value));
            Grid2D next = new Grid2D(x.height(), x.width());
            for (int i = 0; i < gradient.length; i++) next.values()[i] = ahead.values()[i] - step * gradient[i];
            denoise(next, dual, step * weight);
            double later = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
            for (int i = 0; i < gradient.length; i++)
                ahead.values()[i] = next.values()[i] + (momentum - 1) / later * (next.values()[i] - x.values()[i]);
            momentum = later;
            x = next;
        }
        return x;
    }

    private static Grid2D weighted(Grid2D image, double[] open) {
        for (int i = 0; i < image.values().length; i++) image.values()[i] *= open[i / image.width()];
        return image;
    }

    private static double lipschitz(ComplexGrid transfer, double[] open) {
        double largest = 0;
        for (int i = 0; i < transfer.re().length; i++)
            largest = Math.max(largest, transfer.re()[i] * transfer.re()[i] + transfer.im()[i] * transfer.im()[i]);
        double longest = 0;
        for (double moments : open) longest = Math.max(longest, moments);
        return largest * longest * longest;
    }

    /**
     * Reduces the total variation of an image and removes negative values: projected gradient steps on the dual of min
     * over z of |z - x|^2 / 2 + w TV(z), starting from the dual of the previous call.
     *
     * @param dual row and column differences' multipliers
     */
    private static void denoise(Grid2D x, double[] dual, double weight) {
        int n = x.values().length;
        double[] given = x.values().clone();
        if (weight > 0) {
            for (int inner = 0; inner < INNER_STEPS; inner++) {
                apply(x, given, dual, weight);
                for (int i = 0; i < n; i++) {
                    double dy = i + x.width() < n ? x.values()[i] - x.values()[i + x.width()] : 0;
                    double dx = (i + 1) % x.width() != 0 ? x.values()[i] - x.values()[i + 1] : 0;
                    double py = dual[i] + dy / (8 * weight);
                    double px = dual[n + i] + dx / (8 * weight);
                    double norm = Math.max(1, Math.hypot(py, px));
                    dual[i] = py / norm;
                    dual[n + i] = px / norm;
                }
            }
        }
        apply(x, given, dual, weight);
    }

    /** x = max(given - weight div(dual), 0) with the differences' adjoint. */
    private static void apply(Grid2D x, double[] given, double[] dual, double weight) {
        int n = given.length;
        for (int i = 0; i < n; i++) {
            int column = i % x.width();
            double divergence = dual[i] + dual[n + i];
            if (i >= x.width()) divergence -= dual[i - x.width()];
            if (column > 0) divergence -= dual[n + i - 1];
            x.values()[i] = Math.max(0, given[i] - weight * divergence);
        }
    }
}
