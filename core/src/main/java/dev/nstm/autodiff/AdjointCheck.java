package dev.nstm.autodiff;

import dev.nstm.tensor.InvalidInputException;
import java.util.SplittableRandom;

/** Compares &lt;A x, y&gt; with &lt;x, A' y&gt; for random x and y. */
public final class AdjointCheck {
    /** Relative difference that rounding in single precision explains. */
    public static final double TOLERANCE = 1e-3;

    private AdjointCheck() {}

    /**
     * Two values of one number.
     *
     * @param forward &lt;A x, y&gt;
     * @param adjoint &lt;x, A' y&gt;
     * @param scale |A x| |y| / sqrt(n), the typical size of such a product of n random values, to judge the difference
     *     by
     */
    public record Result(double forward, double adjoint, double scale) {
        /** Difference relative to what the vectors' lengths allow. */
        public double error() {
            return Math.abs(forward - adjoint) / Math.max(1e-30, scale);
        }
    }

    public static Result run(LinearMap map, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[map.inputs()];
        float[] y = new float[map.outputs()];
        for (int i = 0; i < x.length; i++) x[i] = (float) random.nextGaussian();
        for (int i = 0; i < y.length; i++) y[i] = (float) random.nextGaussian();
        float[] ax = new float[y.length];
        float[] ay = new float[x.length];
        map.apply(x, ax);
        map.adjoint(y, ay);
        // A sum of n random products is about sqrt(n) times smaller than the product of the lengths.
        double scale = Math.sqrt(dot(ax, ax) * dot(y, y)) / Math.sqrt(y.length);
        return new Result(dot(ax, y), dot(x, ay), scale);
    }

    /**
     * Refuses an operator whose {@link LinearMap#adjoint} is not the adjoint of its {@link LinearMap#apply}.
     *
     * @param name of the operator, for the message
     */
    public static void demand(String name, LinearMap map) {
        Result result = run(map, 1);
        InvalidInputException.require(
                result.error() <= TOLERANCE,
                "the adjoint of %s is not its own: <Ax, y> = %.6g but <x, A'y> = %.6g",
                name,
                result.forward,
                result.adjoint);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (double) a[i] * b[i];
        return sum;
    }
}
