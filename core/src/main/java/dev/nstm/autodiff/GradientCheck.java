package dev.nstm.autodiff;

import dev.nstm.device.Device;
import java.util.SplittableRandom;

/** Compares the gradient that a graph computes with finite differences, along a random direction. */
public final class GradientCheck {
    private GradientCheck() {}

    /**
     * Two values of the same directional derivative.
     *
     * @param numeric (loss(x + h d) - loss(x - h d)) / 2h
     * @param analytic gradient . d
     * @param scale typical size of a directional derivative, |gradient| |d| / sqrt(n), to judge the difference by
     */
    public record Result(double numeric, double analytic, double scale) {
        /** Difference relative to the derivative or to what is typical, whichever is larger. */
        public double error() {
            return Math.abs(numeric - analytic) / Math.max(1e-30, Math.max(Math.abs(analytic), scale));
        }
    }

    /**
     * @param parameter leaf whose gradient is checked; its value is unchanged afterwards
     * @param step h, relative to the typical size of the parameter's values
     */
    public static Result run(Device device, Graph graph, Leaf parameter, double step, long seed) {
        float[] x = device.read(parameter.value());
        float[] direction = new float[x.length];
        SplittableRandom random = new SplittableRandom(seed);
        double norm = 0;
        for (int i = 0; i < x.length; i++) {
            direction[i] = (float) random.nextGaussian();
            norm += (double) direction[i] * direction[i];
        }
        graph.forward();
        device.fill(parameter.gradient(), 0);
        graph.backward();
        float[] gradient = device.read(parameter.gradient());
        double analytic = 0;
        double size = 0;
        for (int i = 0; i < x.length; i++) {
            analytic += (double) gradient[i] * direction[i];
            size += (double) gradient[i] * gradient[i];
        }
        double numeric = (lossAt(device, graph, parameter, x, direction, step)
                        - lossAt(device, graph, parameter, x, direction, -step))
                / (2 * step);
        device.write(parameter.value(), x);
        return new Result(numeric, analytic, Math.sqrt(norm * size) / Math.sqrt(x.length));
    }

    private static double lossAt(
            Device device, Graph graph, Leaf parameter, float[] x, float[] direction, double step) {
        float[] moved = new float[x.length];
        for (int i = 0; i < x.length; i++) moved[i] = (float) (x[i] + step * direction[i]);
        device.write(parameter.value(), moved);
        return graph.forward();
    }
}
