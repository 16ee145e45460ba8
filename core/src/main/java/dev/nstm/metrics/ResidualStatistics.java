package dev.nstm.metrics;

import dev.nstm.optics.Grid2D;
import java.util.List;

/**
 * What a model leaves of a shot, in figures: of white noise the rest is as large as its noise, its neighbours are not
 * alike, and hardly any of it is slow.
 *
 * @param signal standard deviation of the shot
 * @param rest root mean square of what is left
 * @param inside the same without a tenth of the shorter side at every border
 * @param noise standard deviation of the noise in what is left, estimated from second differences of neighbours
 *     (Immerkaer, Comput. Vis. Image Underst. 64, 300 (1996))
 * @param correlation of what is left with itself a pixel further, along rows and columns together
 * @param slow share of the power of what is left that surfaces of third degree explain
 */
public record ResidualStatistics(
        double signal, double rest, double inside, double noise, double correlation, double slow) {
    /** Highest sum of the powers of row and column in what counts as slow. */
    private static final int DEGREE = 3;
    /** Share of the shorter side that counts as border. */
    private static final double BORDER = 0.1;

    /**
     * @param measured planes of the shot, without pixels that are not compared
     * @param left planes of what is left of it
     */
    public static ResidualStatistics of(List<Grid2D> measured, List<Grid2D> left) {
        double sum = 0;
        double squares = 0;
        double rest = 0;
        double inside = 0;
        double curvature = 0;
        double neighbours = 0;
        double slow = 0;
        long pixels = 0;
        long inner = 0;
        long curved = 0;
        long pairs = 0;
        for (int plane = 0; plane < left.size(); plane++) {
            Grid2D d = left.get(plane);
            int height = d.height();
            int width = d.width();
            int border = (int) (BORDER * Math.min(height, width));
            inner += (height - 2L * border) * (width - 2L * border);
            pixels += (long) height * width;
            curved += Math.max(0, (height - 2L) * (width - 2L));
            pairs += (height - 1L) * width + height * (width - 1L);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    double shot = measured.get(plane).get(y, x);
                    double value = d.get(y, x);
                    sum += shot;
                    squares += shot * shot;
                    rest += value * value;
                    if (y >= border && y < height - border && x >= border && x < width - border)
                        inside += value * value;
                    if (x > 0) neighbours += value * d.get(y, x - 1);
                    if (y > 0) neighbours += value * d.get(y - 1, x);
                    if (x > 0 && y > 0 && x < width - 1 && y < height - 1) curvature += Math.abs(curvature(d, y, x));
                }
            }
            slow += Surfaces.explained(d.values(), DEGREE, height, width);
        }
        double power = rest / pixels;
        return new ResidualStatistics(
                Math.sqrt(Math.max(0, squares / pixels - Math.pow(sum / pixels, 2))),
                Math.sqrt(power),
                Math.sqrt(inside / inner),
                curved > 0 ? Math.sqrt(Math.PI / 2) / 6 * curvature / curved : 0,
                power > 0 ? neighbours / pairs / power : 0,
                rest > 0 ? slow / rest : 0);
    }

    private static double curvature(Grid2D d, int y, int x) {
        return d.get(y - 1, x - 1)
                - 2 * d.get(y - 1, x)
                + d.get(y - 1, x + 1)
                - 2 * d.get(y, x - 1)
                + 4 * d.get(y, x)
                - 2 * d.get(y, x + 1)
                + d.get(y + 1, x - 1)
                - 2 * d.get(y + 1, x)
                + d.get(y + 1, x + 1);
    }
}
