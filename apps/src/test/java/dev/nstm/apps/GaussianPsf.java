package dev.nstm.apps;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;

/**
 * Gaussian approximations of a widefield point-spread function (Zhang, Zerubia and Olivo-Marin, Appl. Opt. 46, 1819
 * (2007)).
 */
final class GaussianPsf {
    private GaussianPsf() {}

    /** Standard deviation for low apertures, in micrometres: 0.21 wavelength / NA. */
    static double paraxialSigma(double wavelength, double numericalAperture) {
        return 0.21 * wavelength / numericalAperture;
    }

    /** Standard deviation for high apertures, in micrometres. */
    static double nonparaxialSigma(double wavelength, double numericalAperture, double mediumIndex) {
        require(
                numericalAperture < mediumIndex,
                "NA %s must be below the refractive index of the medium, %s",
                numericalAperture,
                mediumIndex);
        double cos = Math.cos(Math.asin(numericalAperture / mediumIndex));
        double ratio = (4 - 7 * Math.pow(cos, 1.5) + 3 * Math.pow(cos, 3.5)) / (7 - 7 * Math.pow(cos, 1.5));
        return wavelength / (2 * Math.PI * mediumIndex) / Math.sqrt(ratio);
    }

    /** exp(-r^2 / (2 sigma^2)) with the origin at sample 0 and wrapped around. */
    static Grid2D of(int height, int width, double pixelSize, double sigma) {
        Grid2D psf = new Grid2D(height, width);
        for (int y = 0; y < height; y++) {
            double dy = Grid2D.wrapped(y, height) * pixelSize;
            for (int x = 0; x < width; x++) {
                double dx = Grid2D.wrapped(x, width) * pixelSize;
                psf.values()[y * width + x] = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
            }
        }
        return psf;
    }
}
