package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.BandOverlap;
import dev.nstm.optics.BandSeparation;
import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.ComplexGrid3D;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LinePattern;
import dev.nstm.optics.Modulation;
import dev.nstm.optics.RadialOtf;
import dev.nstm.optics.VolumeOptics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds angle and line spacing of a light pattern from its images alone. Where band 0 and the highest band show the same
 * frequencies of the specimen they differ by a shift: conj(band 0) times the band is a plane wave, whose frequency is
 * the peak of its spectrum. The peak is then refined between the samples of the spectrum by maximising the correlation
 * of the two bands' overlap.
 */
public final class PatternSearch {
    /** Patterns coarser than this share of the lateral cutoff are not sought: there the specimen itself correlates. */
    private static final double LEAST = 0.4;
    /** Band 0 is left out below this share of the lateral cutoff. */
    private static final double LOW = 0.25;
    /** Shifts whose overlap holds less than this share of the largest overlap's power are not trusted. */
    private static final double LEAST_OVERLAP = 1e-4;
    private static final int CANDIDATES = 12;
    private static final double FINEST_STEP = 1e-3;

    private PatternSearch() {}

    /**
     * @param images of one direction, one per phase
     * @param phases of the first order in each image, radians
     */
    public static LinePattern find(List<Grid3D> images, double[] phases, RadialOtf otf, VolumeOptics optics) {
        int order = otf.bands() - 1;
        require(order >= 1, "a pattern can only be found where the OTF has more than one band");
        ComplexGrid3D[] bands = new BandSeparation(phases, otf.bands()).separate(images);
        ComplexGrid3D central = Fourier.forward(bands[0]);
        ComplexGrid3D high = Fourier.forward(bands[order]);
        LinePattern pattern = coarse(central, high, order, otf, optics);
        // The overlap of where a refinement began weighs a little beside; from where it ended it does not.
        return refine(central, high, order, pattern, otf, optics);
    }

