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
     * The pupil for a specimen out of focus, whose light travels the distance d on its way to the plane in focus:
     * within the circle exp(2 pi i d (sqrt(n^2 / wavelength^2 - |f|^2) - n / wavelength)).
     */
    public static ComplexGrid defocused(Microscope microscope, int height, int width) {
        Grid2D circle = circular(microscope, height, width);
        double inMedium = microscope.mediumIndex() / microscope.wavelength();
        ComplexGrid pupil = new ComplexGrid(height, width);
        for (int y = 0; y < height; y++) {
            double fy = Grid2D.frequency(y, height, microscope.pixelSize());
            for (int x = 0; x < width; x++) {
                int i = y * width + x;
                if (circle.values()[i] == 0) continue;
                double fx = Grid2D.frequency(x, width, microscope.pixelSize());
                double along = Math.sqrt(Math.max(0, inMedium * inMedium - fx * fx - fy * fy));
                double angle = 2 * Math.PI * microscope.defocus() * (along - inMedium);
                pupil.re()[i] = Math.cos(angle);
                pupil.im()[i] = Math.sin(angle);
            }
        }
        return pupil;
    }

    /**
     * The half of a disc as wide as the objective's pupil, or of a ring, see {@link #halfSource(Microscope, double,
     * double, double, int, int)}.
     */
    public static Grid2D halfSource(
            Microscope microscope, double innerNumericalAperture, double rotationDegrees, int height, int width) {
        return halfSource(
                microscope, innerNumericalAperture, microscope.numericalAperture(), rotationDegrees, height, width);
    }

    /**
     * Source of differential phase contrast: the half of a disc or ring on one side of a line through its centre,
     * inside where fy cos(rotation) &gt;= fx sin(rotation). With rotation 0 a picture is brighter where the phase rises
     * from row to row.
     *
     * @param innerNumericalAperture inner edge of annular light; 0 for a disc
     * @param outerNumericalAperture outer edge: the condenser's aperture
     * @param rotationDegrees direction of the cut
     */
    public static Grid2D halfSource(
            Microscope microscope,
            double innerNumericalAperture,
            double outerNumericalAperture,
            double rotationDegrees,
            int height,
            int width) {
        require(
                innerNumericalAperture >= 0 && innerNumericalAperture < outerNumericalAperture,
                "the inner NA of the illumination must lie in [0, its outer NA = %s), got %s",
                outerNumericalAperture,
                innerNumericalAperture);
        Grid2D source = annulus(
                microscope,
                innerNumericalAperture / microscope.wavelength(),
                outerNumericalAperture / microscope.wavelength(),
                height,
                width);
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

    /**
     * Source of one point, such as a light-emitting diode of an array: its intensity is shared by the four nearest
     * frequencies of the grid, linearly. A point at (0, y) with y positive makes pictures brighter where the phase
     * rises from row to row.
     *
     * @param x numerical aperture along the columns' axis: sine of its angle times the medium's index
     * @param y along the rows' axis
     */
    public static Grid2D pointSource(Microscope microscope, double x, double y, int height, int width) {
        require(
                Math.hypot(x, y) <= microscope.numericalAperture(),
                "a light at NA (%s, %s) lies outside the objective's NA %s; its pictures are dark fields, which weak objects do not make",
                x,
                y,
                microscope.numericalAperture());
        double row = y / microscope.wavelength() * height * microscope.pixelSize();
        double column = x / microscope.wavelength() * width * microscope.pixelSize();
        require(
                Math.abs(row) < height / 2.0 && Math.abs(column) < width / 2.0,
                "a light at NA (%s, %s) lies beyond the frequencies of pixels of %s um",
                x,
                y,
                microscope.pixelSize());
        Grid2D source = new Grid2D(height, width);
        int low = (int) Math.floor(row);
        int left = (int) Math.floor(column);
        for (int i = 0; i < 4; i++) {
            double weight =
                    (i / 2 == 0 ? 1 - (row - low) : row - low) * (i % 2 == 0 ? 1 - (column - left) : column - left);
            source.values()[Math.floorMod(low + i / 2, height) * width + Math.floorMod(left + i % 2, width)] += weight;
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
