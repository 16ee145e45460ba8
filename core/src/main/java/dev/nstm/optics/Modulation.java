package dev.nstm.optics;

/**
 * How strongly and in what phase one order of a light pattern shows: the fit of the higher band's overlap to band 0's.
 *
 * @param phase of the order at the middle of the picture in the image of phase step 0, radians, divided by the order
 * @param strength of the order's cosine relative to the mean light, on the scale of the bands' transfer functions:
 *     twice the published sum |shifted|^2 / sum |shifted| |central|, since a band holds half of its cosine; NaN where
 *     there is no overlap
 * @param correlation magnitude of the correlation of both overlaps, 0 to 1: near 1 where angle and spacing are right
 *     and the light is plenty
 * @param significance ratio of the sum of the overlaps' products to what slightly different patterns give: about 1
 *     where there is nothing
 */
public record Modulation(double phase, double strength, double correlation, double significance) {
    /**
     * The slightly different patterns are at least this many samples of the spectrum away, and at most
     * {@link #FARTHEST} of its shorter side.
     */
    private static final int NEAREST = 4;

    private static final double FARTHEST = 0.125;

    /**
     * Significances above which an order is there at all, and above which it is good: the strongest pattern that a
     * search finds in pictures of nothing but noise reached 4.4 in the worst of 4000 (48 to 128 pixels wide).
     */
    private static final double PRESENT = 5;

    private static final double GOOD = 6;

    /**
     * Strengths above this, relative to the mean light, are not an order: light is never negative, so no order is that
     * strong.
     */
    private static final double STRONGEST = 8;

    /** What the images say of an order. */
    public enum Verdict {
        WRONG,
        WEAK,
        GOOD
    }

    /** What order 0 is to itself. */
    public static final Modulation CENTRAL = new Modulation(0, 1, 1, Double.POSITIVE_INFINITY);

    public Verdict verdict() {
        if (evidence() < PRESENT) return Verdict.WRONG;
        return evidence() < GOOD ? Verdict.WEAK : Verdict.GOOD;
    }

    /** The published measure: of the bands, each of which holds half of its order's cosine. */
    public double bandRatio() {
        return strength / 2;
    }

    /** The significance; none where the order would be several times as strong as all light. */
    public double evidence() {
        return strength <= STRONGEST ? significance : 0;
    }

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
        return new Modulation(
                Math.atan2(covarianceIm, covarianceRe) / order,
                sizes > 0 ? 2 * aa / sizes : Double.NaN,
                aVariance > 0 && bVariance > 0
                        ? Math.hypot(covarianceRe, covarianceIm) / Math.sqrt(aVariance * bVariance)
                        : 0,
                significance(overlap));
    }

    /**
     * The sum of the overlaps' products relative to what noise of the strength that slightly different patterns show
     * would give: at the edge of a band these have less noise than the pattern itself, or none.
     */
    private static double significance(BandOverlap overlap) {
        ComplexGrid correlation = overlap.correlation();
        double[] unrelated = overlap.unrelated();
        int height = correlation.height();
        int width = correlation.width();
        double farthest = Math.max(NEAREST + 2, FARTHEST * Math.min(height, width));
        double beside = 0;
        double foretold = 0;
        for (int i = 0; i < height * width; i++) {
            double radius = Math.hypot(Grid2D.wrapped(i / width, height), Grid2D.wrapped(i % width, width));
            if (radius < NEAREST || radius > farthest) continue;
            beside += square(correlation, i);
            foretold += unrelated[i];
        }
        double noise = foretold > 0 ? beside / foretold * unrelated[0] : 0;
        return noise > 0 ? Math.sqrt(square(correlation, 0) / noise) : 0;
    }

    private static double square(ComplexGrid grid, int i) {
        return grid.re()[i] * grid.re()[i] + grid.im()[i] * grid.im()[i];
    }
}
