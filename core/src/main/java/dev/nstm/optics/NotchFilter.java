package dev.nstm.optics;

/** Attenuates the frequencies around the centre of a band, where out-of-focus light gathers. */
public final class NotchFilter {
    private NotchFilter() {}

    /**
     * The notch at a lateral and an axial distance from its centre, in units of the cutoffs: 1 - depth exp(-(lateral^2
     * + axial^2) / (2 width^2)). Order 1 of three-beam light has two centres along the axis.
     */
    public static double at(double lateral, double axial, double depth, double notchWidth) {
        return 1 - depth * Math.exp(-(lateral * lateral + axial * axial) / 2 / (notchWidth * notchWidth));
    }
}
