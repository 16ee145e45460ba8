package dev.nstm.simulate;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a microscope with partially coherent light sees of an object of any strength (Abbe's method; Born and Wolf,
 * Principles of Optics, 10.5): every point of the source lights the object with a plane wave of its own, and the
 * intensities of their images add up,
 *
 * <pre>I(r) = sum over s of S(s) |IFFT(O(f + s) P(f))|^2,  O = FFT(exp(-absorption + i phase)).</pre>
 *
 * No weak-object formula enters.
 */
public final class AbbeImaging {
    /**
     * Largest number of source points that are used; of finer sources, every second point along each axis is used, or
     * every fourth, and so on.
     */
    public static final int MOST_POINTS = 2000;
    /** Sums of so many parts are added in a fixed order, whatever the number of threads. */
    private static final int PARTS = 16;

    private AbbeImaging() {}

    /**
     * The picture as relative deviation from the background: I / (sum of S |P|^2) - 1.
     *
     * @param absorption of the amplitude, positive where light is lost
     * @param phase in radians
     * @param source intensity over the pupil plane, zero frequency first
     * @param pupil of the objective on the same grid
     */
    public static Grid2D picture(Grid2D absorption, Grid2D phase, Grid2D source, ComplexGrid pupil) {
        int height = absorption.height();
        int width = absorption.width();
        require(
                source.height() == height
                        && source.width() == width
                        && pupil.height() == height
                        && pupil.width() == width,
                "object, source and pupil need one size, got %s, %s and %s",
                absorption.size(),
                source.size(),
                pupil.height() + "x" + pupil.width());
        ComplexGrid object = new ComplexGrid(height, width);
        for (int i = 0; i < object.re().length; i++) {
            double amplitude = Math.exp(-absorption.values()[i]);
            object.re()[i] = amplitude * Math.cos(phase.values()[i]);
            object.im()[i] = amplitude * Math.sin(phase.values()[i]);
        }
        ComplexGrid spectrum = Fourier.forward(object);
        List<Integer> points = points(source);
        double background = 0;
        for (int point : points)
            background += source.values()[point]
                    * (pupil.re()[point] * pupil.re()[point] + pupil.im()[point] * pupil.im()[point]);
        require(background > 0, "no light of the source passes the pupil");
        List<Grid2D> parts = IntStream.range(0, PARTS)
                .parallel()
                .mapToObj(part -> {
                    Grid2D sum = new Grid2D(height, width);
                    for (int i = part; i < points.size(); i += PARTS)
                        add(sum, spectrum, pupil, points.get(i), source.values()[points.get(i)]);
                    return sum;
                })
                .toList();
        Grid2D picture = new Grid2D(height, width);
        for (int i = 0; i < picture.values().length; i++) {
            for (Grid2D part : parts) picture.values()[i] += part.values()[i] / background;
            picture.values()[i] -= 1;
        }
        return picture;
    }

    /** Indices of the source's points, thinned out symmetrically about the axis: at odd multiples of half the step. */
    private static List<Integer> points(Grid2D source) {
        List<Integer> points = thinned(source, 1);
        for (int step = 2; points.size() > MOST_POINTS; step += 2) points = thinned(source, step);
        return points;
    }

    private static List<Integer> thinned(Grid2D source, int step) {
        List<Integer> points = new ArrayList<>();
        for (int i = 0; i < source.values().length; i++) {
            int row = Grid2D.wrapped(i / source.width(), source.height());
            int column = Grid2D.wrapped(i % source.width(), source.width());
            if (source.values()[i] > 0
                    && Math.floorMod(row, step) == step / 2
                    && Math.floorMod(column, step) == step / 2) points.add(i);
        }
        return points;
    }

    /** The image in the light of one point of the source. */
    private static void add(Grid2D sum, ComplexGrid spectrum, ComplexGrid pupil, int point, double intensity) {
        int height = sum.height();
        int width = sum.width();
        ComplexGrid passed = new ComplexGrid(height, width);
        for (int y = 0; y < height; y++) {
            int row = (y + point / width) % height * width;
            for (int x = 0; x < width; x++) {
                double re = pupil.re()[y * width + x];
                double im = pupil.im()[y * width + x];
                if (re == 0 && im == 0) continue;
                int from = row + (x + point % width) % width;
                passed.re()[y * width + x] = re * spectrum.re()[from] - im * spectrum.im()[from];
                passed.im()[y * width + x] = re * spectrum.im()[from] + im * spectrum.re()[from];
            }
        }
        ComplexGrid field = Fourier.inverse(passed);
        for (int i = 0; i < sum.values().length; i++)
            sum.values()[i] += intensity * (field.re()[i] * field.re()[i] + field.im()[i] * field.im()[i]);
    }
}
