package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.EdgeTaper;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.WeakObjectTransfer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Shifts of the specimen from shot to shot, as those that let one unmoving specimen explain the shots best. Shots in
 * light from different sides do not look alike, so they are not compared with each other but with what absorption and
 * phase can explain of them together: at every frequency, with the shots b and their transfer functions A,
 *
 * <pre>b'A (A'A + r)^-1 A'b = sum over shots j, k of conj(b_j) M_jk b_k,</pre>
 *
 * in which a shift turns the phases of b. The sum over the frequencies is a sum of correlations of pairs of shots, each
 * a function of the difference of their shifts.
 */
public final class ShotRegistration {
    private static final double REGULARISATION = 1e-4;
    /** Share of the shorter side over which opposite borders are brought together. */
    private static final double TAPER = 0.1;
    /** Largest shift that is sought, as a share of the field. */
    private static final double REACH = 0.25;

    /** Fewer are explained by absorption and phase wherever they are shifted. */
    public static final int FEWEST_SHOTS = 3;

    /** More have too many pairs. */
    public static final int MOST_SHOTS = 12;

    /** Values of all pairs' correlations together. */
    private static final double MOST_PRODUCTS = 2e6;

    private static final int ROUNDS = 8;
    private static final double FINEST = 1 / 64.0;

    private final int height;
    private final int width;
    private final int shots;
    /** Correlation of shots j and k, j below k, over the difference of their shifts. */
    private final double[][][] correlations;

    private final ComplexGrid[][] products;

    /** @param products spectra of the correlations of shots j and k, j below k */
    private ShotRegistration(ComplexGrid[][] products) {
        this.products = products;
        shots = products.length;
        height = products[0][1].height();
        width = products[0][1].width();
        correlations = new double[shots][shots][];
        for (int j = 0; j < shots; j++)
            for (int k = j + 1; k < shots; k++)
                correlations[j][k] = Fourier.inverse(products[j][k]).re();
    }

    private static ComplexGrid[][] empty(List<ComplexGrid> spectra) {
        int shots = spectra.size();
        ComplexGrid first = spectra.getFirst();
        ComplexGrid[][] products = new ComplexGrid[shots][shots];
        for (int j = 0; j < shots; j++)
            for (int k = j + 1; k < shots; k++) products[j][k] = new ComplexGrid(first.height(), first.width());
        return products;
    }

    /**
     * @param spectra of the shots
     * @param transfers of their lights
     */
    private static ShotRegistration inDifferentLight(List<ComplexGrid> spectra, List<WeakObjectTransfer> transfers) {
        ComplexGrid[][] products = empty(spectra);
        WeakObjectEquations equations = new WeakObjectEquations(spectra, transfers, REGULARISATION, REGULARISATION);
        for (int i = 1; i < products[0][1].re().length; i++) {
            equations.at(i);
            for (int j = 0; j < spectra.size(); j++)
                for (int k = j + 1; k < spectra.size(); k++) equations.correlate(j, k, products[j][k], i);
        }
        return new ShotRegistration(products);
    }

    /**
     * Pictures of one look: their phases at every frequency count, by the amplitude that they have in common, so that
     * fine structure counts beside what is large.
     */
    private static ShotRegistration alike(List<ComplexGrid> spectra) {
        ComplexGrid[][] products = empty(spectra);
        for (int j = 0; j < spectra.size(); j++) {
            for (int k = j + 1; k < spectra.size(); k++) {
                ComplexGrid a = spectra.get(j);
                ComplexGrid b = spectra.get(k);
                ComplexGrid product = products[j][k];
                for (int i = 1; i < product.re().length; i++) {
                    double re = a.re()[i] * b.re()[i] + a.im()[i] * b.im()[i];
                    double im = a.re()[i] * b.im()[i] - a.im()[i] * b.re()[i];
                    double scale = Math.sqrt(Math.hypot(re, im));
                    if (scale == 0) continue;
                    product.re()[i] = re / scale;
                    product.im()[i] = im / scale;
                }
            }
        }
        return new ShotRegistration(products);
    }

    /** Whether so many shots can be registered. */
    public static boolean canRegister(int shots) {
        return shots >= FEWEST_SHOTS && shots <= MOST_SHOTS;
    }

