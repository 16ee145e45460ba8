package dev.nstm.optics;

/** Attenuates the frequencies around the centre of a band, where out-of-focus light gathers. */
public final class NotchFilter {
    private NotchFilter() {}

    /**
     * 1 - depth exp(-rho^2 / (2 width^2)), rho counted in units of the lateral and axial cutoffs. Order 1 of three-beam
     * illumination has its centres at the axial frequencies +-{@code axialOffset}.
     */
    public static Grid3D of(int planes, int height, int width, VolumeOptics optics, int order, double depth, double notchWidth, double axialOffset) {
        Grid3D notch = new Grid3D(planes, height, width);
        double lateral = optics.lateralCutoff();
        double axial = optics.axialCutoff();
        for (int i = 0; i < notch.values().length; i++) {
            double kx = Grid2D.frequency(i % width, width, optics.pixelSize()) / lateral;
            double ky = Grid2D.frequency(i / width % height, height, optics.pixelSize()) / lateral;
            double kz = Grid2D.frequency(i / width / height, planes, optics.zStep());
            if (order == 1) kz = Math.min(Math.abs(kz - axialOffset), Math.abs(kz + axialOffset));
            notch.values()[i] = at(Math.hypot(kx, ky), kz / axial, depth, notchWidth);
        }
        return notch;
    }

    /** The notch at a lateral and an axial distance from its centre, in units of the cutoffs. */
    public static double at(double lateral, double axial, double depth, double notchWidth) {
        return 1 - depth * Math.exp(-(lateral * lateral + axial * axial) / 2 / (notchWidth * notchWidth));
    }
}
