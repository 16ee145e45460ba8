package dev.nstm.simulate;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Diffuser;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Shutter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;

/** Photographs that a lensless camera would take, and a point-spread function for it. */
public final class LenslessImaging {
    private static final int RAYS = 6;
    private static final double SMOOTHEST = 0.035;
    private static final double SPREAD = 0.16;

    private LenslessImaging() {}

    /**
     * A caustic: rays through a smooth random phase plate, counted on the sensor. All colours take the same paths.
     *
     * @param colours how many; each sums to 1
     */
    public static List<Grid2D> caustic(int height, int width, int colours, SplittableRandom random) {
        Grid2D slopeY = new Grid2D(height, width);
        Grid2D slopeX = new Grid2D(height, width);
        slopes(slopeY, slopeX, random);
        Grid2D psf = new Grid2D(height, width);
        // Half the sensor is lit, so that every point of the scene reaches it whole.
        for (int ray = 0; ray < height * width * RAYS * RAYS / 4; ray++) {
            double y = height * (0.25 + 0.5 * random.nextDouble());
            double x = width * (0.25 + 0.5 * random.nextDouble());
            int at = (int) y * width + (int) x;
            int row = (int) Math.floor(y + slopeY.values()[at]);
            int column = (int) Math.floor(x + slopeX.values()[at]);
            if (row >= 0 && row < height && column >= 0 && column < width) psf.values()[row * width + column]++;
        }
        double sum = psf.sum();
        for (int i = 0; i < psf.values().length; i++) psf.values()[i] /= sum;
        List<Grid2D> all = new ArrayList<>();
        for (int c = 0; c < colours; c++)
            all.add(new Grid2D(height, width, psf.values().clone()));
        return all;
    }

    /** Derivatives of a band-limited random surface, scaled to deflect by a share of the sensor. */
    private static void slopes(Grid2D slopeY, Grid2D slopeX, SplittableRandom random) {
        int height = slopeY.height();
        int width = slopeY.width();
        ComplexGrid y = new ComplexGrid(height, width);
        ComplexGrid x = new ComplexGrid(height, width);
        for (int i = 0; i < height * width; i++) {
            double fy = Grid2D.frequency(i / width, height, 1);
            double fx = Grid2D.frequency(i % width, width, 1);
            double amplitude = Math.exp(-(fy * fy + fx * fx) / (2 * SMOOTHEST * SMOOTHEST));
            double re = amplitude * random.nextGaussian();
            double im = amplitude * random.nextGaussian();
            y.re()[i] = -fy * im;
            y.im()[i] = fy * re;
            x.re()[i] = -fx * im;
            x.im()[i] = fx * re;
        }
        double[] dy = Fourier.inverse(y).re();
        double[] dx = Fourier.inverse(x).re();
        double square = 0;
        for (int i = 0; i < dy.length; i++) square += (dy[i] * dy[i] + dx[i] * dx[i]) / (2 * dy.length);
        double scale = SPREAD * Math.min(height, width) / 2 / Math.sqrt(square);
        for (int i = 0; i < dy.length; i++) {
            slopeY.values()[i] = scale * dy[i];
            slopeX.values()[i] = scale * dx[i];
        }
    }

    /** One picture per colour, without noise: for every row, the sum over the moments at which it is open. */
    public static List<Grid2D> photograph(DoubleFunction<List<Grid2D>> scene, Diffuser diffuser, Shutter shutter) {
        List<Grid2D> photograph = new ArrayList<>();
        List<ComplexGrid> transfers = new ArrayList<>();
        for (int colour = 0; colour < diffuser.colours(); colour++) {
            photograph.add(new Grid2D(diffuser.height(), diffuser.width()));
            transfers.add(diffuser.transfer(colour));
        }
        for (int moment = 0; moment < shutter.moments(); moment++) {
            List<Grid2D> colours = scene.apply(shutter.time(moment));
            for (int colour = 0; colour < colours.size(); colour++) {
                double[] seen = diffuser.image(colours.get(colour), transfers.get(colour))
                        .values();
                double[] sum = photograph.get(colour).values();
                for (Shutter.Run run : shutter.open(moment)) {
                    for (int i = run.first() * diffuser.width();
                            i < (run.first() + run.count()) * diffuser.width();
                            i++) sum[i] += seen[i];
                }
            }
        }
        return photograph;
    }
}
