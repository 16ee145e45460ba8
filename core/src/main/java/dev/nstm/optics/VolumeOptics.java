package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

/**
 * Objective, camera and focus drive of a fluorescence microscope.
 *
 * @param wavelength of the emitted light in vacuum, in micrometres
 * @param excitationWavelength in vacuum, in micrometres
 * @param numericalAperture of the objective
 * @param mediumIndex refractive index of the immersion medium
 * @param pixelSize in the specimen, in micrometres
 * @param zStep between planes, in micrometres
 */
public record VolumeOptics(
        double wavelength,
        double excitationWavelength,
        double numericalAperture,
        double mediumIndex,
        double pixelSize,
        double zStep) {
    public VolumeOptics {
        positive("the emission wavelength", wavelength, "micrometres");
        positive("the excitation wavelength", excitationWavelength, "micrometres");
        positive("the numerical aperture", numericalAperture, "no unit");
        positive("the refractive index of the medium", mediumIndex, "no unit");
        positive("the pixel size", pixelSize, "micrometres");
        positive("the step between planes", zStep, "micrometres");
        require(
                numericalAperture <= mediumIndex,
                "NA %s cannot exceed the refractive index of the medium, %s",
                numericalAperture,
                mediumIndex);
    }

    private static void positive(String what, double value, String unit) {
        require(value > 0 && Double.isFinite(value), "%s must be positive (%s), got %s", what, unit, value);
    }

    /** Largest lateral frequency that reaches the camera, in cycles per micrometre: 2 NA / wavelength. */
    public double lateralCutoff() {
        return 2 * numericalAperture / wavelength;
    }

    /**
     * Largest axial frequency of band 0, in cycles per micrometre, as the reference bounds it: generously, ceil((1 -
     * cos(NA / n)) / wavelength).
     */
    public double axialCutoff() {
        return Math.ceil((1 - Math.cos(numericalAperture / mediumIndex)) / wavelength);
    }

    /** The same instrument with pixels divided by an oversampling factor. */
    public VolumeOptics oversampled(double factor) {
        return new VolumeOptics(
                wavelength, excitationWavelength, numericalAperture, mediumIndex, pixelSize / factor, zStep);
    }
}
