package dev.nstm.imaging;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Apodization;
import dev.nstm.optics.BandSeparation;
import dev.nstm.optics.ComplexGrid3D;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.LightPattern;
import dev.nstm.optics.NotchFilter;
import dev.nstm.optics.VolumeOptics;
import java.util.Arrays;
import java.util.List;

/**
 * Conventional structured-illumination reconstruction of a specimen that does not move: the generalised Wiener filter
 * (Gustafsson et al., Biophys. J. 94, 4957 (2008), eq. 17) over the bands D_b of all directions and signed orders, each
 * moved to its place in frequency,
 *
 * <pre>S(f) = apodisation(f) sum over b of g_b conj(O_b(f)) D_b(f) / (sum over b of g_b |O_b(f)|^2 + w),</pre>
 *
 * with g_b a notch at the centre of the band.
 */
public final class WienerSim {
    private WienerSim() {}

    /**
     * @param weight w, relative to the largest |O_b|^2
     * @param notchDepth depth of the notch, 0 (none) to below 1
     * @param notchWidth its width as a share of the cutoff
     */
    public record Settings(double weight, double notchDepth, double notchWidth) {
        public Settings {
            require(weight > 0, "the Wiener weight must be positive, got %s", weight);
            require(notchDepth >= 0 && notchDepth < 1, "the notch depth lies between 0 and 1, got %s", notchDepth);
            require(notchWidth > 0, "the notch width must be positive, got %s", notchWidth);
        }
    }

    /**
     * Volumes are continued by their mirror image along the axis: filtered as they are, their last plane would be taken
     * for the neighbour of the first.
     *
     * @param images {@code [direction][phase]}
     */
    public static Grid3D solve(SimInstrument instrument, List<List<Grid3D>> images, Settings settings) {
        Grid3D first = images.getFirst().getFirst();
        if (first.depth() == 1) return solvePeriodic(instrument, images, settings);
        List<List<Grid3D>> mirrored = images.stream()
                .map(direction -> direction.stream().map(WienerSim::mirrored).toList())
                .toList();
        double[] solution = solvePeriodic(instrument, mirrored, settings).values();
        return new Grid3D(first.depth(), first.height(), first.width(), Arrays.copyOf(solution, first.values().length));
    }

    private static Grid3D mirrored(Grid3D volume) {
        int plane = volume.height() * volume.width();
        Grid3D twice = new Grid3D(2 * volume.depth(), volume.height(), volume.width());
        for (int z = 0; z < twice.depth(); z++) {
            System.arraycopy(
                    volume.values(), Math.min(z, twice.depth() - 1 - z) * plane, twice.values(), z * plane, plane);
        }
        return twice;
    }

    private static Grid3D solvePeriodic(SimInstrument instrument, List<List<Grid3D>> images, Settings settings) {
        Grid3D first = images.getFirst().getFirst();
        int depth = first.depth();
        int height = first.height();
        int width = first.width();
        VolumeOptics optics = instrument.optics();
        ComplexGrid3D sum = new ComplexGrid3D(depth, height, width);
        double[] power = new double[sum.re().length];
        BandSeparation separation = new BandSeparation(instrument.phases(), instrument.orders());
        for (int direction = 0; direction < images.size(); direction++) {
            ComplexGrid3D[] bands = separation.separate(images.get(direction));
            LightPattern light = instrument.light(direction);
            for (int order = 0; order < bands.length; order++) {
                for (int sign = 1; sign >= (order == 0 ? 1 : -1); sign -= 2) {
                    // A band holds half of the order's amplitude; the other half is in the band of the negative order.
                    double amplitude = instrument.amplitude(direction, order) / (order == 0 ? 1 : 2);
                    if (amplitude == 0) continue;
                    ComplexGrid3D data = Fourier.forward(placed(
                            bands[order],
                            light,
                            order,
                            sign,
                            instrument.phase(direction, 0, order)
                                    + order * instrument.phases()[0],
                            optics));
                    double shiftX =
                            order == 0 ? 0 : -sign * light.grating(order).kx();
                    double shiftY =
                            order == 0 ? 0 : -sign * light.grating(order).ky();
                    ComplexGrid3D transfer = instrument
                            .otfs()
                            .get(direction)
                            .expand(order, depth, height, width, optics, shiftX, shiftY);
                    accumulate(sum, power, data, transfer, amplitude, settings, optics, shiftX, shiftY);
                }
            }
        }
        double largest = 0;
        for (double value : power) largest = Math.max(largest, value);
        Grid3D apodization =
                Apodization.inverse(depth, height, width, optics, instrument.largestFrequency(), Apodization.FLOOR);
        for (int i = 0; i < power.length; i++) {
            double scale =
                    1 / (power[i] + settings.weight * largest) / apodization.values()[i];
            sum.re()[i] *= scale;
            sum.im()[i] *= scale;
        }
        return Fourier.inverse(sum).real();
    }

    /**
     * Band (or, for the negative order, its conjugate) times exp(-i sign (2 pi k.r + phase)) with the wave vector k of
     * its order.
     */
    private static ComplexGrid3D placed(
            ComplexGrid3D band, LightPattern light, int order, int sign, double phase, VolumeOptics optics) {
        Grid2D cosine = light.cosine(order, phase, band.height(), band.width(), optics.pixelSize());
        Grid2D sine = light.cosine(order, phase - Math.PI / 2, band.height(), band.width(), optics.pixelSize());
        ComplexGrid3D placed = new ComplexGrid3D(band.depth(), band.height(), band.width());
        for (int i = 0; i < band.re().length; i++) {
            double re = band.re()[i];
            double im = sign * band.im()[i];
            double cos = cosine.values()[i % cosine.values().length];
            double sin = -sign * sine.values()[i % sine.values().length];
            placed.re()[i] = re * cos - im * sin;
            placed.im()[i] = re * sin + im * cos;
        }
        return placed;
    }

    private static void accumulate(
            ComplexGrid3D sum,
            double[] power,
            ComplexGrid3D data,
            ComplexGrid3D transfer,
            double amplitude,
            Settings settings,
            VolumeOptics optics,
            double shiftX,
            double shiftY) {
        int height = data.height();
        int width = data.width();
        for (int i = 0; i < power.length; i++) {
            double fx = Grid2D.frequency(i % width, width, optics.pixelSize()) - shiftX;
            double fy = Grid2D.frequency(i / width % height, height, optics.pixelSize()) - shiftY;
            double radius = Math.hypot(fx, fy);
            if (radius > optics.lateralCutoff()) continue;
            double fz = Grid2D.frequency(i / width / height, data.depth(), optics.zStep());
            double notch = NotchFilter.at(
                    radius / optics.lateralCutoff(),
                    fz / optics.axialCutoff(),
                    settings.notchDepth,
                    settings.notchWidth);
            double re = amplitude * transfer.re()[i];
            double im = amplitude * transfer.im()[i];
            sum.re()[i] += notch * (re * data.re()[i] + im * data.im()[i]);
            sum.im()[i] += notch * (re * data.im()[i] - im * data.re()[i]);
            power[i] += notch * (re * re + im * im);
        }
    }
}