    /**
     * Displacement of the specimen in every shot since the first, {@code [shot][row, column]} in pixels: what is seen
     * at p in the first shot is seen at p + displacement in that shot. Of large pictures the low frequencies tell it.
     *
     * @param images relative deviations from the background, from {@link #FEWEST_SHOTS} to {@link #MOST_SHOTS}
     * @param transfers of their lights
     */
    public static double[][] displacements(List<Grid2D> images, List<WeakObjectTransfer> transfers) {
        require(
                canRegister(images.size()) && images.size() == transfers.size(),
                "from %d to %d shots with as many lights can be registered, got %d and %d",
                FEWEST_SHOTS,
                MOST_SHOTS,
                images.size(),
                transfers.size());
        int[] size = size(images);
        List<WeakObjectTransfer> lights = transfers.stream()
                .map(light -> new WeakObjectTransfer(
                        light.absorption().lowFrequencies(size[0], size[1], 1),
                        light.phase().lowFrequencies(size[0], size[1], 1)))
                .toList();
        return inPixels(inDifferentLight(spectra(images, size), lights), images, size);
    }

    /**
     * The same of pictures that look alike, such as those of a fluorescent specimen.
     *
     * @param pictures from two to {@link #MOST_SHOTS}, of one size
     */
    public static double[][] displacementsOfAlike(List<Grid2D> pictures) {
        require(
                pictures.size() >= 2 && pictures.size() <= MOST_SHOTS,
                "from 2 to %d pictures can be registered, got %d",
                MOST_SHOTS,
                pictures.size());
        int[] size = size(pictures);
        return inPixels(alike(spectra(pictures, size)), pictures, size);
    }

    /** Rows and columns of spectra that are not too large for all pairs. */
    private static int[] size(List<Grid2D> images) {
        int height = images.getFirst().height();
        int width = images.getFirst().width();
        int pairs = images.size() * (images.size() - 1) / 2;
        double reduction = Math.max(1, Math.sqrt((double) height * width * pairs / MOST_PRODUCTS));
        return new int[] {(int) (height / reduction), (int) (width / reduction)};
    }

    private static List<ComplexGrid> spectra(List<Grid2D> images, int[] size) {
        Grid2D first = images.getFirst();
        int taper = Math.max(1, (int) (TAPER * Math.min(first.height(), first.width())));
        return images.stream()
                .map(image -> Fourier.forward(EdgeTaper.apply(image, taper)).lowFrequencies(size[0], size[1], 1))
                .toList();
    }

    private static double[][] inPixels(ShotRegistration registration, List<Grid2D> images, int[] size) {
        double[][] shifts = registration.search();
        for (double[] shift : shifts) {
            shift[0] *= (double) images.getFirst().height() / size[0];
            shift[1] *= (double) images.getFirst().width() / size[1];
        }
        return shifts;
    }

    /**
     * Spectra of the shots as if the specimen had stayed where it was in the first: moved back by the displacements,
     * periodically.
     */
    public static List<ComplexGrid> registered(List<Grid2D> images, double[][] displacements) {
        List<ComplexGrid> registered = new ArrayList<>();
        for (int shot = 0; shot < images.size(); shot++)
            registered.add(movedSpectrum(images.get(shot), -displacements[shot][0], -displacements[shot][1]));
        return registered;
    }

    /** A picture whose contents have moved by so many rows and columns, periodically. */
    public static Grid2D moved(Grid2D picture, double rows, double columns) {
        return Fourier.inverse(movedSpectrum(picture, rows, columns)).real();
    }

    private static ComplexGrid movedSpectrum(Grid2D picture, double rows, double columns) {
        ComplexGrid spectrum = Fourier.forward(picture);
        for (int i = 0; i < spectrum.re().length; i++) {
            double angle = -2
                    * Math.PI
                    * (Grid2D.frequency(i / picture.width(), picture.height(), 1) * rows
                            + Grid2D.frequency(i % picture.width(), picture.width(), 1) * columns);
            double re = spectrum.re()[i];
            double im = spectrum.im()[i];
            spectrum.re()[i] = re * Math.cos(angle) - im * Math.sin(angle);
            spectrum.im()[i] = re * Math.sin(angle) + im * Math.cos(angle);
        }
        return spectrum;
    }

