package dev.nstm.apps;

import dev.nstm.optics.ComplexGrid;
import dev.nstm.optics.Fourier;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.VolumeOptics;

/** Widefield point-spread function of a fluorescent point by propagation of the pupil's plane waves. */
final class FluorescencePsf {
    private FluorescencePsf() {}

    /**
     * |IFFT2(P exp(2 pi i z sqrt(n - wavelength^2 f^2) / wavelength))|^2 with P the pupil |f| &lt; NA / wavelength, as
     * the reference computes it; origin at sample 0, wrapped around. Its 3-D transform is the optical transfer
     * function.
     */
    static Grid3D of(int depth, int height, int width, VolumeOptics optics) {
        Grid3D psf = new Grid3D(depth, height, width);
        double pupilRadius = optics.numericalAperture() / optics.wavelength();
        for (int z = 0; z < depth; z++) {
            double defocus = Grid2D.wrapped(z, depth) * optics.zStep();
            ComplexGrid field = new ComplexGrid(height, width);
            for (int y = 0; y < height; y++) {
                double fy = Grid2D.frequency(y, height, optics.pixelSize());
                for (int x = 0; x < width; x++) {
                    double fx = Grid2D.frequency(x, width, optics.pixelSize());
                    double squared = fx * fx + fy * fy;
                    if (Math.sqrt(squared) >= pupilRadius) continue;
                    double cosine = Math.sqrt(
                            Math.max(0, optics.mediumIndex() - optics.wavelength() * optics.wavelength() * squared));
                    double phase = 2 * Math.PI / optics.wavelength() * defocus * cosine;
                    field.re()[y * width + x] = Math.cos(phase);
                    field.im()[y * width + x] = Math.sin(phase);
                }
            }
            ComplexGrid amplitude = Fourier.inverse(field);
            for (int i = 0; i < height * width; i++) {
                psf.values()[z * height * width + i] = amplitude.re()[i]
                                * amplitude.re()[i]
                        + amplitude.im()[i] * amplitude.im()[i];
            }
        }
        return psf;
    }
}
