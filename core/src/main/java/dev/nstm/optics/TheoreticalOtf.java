package dev.nstm.optics;

import java.util.Arrays;

/** Transfer functions of structured illumination as theory has them, for instruments without a measured one. */
public final class TheoreticalOtf {
    private TheoreticalOtf() {}

    /**
     * Three beams of equal strength: the pattern is 1 + 4/3 cos(2 pi kz z) cos(2 pi k.r) + 2/3 cos(4 pi k.r), so band 1
     * is the widefield transfer function moved by +-kz along the axis, and bands 0 and 2 are the widefield one.
     *
     * @param k0 frequency of the first order, in cycles per micrometre
     * @param samples of a row of the volume from which the radii are taken, even
     * @param axial samples along the axis
     */
    public static RadialOtf threeBeam(VolumeOptics optics, double k0, int samples, int axial) {
        double wave = optics.mediumIndex() / optics.excitationWavelength();
        double axialShift = wave - Math.sqrt(Math.max(0, wave * wave - k0 * k0));
        return of(optics, samples, axial, new double[] {0, axialShift, 0}, new double[] {1, 4.0 / 3, 2.0 / 3});
    }

    /** Two beams of equal strength: the pattern is 1 + cos(2 pi k.r). */
    public static RadialOtf twoBeam(VolumeOptics optics, int samples, int axial) {
        return of(optics, samples, axial, new double[2], new double[] {1, 1});
    }

    private static RadialOtf of(VolumeOptics optics, int samples, int axial, double[] axialShift, double[] amplitude) {
        int radii = samples / 2 + 1;
        Grid3D psf = psf(axial, samples, optics);
        double norm = Arrays.stream(psf.values()).sum();
        double[] re = new double[amplitude.length * radii * axial];
        double[] im = new double[re.length];
        for (int band = 0; band < amplitude.length; band++) {
            ComplexGrid3D patterned = ComplexGrid3D.ofReal(psf);
            for (int i = 0; i < patterned.re().length; i++) {
                int z = i / samples / samples;
                double defocus = (z < (axial + 1) / 2 ? z : z - axial) * optics.zStep();
                patterned.re()[i] *= amplitude[band] / norm * Math.cos(2 * Math.PI * axialShift[band] * defocus);
            }
            ComplexGrid3D otf = Fourier.forward(patterned);
            for (int radius = 0; radius < radii; radius++) {
                if (Grid2D.frequency(Math.min(radius, samples / 2 - 1), samples, optics.pixelSize()) > optics.lateralCutoff()) continue;
                for (int z = 0; z < axial; z++) re[(band * radii + radius) * axial + z] = otf.re()[z * samples * samples + radius];
            }
        }
        return new RadialOtf(amplitude.length, radii, axial, re, im, optics.pixelSize(), optics.zStep());
    }

    /** |IFFT2(P exp(2 pi i z sqrt((n / wavelength)^2 - f^2)))|^2, origin at sample 0. */
    private static Grid3D psf(int depth, int samples, VolumeOptics optics) {
        Grid3D psf = new Grid3D(depth, samples, samples);
        double wave = optics.mediumIndex() / optics.wavelength();
        double pupil = optics.numericalAperture() / optics.wavelength();
        for (int z = 0; z < depth; z++) {
            double defocus = (z < (depth + 1) / 2 ? z : z - depth) * optics.zStep();
            ComplexGrid field = new ComplexGrid(samples, samples);
            for (int i = 0; i < samples * samples; i++) {
                double f = Math.hypot(Grid2D.frequency(i % samples, samples, optics.pixelSize()), Grid2D.frequency(i / samples, samples, optics.pixelSize()));
                if (f > pupil) continue;
                double phase = 2 * Math.PI * defocus * Math.sqrt(wave * wave - f * f);
                field.re()[i] = Math.cos(phase);
                field.im()[i] = Math.sin(phase);
            }
            ComplexGrid amplitude = Fourier.inverse(field);
            for (int i = 0; i < samples * samples; i++) {
                psf.values()[z * samples * samples + i] = amplitude.re()[i] * amplitude.re()[i] + amplitude.im()[i] * amplitude.im()[i];
            }
        }
        return psf;
    }
}
