package dev.nstm.optics;

/**
 * What 1 stands for where absorption and phase of a weak object are counted in units of their own.
 *
 * @param absorption of the amplitude, positive where light is lost
 * @param phase in radians
 */
public record WeakObjectUnits(double absorption, double phase) {
    /**
     * Those of the published code (Cao et al., Nature Methods 2024), whose golden values and settings are reproduced
     * with them: absorption is counted positive where light is gained, phase as radians times the wavelength in
     * micrometres.
     *
     * @param wavelength in micrometres
     */
    public static WeakObjectUnits published(double wavelength) {
        return new WeakObjectUnits(-1, 1 / wavelength);
    }
}