    private double[][] search() {
        int[][] unmoving = improved(new int[shots][2]);
        int[][] drifting = improved(drift());
        int[][] whole = value(drifting) > value(unmoving) ? drifting : unmoving;
        double[][] shifts = Arrays.stream(whole)
                .map(shift -> new double[] {shift[0], shift[1]})
                .toArray(double[][]::new);
        double value = explained(shifts);
        for (double step = 0.5; step >= FINEST; step /= 2) {
            boolean better = true;
            while (better) {
                better = false;
                for (int parameter = 2; parameter < 2 * shots; parameter++) {
                    for (int sign = -1; sign <= 1; sign += 2) {
                        shifts[parameter / 2][parameter % 2] += sign * step;
                        double other = explained(shifts);
                        if (other > value) {
                            value = other;
                            better = true;
                            break;
                        }
                        shifts[parameter / 2][parameter % 2] -= sign * step;
                    }
                }
            }
        }
        return shifts;
    }

    /** The drift by the same way from every shot to the next that suits the shots best. */
    private int[][] drift() {
        int[][] best = new int[shots][2];
        double largest = value(best);
        int rows = (int) (REACH * height);
        int columns = (int) (REACH * width);
        for (int y = -rows; y <= rows; y++) {
            for (int x = -columns; x <= columns; x++) {
                int[][] drift = new int[shots][2];
                for (int shot = 1; shot < shots; shot++)
                    drift[shot] = new int[] {
                        Math.round((float) shot * y / (shots - 1)), Math.round((float) shot * x / (shots - 1))
                    };
                double value = value(drift);
                if (value <= largest) continue;
                largest = value;
                best = drift;
            }
        }
        return best;
    }

    /** Shifts that are changed one after another until none wants to change. */
    private int[][] improved(int[][] start) {
        int[][] whole = Arrays.stream(start).map(int[]::clone).toArray(int[][]::new);
        for (int round = 0; round < ROUNDS; round++) {
            int[][] before = Arrays.stream(whole).map(int[]::clone).toArray(int[][]::new);
            for (int shot = 1; shot < shots; shot++) whole[shot] = best(shot, whole);
            if (Arrays.deepEquals(before, whole)) break;
        }
        return whole;
    }

    private double value(int[][] shifts) {
        double sum = 0;
        for (int j = 0; j < shots; j++)
            for (int k = j + 1; k < shots; k++)
                sum += correlation(j, k, shifts[k][0] - shifts[j][0], shifts[k][1] - shifts[j][1]);
        return sum;
    }

    /** The whole shift of one shot that suits those of all others best. */
    private int[] best(int shot, int[][] shifts) {
        int[] best = shifts[shot];
        double largest = Double.NEGATIVE_INFINITY;
        int rows = (int) (REACH * height);
        int columns = (int) (REACH * width);
        for (int y = -rows; y <= rows; y++) {
            for (int x = -columns; x <= columns; x++) {
                double sum = 0;
                for (int other = 0; other < shots; other++) {
                    if (other < shot) sum += correlation(other, shot, y - shifts[other][0], x - shifts[other][1]);
                    if (other > shot) sum += correlation(shot, other, shifts[other][0] - y, shifts[other][1] - x);
                }
                if (sum > largest) {
                    largest = sum;
                    best = new int[] {y, x};
                }
            }
        }
        return best;
    }

    private double correlation(int j, int k, int rows, int columns) {
        return correlations[j][k][Math.floorMod(rows, height) * width + Math.floorMod(columns, width)];
    }

    /** What depends on the shifts of what is explained, for shifts between the pixels too. */
    private double explained(double[][] shifts) {
        double sum = 0;
        for (int j = 0; j < shots; j++)
            for (int k = j + 1; k < shots; k++)
                sum += between(j, k, shifts[k][0] - shifts[j][0], shifts[k][1] - shifts[j][1]);
        return sum;
    }

    /** The correlation between its samples: a sum over the frequencies, rows first. */
    private double between(int j, int k, double rows, double columns) {
        ComplexGrid product = products[j][k];
        double[] cos = new double[width];
        double[] sin = new double[width];
        for (int x = 0; x < width; x++) {
            double angle = 2 * Math.PI * Grid2D.frequency(x, width, 1) * columns;
            cos[x] = Math.cos(angle);
            sin[x] = Math.sin(angle);
        }
        double sum = 0;
        for (int y = 0; y < height; y++) {
            double re = 0;
            double im = 0;
            for (int x = 0; x < width; x++) {
                int i = y * width + x;
                re += product.re()[i] * cos[x] - product.im()[i] * sin[x];
                im += product.re()[i] * sin[x] + product.im()[i] * cos[x];
            }
            double angle = 2 * Math.PI * Grid2D.frequency(y, height, 1) * rows;
            sum += re * Math.cos(angle) - im * Math.sin(angle);
        }
        return sum;
    }
}
