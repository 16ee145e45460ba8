package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.Sizes;

/**
 * Radially averaged optical transfer functions of the bands of a structured-illumination microscope, as they are
 * measured from a bead: complex values over radial and axial frequency.
 *
 * @param bands number of bands (illumination orders, order 0 first)
 * @param radii samples along the radial frequency, zero first, the last at the Nyquist frequency
 * @param axial samples along the axial frequency, zero first, negative frequencies in the second half
 * @param re real parts, {@code [band][radius][axial]}
 * @param im imaginary parts
 * @param pixelSize that the radial sampling stands for, in micrometres: step 1 / (2 (radii - 1) pixelSize)
 * @param zStep that the axial sampling stands for, in micrometres: step 1 / (axial zStep)
 */
public record RadialOtf(int bands, int radii, int axial, double[] re, double[] im, double pixelSize, double zStep) {
    public RadialOtf {
        require(
                bands >= 1 && radii >= 2 && axial >= 1,
                "an OTF needs bands, at least two radii and an axial sample, got %d, %d, %d",
                bands,
                radii,
                axial);
        require(
                re.length == bands * radii * axial && im.length == re.length,
                "an OTF of %d bands, %d radii and %d axial samples needs %d values, got %d",
                bands,
                radii,
                axial,
                bands * radii * axial,
                re.length);
        require(
                pixelSize > 0 && zStep > 0,
                "the sampling of the OTF must be positive, got %s and %s micrometres",
                pixelSize,
                zStep);
        boolean zero = true;
        for (int i = 0; i < re.length; i++) {
            require(
                    Double.isFinite(re[i]) && Double.isFinite(im[i]),
                    "the OTF holds a value that is not finite (band %d)",
                    i / radii / axial);
            zero &= re[i] == 0 && im[i] == 0;
        }
        require(!zero, "the OTF is zero everywhere");
    }

    /** The widefield transfer function for every band: gratings that do not vary along the axis leave it as it is. */
    public RadialOtf ofCentralBand(int count) {
        int values = radii * axial;
        double[] real = new double[Sizes.product("a transfer function", count, values)];
        double[] imaginary = new double[Sizes.product("a transfer function", count, values)];
        for (int band = 0; band < count; band++) {
            System.arraycopy(re, 0, real, band * values, values);
            System.arraycopy(im, 0, imaginary, band * values, values);
        }
        return new RadialOtf(count, radii, axial, real, imaginary, pixelSize, zStep);
    }

    /**
     * One band on the frequencies of a volume, by bilinear interpolation; frequencies beyond the table take its border.
     *
     * @param shiftX by how much the band is shifted along x, in cycles per micrometre
     * @param shiftY along y
     */
    public ComplexGrid3D expand(
            int band, int depth, int height, int width, VolumeOptics optics, double shiftX, double shiftY) {
        require(band >= 0 && band < bands, "the OTF has %d bands, got band %d", bands, band);
        double radialStep = 1 / ((radii - 1) * 2 * pixelSize);
        double axialStep = 1 / (axial * zStep);
        ComplexGrid3D out = new ComplexGrid3D(depth, height, width);
        for (int z = 0; z < depth; z++) {
            double frequency = Grid2D.frequency(z, depth, optics.zStep());
            double axialIndex = Math.signum(frequency) * Math.min(Math.abs(frequency) / axialStep, axial / 2);
            if (axialIndex < 0) axialIndex += axial;
            int lowZ = Math.min((int) axialIndex, axial - 1);
            int highZ = Math.min(lowZ + 1, axial - 1);
            double weightZ = axialIndex - lowZ;
            for (int y = 0; y < height; y++) {
                double ky = Grid2D.frequency(y, height, optics.pixelSize()) - shiftY;
                for (int x = 0; x < width; x++) {
                    double kx = Grid2D.frequency(x, width, optics.pixelSize()) - shiftX;
                    double radialIndex = Math.sqrt(kx * kx + ky * ky) / radialStep;
                    int low = Math.min((int) radialIndex, radii - 1);
                    int high = Math.min(low + 1, radii - 1);
                    double weight = radialIndex - low;
                    int at = (z * height + y) * width + x;
                    out.re()[at] = interpolate(re, band, low, high, weight, lowZ, highZ, weightZ);
                    out.im()[at] = interpolate(im, band, low, high, weight, lowZ, highZ, weightZ);
                }
            }
        }
        return out;
    }

    /**
     * Magnitude of a band's sum over all frequencies up to two limits: the point-spread function at its centre, where
     * the band's light has all of its strength. In units of the table's radial step squared.
     *
     * @param lateral radial limit, cycles per micrometre
     * @param axialLimit axial limit, cycles per micrometre
     */
    public double total(int band, double lateral, double axialLimit) {
        double radialStep = 1 / ((radii - 1) * 2 * pixelSize);
        double real = 0;
        double imaginary = 0;
        for (int radius = 0; radius < radii && radius * radialStep <= lateral; radius++) {
            // Area of the ring half a step to either side; around zero it is a disc.
            double area = radius == 0 ? Math.PI / 4 : 2 * Math.PI * radius;
            for (int z = 0; z < axial; z++) {
                if (Math.abs(Grid2D.frequency(z, axial, zStep)) > axialLimit) continue;
                real += area * re[(band * radii + radius) * axial + z];
                imaginary += area * im[(band * radii + radius) * axial + z];
            }
        }
        return Math.hypot(real, imaginary);
    }

    private double interpolate(
            double[] values, int band, int low, int high, double weight, int lowZ, int highZ, double weightZ) {
        int near = (band * radii + low) * axial;
        int far = (band * radii + high) * axial;
        return (1 - weight) * (values[near + lowZ] * (1 - weightZ) + values[near + highZ] * weightZ)
                + weight * (values[far + lowZ] * (1 - weightZ) + values[far + highZ] * weightZ);
    }
}
