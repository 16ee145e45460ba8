package dev.nstm.optics;

/** The window that falls linearly from zero frequency to the edge of what structured illumination can reach. */
public final class Apodization {
    /** Height of the window at and beyond the cutoff, as the reference has it. */
    public static final double FLOOR = 1e-2;

    private Apodization() {}

    /**
     * 1 / (1 - rho (1 - floor)) with rho the distance from zero frequency on an ellipsoid that reaches 1 at the cutoff:
     * laterally 2 NA / wavelength + 0.8 times the farthest shift of a band, axially the axial cutoff times (1 +
     * wavelength / excitation wavelength).
     *
     * @param farthest largest frequency of an order of the pattern, in cycles per micrometre; 0 for even light
     * @param floor height of the window at and beyond the cutoff
     */
    public static Grid3D inverse(int depth, int height, int width, VolumeOptics optics, double farthest, double floor) {
        double lateral = optics.lateralCutoff() + 0.8 * farthest;
        double axial =
                optics.axialCutoff() * (farthest > 0 ? 1 + optics.wavelength() / optics.excitationWavelength() : 1);
        Grid3D inverse = new Grid3D(depth, height, width);
        for (int i = 0; i < inverse.values().length; i++) {
            double rho = Math.min(1, EllipsoidalFrequency.of(i, depth, height, width, optics, lateral, axial));
            inverse.values()[i] = 1 / (1 - rho * (1 - floor));
        }
        return inverse;
    }
}
