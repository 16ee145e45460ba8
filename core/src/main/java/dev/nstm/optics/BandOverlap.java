package dev.nstm.optics;

/**
 * The frequencies of the specimen that both band 0 and a band of higher order show. Each band is multiplied by the
 * other's transfer function, so that both should be equal except for the modulation; it is cut to the common support
 * and brought to real space, and the higher band is shifted to its place.
 *
 * @param central overlap of band 0
 * @param shifted overlap of the higher band
 * @param noise autocorrelation that the shifted overlap has, up to a factor, where the higher band is white noise
 */
public record BandOverlap(ComplexGrid3D central, ComplexGrid3D shifted, ComplexGrid3D noise) {
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
        ComplexGrid3D toCentral = weights(spectrum0, otf, 0, order, kx, ky, optics);
        ComplexGrid3D toShifted = weights(spectrum, otf, order, 0, -kx, -ky, optics);
        ComplexGrid3D shifted = Fourier.inverse(product(spectrum, toShifted));
        ComplexGrid3D noise = Fourier.inverse(powers(toShifted));
        int width = shifted.width();
        int height = shifted.height();
        for (int i = 0; i < shifted.re().length; i++) {
            int y = i / width % height;
            int x = i % width;
            turn(shifted, i, grating.turn(y, x, height, width, optics.pixelSize()));
            turn(noise, i, grating.turn(Grid2D.wrapped(y, height), Grid2D.wrapped(x, width), optics.pixelSize()));
        }
        return new BandOverlap(Fourier.inverse(product(spectrum0, toCentral)), shifted, noise);
    }

    private static void turn(ComplexGrid3D grid, int i, double angle) {
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        double re = grid.re()[i];
        grid.re()[i] = re * cos - grid.im()[i] * sin;
        grid.im()[i] = re * sin + grid.im()[i] * cos;
    }

    /** At each frequency, the sum of conj(central) shifted for a pattern that differs by this frequency. */
    public ComplexGrid correlation() {
        return Fourier.forward(products());
    }

    /** Mean squares, up to a factor, that {@link #correlation} has where the higher band is white noise. */
    public double[] unrelated() {
        return Fourier.forward(products(Fourier.inverse(powers(Fourier.forward(central))), noise))
                .re();
    }

    /** conj(central) shifted, summed over the planes. */
    public ComplexGrid products() {
        return products(central, shifted);
    }

    private static ComplexGrid products(ComplexGrid3D a, ComplexGrid3D b) {
        ComplexGrid products = new ComplexGrid(a.height(), a.width());
        int pixels = products.re().length;
        for (int i = 0; i < a.re().length; i++) {
            products.re()[i % pixels] += a.re()[i] * b.re()[i] + a.im()[i] * b.im()[i];
            products.im()[i % pixels] += a.re()[i] * b.im()[i] - a.im()[i] * b.re()[i];
        }
        return products;
    }

    private static ComplexGrid3D product(ComplexGrid3D a, ComplexGrid3D b) {
        ComplexGrid3D product = new ComplexGrid3D(a.depth(), a.height(), a.width());
        for (int i = 0; i < a.re().length; i++) {
            product.re()[i] = a.re()[i] * b.re()[i] - a.im()[i] * b.im()[i];
            product.im()[i] = a.re()[i] * b.im()[i] + a.im()[i] * b.re()[i];
        }
        return product;
    }

    private static ComplexGrid3D powers(ComplexGrid3D grid) {
        ComplexGrid3D powers = new ComplexGrid3D(grid.depth(), grid.height(), grid.width());
        for (int i = 0; i < grid.re().length; i++) powers.re()[i] = grid.power(i);
        return powers;
    }

    /** The other band's shifted OTF, divided by the root of the sum of both OTFs' squares. */
    private static ComplexGrid3D weights(
            ComplexGrid3D size, RadialOtf otf, int own, int other, double shiftX, double shiftY, VolumeOptics optics) {
        int depth = size.depth();
        int height = size.height();
        int width = size.width();
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
            otherOtf.re()[i] *= scale;
            otherOtf.im()[i] *= scale;
        }
        return otherOtf;
    }
}
