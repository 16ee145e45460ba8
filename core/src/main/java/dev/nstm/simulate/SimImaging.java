package dev.nstm.simulate;

import dev.nstm.imaging.SimInstrument;
import dev.nstm.optics.ComplexGrid3D;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import java.util.SplittableRandom;

/** Images that a structured-illumination microscope takes of a density. */
public final class SimImaging {
    private SimImaging() {}

    /**
     * sum over orders of IFFT(OTF_o FFT(cos(o (2 pi k.r + phase)) density)), seen by every {@code binning}-th pixel.
     *
     * @param binning pixels of the density per pixel of the camera
     */
    public static Grid3D image(Grid3D density, SimInstrument instrument, int direction, int phase, int binning) {
        int depth = density.depth();
        int height = density.height();
        int width = density.width();
        ComplexGrid3D sum = new ComplexGrid3D(depth, height, width);
        for (int order = 0; order < instrument.orders(); order++) {
            Grid2D light = instrument
                    .light(direction)
                    .cosine(
                            order,
                            instrument.phase(direction, phase, order),
                            height,
                            width,
                            instrument.optics().pixelSize());
            ComplexGrid3D lit = ComplexGrid3D.ofReal(density);
            for (int i = 0; i < lit.re().length; i++)
                lit.re()[i] *= light.values()[i % light.values().length] * instrument.amplitude(direction, order);
            ComplexGrid3D spectrum = Fourier.forward(lit);
            ComplexGrid3D otf =
                    instrument.otfs().get(direction).expand(order, depth, height, width, instrument.optics(), 0, 0);
            for (int i = 0; i < sum.re().length; i++) {
                sum.re()[i] += otf.re()[i] * spectrum.re()[i] - otf.im()[i] * spectrum.im()[i];
                sum.im()[i] += otf.re()[i] * spectrum.im()[i] + otf.im()[i] * spectrum.re()[i];
            }
        }
        Grid3D fine = Fourier.inverse(sum).real();
        Grid3D image = new Grid3D(depth, height / binning, width / binning);
        for (int i = 0; i < image.values().length; i++) {
            int x = i % image.width() * binning;
            int y = i / image.width() % image.height() * binning;
            image.values()[i] = Math.max(0, fine.get(i / image.width() / image.height(), y, x));
        }
        return image;
    }

    /**
     * What a camera records, plane by plane.
     *
     * @param brightest value of hot pixels
     * @param hotSeed of their places, the same in every plane
     */
    public static Grid3D noisy(
            Grid3D image, CameraNoise noise, double brightest, SplittableRandom random, long hotSeed) {
        return image.eachPlane(plane -> {
            noise.addTo(plane.values(), brightest, random, new SplittableRandom(hotSeed));
            return plane;
        });
    }
}
