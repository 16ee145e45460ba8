package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

/** Objective pupils and illumination sources over the frequency grid of a picture, zero frequency first. */
public final class Pupils {
    /** Keeps the zero line inside a half disc despite rounding. */
    private static final double EDGE = 1e-15;

    private Pupils() {}

    /** 1 where the objective passes a frequency, |f| &lt;= NA / wavelength; 0 elsewhere. */
    public static Grid2D circular(Microscope microscope, int height, int width) {
        return annulus(microscope, 0, microscope.coherentCutoff(), height, width);
    }

    /**
     * Source of differential phase contrast: the half of a disc or ring on one side of a line through its centre, inside
     * where fy cos(rotation) &gt;= fx sin(rotation).
     *
     * @param innerNumericalAperture inner edge of annular light; 0 for a disc
     * @param rotationDegrees direction of the cut
     */
    public static Grid2D halfSource(Microscope microscope, double innerNumericalAperture, double rotationDegrees, int height, int width) {
        require(innerNumericalAperture >= 0 && innerNumericalAperture < microscope.numericalAperture(),
                "the inner NA of the illumination must lie in [0, NA = %s), got %s", microscope.numericalAperture(), innerNumericalAperture);
        Grid2D source = annulus(microscope, innerNumericalAperture / microscope.wavelength(), microscope.coherentCutoff(), height, width);
        double cos = Math.cos(Math.toRadians(rotationDegrees));
        double sin = Math.sin(Math.toRadians(rotationDegrees));
        for (int y = 0; y < height; y++) {
            double fy = Grid2D.frequency(y, height, microscope.pixelSize());
            for (int x = 0; x < width; x++) {
                double fx = Grid2D.frequency(x, width, microscope.pixelSize());
                if (fy * cos + EDGE < fx * sin) source.values()[y * width + x] = 0;
            }
        }
        return source;
    }

    private static Grid2D annulus(Microscope microscope, double inner, double outer, int height, int width) {
        Grid2D disc = new Grid2D(height, width);
        for (int y = 0; y < height; y++) {
            double fy = Grid2D.frequency(y, height, microscope.pixelSize());
            for (int x = 0; x < width; x++) {
                double fx = Grid2D.frequency(x, width, microscope.pixelSize());
                double squared = fx * fx + fy * fy;
                disc.values()[y * width + x] = squared <= outer * outer && squared >= inner * inner ? 1 : 0;
            }
        }
        return disc;
    }
}
