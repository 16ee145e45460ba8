package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

/**
 * Objective and camera of a widefield microscope.
 *
 * @param wavelength of the light in vacuum, in micrometres
 * @param numericalAperture of the objective
 * @param pixelSize in the specimen, in micrometres
 * @param mediumIndex refractive index of the medium between specimen and objective
 * @param defocus distance of the specimen from the plane in focus, in micrometres; positive where the specimen is the
 *     farther from the objective
 */
public record Microscope(
        double wavelength, double numericalAperture, double pixelSize, double mediumIndex, double defocus) {
    /** In focus. */
    public Microscope(double wavelength, double numericalAperture, double pixelSize, double mediumIndex) {
        this(wavelength, numericalAperture, pixelSize, mediumIndex, 0);
    }

    public Microscope {
        require(Double.isFinite(defocus), "the defocus must be a number (micrometres), got %s", defocus);
        require(
                wavelength > 0 && Double.isFinite(wavelength),
                "wavelength must be positive (micrometres), got %s",
                wavelength);
        require(
                numericalAperture > 0 && Double.isFinite(numericalAperture),
                "the numerical aperture must be positive, got %s",
                numericalAperture);
        require(
                pixelSize > 0 && Double.isFinite(pixelSize),
                "pixel size must be positive (micrometres), got %s",
                pixelSize);
        require(
                mediumIndex >= 1 && Double.isFinite(mediumIndex),
                "the refractive index of the medium must be at least 1, got %s",
                mediumIndex);
        require(
                numericalAperture <= mediumIndex,
                "NA %s cannot exceed the refractive index of the medium, %s",
                numericalAperture,
                mediumIndex);
    }

    /** The same with the specimen out of focus. */
    public Microscope defocused(double distance) {
        return new Microscope(wavelength, numericalAperture, pixelSize, mediumIndex, distance);
    }

    /** How far out of focus the specimen may be before that shows, about: n wavelength / NA^2, in micrometres. */
    public double depthOfField() {
        return mediumIndex * wavelength / (numericalAperture * numericalAperture);
    }

    /** Largest spatial frequency that the pupil passes, in cycles per micrometre: NA / wavelength. */
    public double coherentCutoff() {
        return numericalAperture / wavelength;
    }

    /** Largest spatial frequency that incoherent imaging passes, in cycles per micrometre: 2 NA / wavelength. */
    public double incoherentCutoff() {
        return 2 * numericalAperture / wavelength;
    }
}
