package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.Sizes;
import java.util.Arrays;

/**
 * Transfer functions of structured illumination from a widefield point-spread function: one computed from aperture and
 * wavelength, or a bead's image.
 */
public final class TheoreticalOtf {
    private TheoreticalOtf() {}

    /**
     * How the light is made.
     *
     * @param axialShifts axial frequency of each band's pattern, in cycles per micrometre
     * @param amplitudes of the bands' patterns relative to band 0
     */
    public record Light(double[] axialShifts, double[] amplitudes) {
        /**
         * Three beams of equal strength: the pattern is 1 + 4/3 cos(2 pi kz z) cos(2 pi k.r) + 2/3 cos(4 pi k.r), so
         * band 1 is the widefield transfer function moved by +-kz along the axis, and bands 0 and 2 are the widefield
         * one.
         *
         * @param k0 frequency of the first order, in cycles per micrometre
         */
        public static Light threeBeams(VolumeOptics optics, double k0) {
            double wave = optics.mediumIndex() / optics.excitationWavelength();
            return new Light(new double[] {0, wave - Math.sqrt(Math.max(0, wave * wave - k0 * k0)), 0}, new double[] {
                1, 4.0 / 3, 2.0 / 3
            });
        }

        /** Two beams of equal strength: the pattern is 1 + cos(2 pi k.r). */
        public static Light twoBeams() {
            return new Light(new double[2], new double[] {1, 1});
        }
    }

    /**
     * @param samples of a row of the volume from which the radii are taken, even
     * @param axial samples along the axis
     */
    public static RadialOtf of(VolumeOptics optics, Light light, int samples, int axial) {
        return bands(psf(axial, samples, optics), optics, light);
    }

    /**
     * The same from the image of a bead smaller than the resolution: the brightest voxel is taken for the middle, the
     * mean along the border of its plane for the background.
     *
     * @param bead with the pixels and planes of {@code optics}
     */
    public static RadialOtf ofBead(VolumeOptics optics, Light light, Grid3D bead) {
        int samples = Math.min(bead.height(), bead.width()) / 2 * 2;
        require(samples >= 8, "the image of a bead is %s voxels; at least 8x8 pixels are needed", bead.size());
        int brightest = 0;
        for (int i = 0; i < bead.values().length; i++) if (bead.values()[i] > bead.values()[brightest]) brightest = i;
        int x0 = brightest % bead.width();
        int y0 = brightest / bead.width() % bead.height();
        int z0 = brightest / bead.width() / bead.height();
        double background = border(bead.plane(z0));
        require(bead.values()[brightest] > background, "the image of the bead has the same value everywhere");
        Grid3D psf = new Grid3D(bead.depth(), samples, samples);
        for (int i = 0; i < psf.values().length; i++) {
            int z = Math.floorMod(z0 + Grid2D.wrapped(i / samples / samples, bead.depth()), bead.depth());
            int y = y0 + Grid2D.wrapped(i / samples % samples, samples);
            int x = x0 + Grid2D.wrapped(i % samples, samples);
            if (y < 0 || x < 0 || y >= bead.height() || x >= bead.width()) continue;
            psf.values()[i] = bead.get(z, y, x) - background;
        }
        return bands(psf, optics, light);
    }

    private static double border(Grid2D plane) {
        double sum = 0;
        for (int x = 0; x < plane.width(); x++) sum += plane.get(0, x) + plane.get(plane.height() - 1, x);
        for (int y = 1; y < plane.height() - 1; y++) sum += plane.get(y, 0) + plane.get(y, plane.width() - 1);
        return sum / (2 * (plane.width() + plane.height() - 2));
    }

    /**
     * Transforms of the point-spread function (origin at sample 0) times each band's axial pattern, averaged over
     * rings.
     */
    private static RadialOtf bands(Grid3D psf, VolumeOptics optics, Light light) {
        int samples = psf.height();
        int axial = psf.depth();
        int radii = samples / 2 + 1;
        double norm = Arrays.stream(psf.values()).sum();
        require(norm > 0, "the point-spread function is dark: its sum is %s", norm);
        double[] re = new double[Sizes.product("a transfer function", light.amplitudes.length, radii, axial)];
        double[] im = new double[re.length];
        for (int band = 0; band < light.amplitudes.length; band++) {
            ComplexGrid3D patterned = ComplexGrid3D.ofReal(psf);
            for (int i = 0; i < patterned.re().length; i++) {
                double defocus = Grid2D.wrapped(i / samples / samples, axial) * optics.zStep();
                patterned.re()[i] *=
                        light.amplitudes[band] / norm * Math.cos(2 * Math.PI * light.axialShifts[band] * defocus);
            }
            ComplexGrid3D otf = Fourier.forward(patterned);
            int[] count = new int[radii];
            for (int i = 0; i < samples * samples; i++) {
                int radius = (int) Math.rint(
                        Math.hypot(Grid2D.wrapped(i % samples, samples), Grid2D.wrapped(i / samples, samples)));
                if (radius >= radii || radius > optics.lateralCutoff() * samples * optics.pixelSize()) continue;
                count[radius]++;
                for (int z = 0; z < axial; z++) {
                    re[(band * radii + radius) * axial + z] += otf.re()[z * samples * samples + i];
                    im[(band * radii + radius) * axial + z] += otf.im()[z * samples * samples + i];
                }
            }
            for (int radius = 0; radius < radii; radius++) {
                for (int at = (band * radii + radius) * axial; at < (band * radii + radius + 1) * axial; at++) {
                    re[at] /= Math.max(1, count[radius]);
                    im[at] /= Math.max(1, count[radius]);
                }
            }
        }
        return new RadialOtf(light.amplitudes.length, radii, axial, re, im, optics.pixelSize(), optics.zStep());
    }

    /** |IFFT2(P exp(2 pi i z sqrt((n / wavelength)^2 - f^2)))|^2, origin at sample 0. */
    private static Grid3D psf(int depth, int samples, VolumeOptics optics) {
        Grid3D psf = new Grid3D(depth, samples, samples);
        double wave = optics.mediumIndex() / optics.wavelength();
        double pupil = optics.numericalAperture() / optics.wavelength();
        for (int z = 0; z < depth; z++) {
            double defocus = Grid2D.wrapped(z, depth) * optics.zStep();
            ComplexGrid field = new ComplexGrid(samples, samples);
            for (int i = 0; i < samples * samples; i++) {
                double f = Math.hypot(
                        Grid2D.frequency(i % samples, samples, optics.pixelSize()),
                        Grid2D.frequency(i / samples, samples, optics.pixelSize()));
                if (f > pupil) continue;
                double phase = 2 * Math.PI * defocus * Math.sqrt(wave * wave - f * f);
                field.re()[i] = Math.cos(phase);
                field.im()[i] = Math.sin(phase);
            }
            ComplexGrid amplitude = Fourier.inverse(field);
            for (int i = 0; i < samples * samples; i++) {
                psf.values()[z * samples * samples + i] = amplitude.re()[i]
                                * amplitude.re()[i]
                        + amplitude.im()[i] * amplitude.im()[i];
            }
        }
        return psf;
    }
}