    /**
     * The shift k at which the overlaps of both bands correlate best, over all samples of the spectrum at once:
     * <pre>
     * sum conj(B_0(f) O_h(f - k)) B_h(f - k) O_0(f) / sqrt( sum |B_0(f) O_h(f - k)|^2  sum |B_h(f - k) O_0(f)|^2 ),
     * </pre>
     * where numerator and denominators are correlations over the lateral frequencies f, done by transforms on a grid
     * twice as wide, on which nothing wraps around. Low frequencies of band 0 are left out: out-of-focus light and
     * the borders' jump outweigh the specimen there. The best of these are refined, for the peak may lie between samples
     * that hold half its height, and judged again by the overlap as the reconstruction uses it.
     */
    private static LinePattern coarse(ComplexGrid3D central, ComplexGrid3D high, int order, RadialOtf otf, VolumeOptics optics) {
        int height = 2 * central.height();
        int width = 2 * central.width();
        ComplexGrid3D centralOtf = otf.expand(0, central.depth(), central.height(), central.width(), optics, 0, 0);
        ComplexGrid3D highOtf = otf.expand(order, central.depth(), central.height(), central.width(), optics, 0, 0);
        ComplexGrid3D varying = withoutLow(central, optics);
        ComplexGrid3D varyingOtf = withoutLow(centralOtf, optics);
        ComplexGrid cross = new ComplexGrid(height, width);
        ComplexGrid centralPower = new ComplexGrid(height, width);
        ComplexGrid highPower = new ComplexGrid(height, width);
        for (int z = 0; z < central.depth(); z++) {
            addProduct(cross, matched(varying, centralOtf, z, optics), matched(high, highOtf, z, optics));
            addProduct(centralPower, power(varying, z, optics), power(highOtf, z, optics));
            addProduct(highPower, power(varyingOtf, z, optics), power(high, z, optics));
        }
        ComplexGrid correlation = Fourier.forward(cross);
        ComplexGrid first = Fourier.forward(centralPower);
        ComplexGrid second = Fourier.forward(highPower);
        double enough = 0;
        for (int i = 0; i < height * width; i++) enough = Math.max(enough, first.re()[i] * second.re()[i]);
        enough *= LEAST_OVERLAP;
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < height * width; i++) {
            // The grid is twice as wide in frequency, so its samples in space are half as far apart.
            double fx = Grid2D.frequency(i % width, width, optics.pixelSize() / 2);
            double fy = Grid2D.frequency(i / width, height, optics.pixelSize() / 2);
            double size = first.re()[i] * second.re()[i];
            if (Math.hypot(fx, fy) < LEAST * optics.lateralCutoff() || size < enough) continue;
            candidates.add(new Candidate(-fx, -fy, Math.hypot(correlation.re()[i], correlation.im()[i]) / Math.sqrt(size)));
        }
        require(!candidates.isEmpty(), "the images show no pattern: no frequency of band %d stands out", order);
        return candidates.stream().sorted(Comparator.comparingDouble(Candidate::score).reversed()).limit(CANDIDATES)
                .map(candidate -> refine(central, high, order, pattern(candidate.kx, candidate.ky, order), otf, optics))
                .max(Comparator.comparingDouble(pattern -> Modulation.of(BandOverlap.of(central, high, order, pattern, otf, optics), order, 0, 0).correlation())).orElseThrow();
    }

    private record Candidate(double kx, double ky, double score) {}

    private static ComplexGrid3D withoutLow(ComplexGrid3D spectrum, VolumeOptics optics) {
        ComplexGrid3D copy = new ComplexGrid3D(spectrum.depth(), spectrum.height(), spectrum.width(), spectrum.re().clone(), spectrum.im().clone());
        for (int i = 0; i < copy.re().length; i++) {
            double fx = Grid2D.frequency(i % spectrum.width(), spectrum.width(), optics.pixelSize());
            double fy = Grid2D.frequency(i / spectrum.width() % spectrum.height(), spectrum.height(), optics.pixelSize());
            if (Math.hypot(fx, fy) >= LOW * optics.lateralCutoff()) continue;
            copy.re()[i] = 0;
            copy.im()[i] = 0;
        }
        return copy;
    }

    /** sum += conj(a) b. */
    private static void addProduct(ComplexGrid sum, ComplexGrid a, ComplexGrid b) {
        for (int i = 0; i < sum.re().length; i++) {
            sum.re()[i] += a.re()[i] * b.re()[i] + a.im()[i] * b.im()[i];
            sum.im()[i] += a.re()[i] * b.im()[i] - a.im()[i] * b.re()[i];
        }
    }

    /** IFFT of a plane of spectrum times conj(OTF). */
    private static ComplexGrid matched(ComplexGrid3D spectrum, ComplexGrid3D otf, int z, VolumeOptics optics) {
        return widened(spectrum, z, optics, (wide, to, from) -> {
            wide.re()[to] = spectrum.re()[from] * otf.re()[from] + spectrum.im()[from] * otf.im()[from];
            wide.im()[to] = spectrum.im()[from] * otf.re()[from] - spectrum.re()[from] * otf.im()[from];
        });
    }

    /** IFFT of a plane of squared magnitudes. */
    private static ComplexGrid power(ComplexGrid3D spectrum, int z, VolumeOptics optics) {
        return widened(spectrum, z, optics, (wide, to, from) -> wide.re()[to] = spectrum.power(from));
    }

    private interface Filling {
        void fill(ComplexGrid wide, int to, int from);
    }

    /** A plane inside the lateral cutoff on a grid twice as wide, in real space. */
    private static ComplexGrid widened(ComplexGrid3D spectrum, int z, VolumeOptics optics, Filling filling) {
        int height = spectrum.height();
        int width = spectrum.width();
        ComplexGrid wide = new ComplexGrid(2 * height, 2 * width);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double fx = Grid2D.frequency(x, width, optics.pixelSize());
                double fy = Grid2D.frequency(y, height, optics.pixelSize());
                if (Math.hypot(fx, fy) > optics.lateralCutoff()) continue;
                int row = fy < 0 ? height + y : y;
                int column = fx < 0 ? width + x : x;
                filling.fill(wide, row * 2 * width + column, (z * height + y) * width + x);
            }
        }
        return Fourier.inverse(wide);
    }

    private static LinePattern pattern(double kx, double ky, int order) {
        return new LinePattern(Math.atan2(ky, kx), order / Math.hypot(kx, ky));
    }

    /** Maximises |sum conj(central) shifted exp(2 pi i d.r)| over the correction d, halving the step where nothing gains. */
    private static LinePattern refine(ComplexGrid3D central, ComplexGrid3D high, int order, LinePattern pattern, RadialOtf otf, VolumeOptics optics) {
        BandOverlap overlap = BandOverlap.of(central, high, order, pattern, otf, optics);
        int height = overlap.central().height();
        int width = overlap.central().width();
        ComplexGrid product = new ComplexGrid(height, width);
        ComplexGrid3D a = overlap.central();
        ComplexGrid3D b = overlap.shifted();
        for (int i = 0; i < a.re().length; i++) {
            product.re()[i % (height * width)] += a.re()[i] * b.re()[i] + a.im()[i] * b.im()[i];
            product.im()[i % (height * width)] += a.re()[i] * b.im()[i] - a.im()[i] * b.re()[i];
        }
        double unitX = 1 / (width * optics.pixelSize());
        double unitY = 1 / (height * optics.pixelSize());
        double x = 0;
        double y = 0;
        double best = strength(product, 0, 0);
        for (double step = 0.5; step > FINEST_STEP; ) {
            double[][] candidates = {{x - step, y}, {x + step, y}, {x, y - step}, {x, y + step}};
            double before = best;
            for (double[] candidate : candidates) {
                double strength = strength(product, candidate[0], candidate[1]);
                if (strength > best) {
                    best = strength;
                    x = candidate[0];
                    y = candidate[1];
                }
            }
            if (best == before) step /= 2;
        }
        return pattern(order * pattern.kx() + x * unitX, order * pattern.ky() + y * unitY, order);
    }

    /** |sum product exp(2 pi i d.r)|, d in samples of the spectrum. */
    private static double strength(ComplexGrid product, double dx, double dy) {
        double re = 0;
        double im = 0;
        int height = product.height();
        int width = product.width();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double angle = 2 * Math.PI * (dx * x / width + dy * y / height);
                double cos = Math.cos(angle);
                double sin = Math.sin(angle);
                int i = y * width + x;
                re += product.re()[i] * cos - product.im()[i] * sin;
                im += product.re()[i] * sin + product.im()[i] * cos;
            }
        }
        return Math.hypot(re, im);
    }
}
