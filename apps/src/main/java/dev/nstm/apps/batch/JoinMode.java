package dev.nstm.apps.batch;

/** How values in the overlap of patches are joined. */
public enum JoinMode {
    /** The later patch takes over in the middle of the overlap. */
    MID,
    /** Mean of all patches. */
    AVERAGE,
    /** Mean weighted with the square of a ramp over the overlap. */
    GRADIENT,
    /** Largest value. */
    MAX,
    /** Smallest value. */
    MIN;

    /**
     * Weight of a patch's samples along an axis; at the borders of the field everything counts.
     *
     * @param first whether the patch begins with the field
     * @param last whether it ends with it
     */
    double[] weights(int size, int overlap, boolean first, boolean last) {
        double[] weights = new double[size];
        for (int i = 0; i < size; i++) {
            double before = first ? Double.POSITIVE_INFINITY : i;
            double after = last ? Double.POSITIVE_INFINITY : size - 1 - i;
            weights[i] = switch (this) {
                case MID -> before >= overlap / 2 && after >= overlap / 2 ? 1 : 0;
                case GRADIENT -> Math.pow(Math.min(1, (Math.min(before, after) + 0.5) / Math.max(1, overlap)), 2);
                default -> 1;
            };
        }
        return weights;
    }
}
