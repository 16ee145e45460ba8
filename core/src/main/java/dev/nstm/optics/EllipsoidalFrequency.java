package dev.nstm.optics;

/** Distance of a frequency from zero, in units of a lateral and an axial cutoff. */
final class EllipsoidalFrequency {
    private EllipsoidalFrequency() {}

    /** @param index of the frequency in a volume, {@code [z][y][x]}, zero frequency first */
    static double of(
            int index,
            int depth,
            int height,
            int width,
            VolumeOptics optics,
            double lateralCutoff,
            double axialCutoff) {
        double kx = Grid2D.frequency(index % width, width, optics.pixelSize());
        double ky = Grid2D.frequency(index / width % height, height, optics.pixelSize());
        double kz = Grid2D.frequency(index / width / height, depth, optics.zStep());
        return Math.sqrt((kx * kx + ky * ky) / (lateralCutoff * lateralCutoff) + kz * kz / (axialCutoff * axialCutoff));
    }
}
