package dev.nstm.optics;

/**
 * The frequencies of the specimen that both band 0 and a band of higher order show. Each band is multiplied by the
 * other's transfer function, so that both should be equal except for the modulation; it is cut to the common support
 * and brought to real space, and the higher band is shifted to its place.
 *
 * @param central overlap of band 0
 * @param shifted overlap of the higher band
 */
public record BandOverlap(ComplexGrid3D central, ComplexGrid3D shifted) {
    private static final double SMALLEST_OTF = 1e-6;
    private static final double GUARD = 1e-8;

    /**
     * @param spectrum0 transform of band 0
     * @param spectrum transform of the band of this order
     * @param grating of this order
     */
    public static BandOverlap of(
            ComplexGrid3D spectrum0,
            ComplexGrid3D spectrum,
            int order,
            LinePattern grating,
            RadialOtf otf,
            VolumeOptics optics) {
        double kx = grating.kx();
        double ky = grating.ky();
        ComplexGrid3D central = weigh(spectrum0, otf, 0, order, kx, ky, optics);
        ComplexGrid3D shifted = weigh(spectrum, otf, order, 0, -kx, -ky, optics);
        int width = shifted.width();
        int height = shifted.height();
        for (int i = 0; i < shifted.re().length; i++) {
            double angle = grating.turn(i / width % height, i % width, height, width, optics.pixelSize());
            double cos = Math.cos(angle);
            double sin = Math.sin(angle);
            double re = shifted.re()[i];
            shifted.re()[i] = re * cos - shifted.im()[i] * sin;
            shifted.im()[i] = re * sin + shifted.im()[i] * cos;
        }
        return new BandOverlap(central, shifted);
    }

    /** conj(central) shifted, summed over the planes. */
    public ComplexGrid products() {
        ComplexGrid products = new ComplexGrid(central.height(), central.width());
        int pixels = products.re().length;
        for (int i = 0; i < central.re().length; i++) {
            products.re()[i % pixels] += central.re()[i] * shifted.re()[i] + central.im()[i] * shifted.im()[i];
            products.im()[i % pixels] += central.re()[i] * shifted.im()[i] - central.im()[i] * shifted.re()[i];
        }
        return products;
    }

    /** IFFT of a band times the other band's shifted OTF, divided by the root of the sum of both OTFs' squares. */
    private static ComplexGrid3D weigh(
            ComplexGrid3D spectrum,
            RadialOtf otf,
            int own,
            int other,
            double shiftX,
            double shiftY,
            VolumeOptics optics) {
        int depth = spectrum.depth();
        int height = spectrum.height();
        int width = spectrum.width();
        ComplexGrid3D ownOtf = otf.expand(own, depth, height, width, optics, 0, 0);
        ComplexGrid3D otherOtf = otf.expand(other, depth, height, width, optics, shiftX, shiftY);
        for (int i = 0; i < otherOtf.re().length; i++) {
            double fx = Grid2D.frequency(i % width, width, optics.pixelSize());
            double fy = Grid2D.frequency(i / width % height, height, optics.pixelSize());
            double fz = Grid2D.frequency(i / width / height, depth, optics.zStep());
            double ownSize = Math.sqrt(ownOtf.power(i));
            double otherSize = Math.sqrt(otherOtf.power(i));
            boolean common = Math.sqrt(fx * fx + fy * fy) <= optics.lateralCutoff()
                    && Math.sqrt((fx - shiftX) * (fx - shiftX) + (fy - shiftY) * (fy - shiftY))
                            <= optics.lateralCutoff()
                    && Math.abs(fz) <= optics.axialCutoff()
                    && ownSize >= SMALLEST_OTF
                    && otherSize >= SMALLEST_OTF;
            if (!common) {
                otherOtf.re()[i] = 0;
                otherOtf.im()[i] = 0;
                continue;
            }
            double scale = 1 / (Math.sqrt(ownSize * ownSize + otherSize * otherSize) + GUARD);
            double re = otherOtf.re()[i] * scale;
            double im = otherOtf.im()[i] * scale;
            otherOtf.re()[i] = spectrum.re()[i] * re - spectrum.im()[i] * im;
            otherOtf.im()[i] = spectrum.re()[i] * im + spectrum.im()[i] * re;
        }
        return Fourier.inverse(otherOtf);
    }
}
