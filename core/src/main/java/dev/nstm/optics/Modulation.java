package dev.nstm.optics;

/**
 * How strongly and in what phase one order of a light pattern shows: the fit of the higher band's overlap to band 0's.
 *
 * @param phase of the order at the middle of the picture in the image of phase step 0, radians, divided by the order
 * @param amplitude of the band relative to band 0: sum |shifted|^2 / sum |shifted| |central|; NaN where there is no overlap
 * @param correlation magnitude of the correlation of both overlaps, 0 to 1: near 1 where angle and spacing are right
 */
public record Modulation(double phase, double amplitude, double correlation) {

    /**
     * @param cropZ planes left out at each end
     * @param crop rows and columns left out at each border
     */
    public static Modulation of(BandOverlap overlap, int order, int cropZ, int crop) {
        ComplexGrid3D a = overlap.shifted();
        ComplexGrid3D b = overlap.central();
        int count = 0;
        double aRe = 0;
        double aIm = 0;
        double bRe = 0;
        double bIm = 0;
        double aa = 0;
        double bb = 0;
        double crossRe = 0;
        double crossIm = 0;
        double sizes = 0;
        for (int z = cropZ; z < a.depth() - cropZ; z++) {
            for (int y = crop; y < a.height() - crop; y++) {
                for (int x = crop; x < a.width() - crop; x++) {
                    int i = (z * a.height() + y) * a.width() + x;
                    count++;
                    aRe += a.re()[i];
                    aIm += a.im()[i];
                    bRe += b.re()[i];
                    bIm += b.im()[i];
                    aa += a.power(i);
                    bb += b.power(i);
                    crossRe += a.re()[i] * b.re()[i] + a.im()[i] * b.im()[i];
                    crossIm += a.im()[i] * b.re()[i] - a.re()[i] * b.im()[i];
                    sizes += Math.sqrt(a.power(i) * b.power(i));
                }
            }
        }
        double covarianceRe = crossRe - (aRe * bRe + aIm * bIm) / count;
        double covarianceIm = crossIm - (aIm * bRe - aRe * bIm) / count;
        double aVariance = aa - (aRe * aRe + aIm * aIm) / count;
        double bVariance = bb - (bRe * bRe + bIm * bIm) / count;
        return new Modulation(Math.atan2(covarianceIm, covarianceRe) / order, sizes > 0 ? aa / sizes : Double.NaN,
                aVariance > 0 && bVariance > 0 ? Math.hypot(covarianceRe, covarianceIm) / Math.sqrt(aVariance * bVariance) : 0);
    }
}
