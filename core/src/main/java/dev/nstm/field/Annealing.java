package dev.nstm.field;

import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import java.util.Arrays;

/** Order in which the features of an encoding open as training goes from coarse to fine. */
public enum Annealing {
    /**
     * As published: a band is made of as many neighbouring features as a level has, which mixes levels; feature 0 of
     * every level opens first.
     */
    PUBLISHED,
    /** Every feature of level l belongs to band l. */
    BY_LEVEL;

    /**
     * Factor of every encoded feature: 0.5 (1 + cos(pi clip(alpha L - band, 0, 1) + pi)).
     *
     * @param alpha progress, 0 (all closed) to 1 (all open)
     * @param window receives one factor per feature
     */
    public void window(NetworkLayout layout, double alpha, float[] window) {
        int at = 0;
        for (int e = 0; e < layout.encodings().size(); e++) {
            Encoding encoding = layout.encodings().get(e);
            switch (encoding) {
                case Encoding.HashGrid grid -> {
                    for (int column = 0; column < grid.featureCount(); column++) {
                        int band = this == PUBLISHED ? column / grid.features() : column % grid.levels();
                        window[at + column] = open(alpha * grid.levels() - band);
                    }
                }
                case Encoding.Positional positional -> {
                    int waves = positional.frequencies().length;
                    double first = Math.log(positional.frequencies()[0]) / Math.log(2);
                    double step = waves > 1 ? Math.log(positional.frequencies()[1]) / Math.log(2) - first : 0;
                    for (int column = 0; column < positional.featureCount(); column++) {
                        window[at + column] = column < positional.axes()
                                ? 1
                                : open(alpha * waves - (first + step * ((column / positional.axes() - 1) / 2)));
                    }
                }
                case Encoding.Identity identity -> Arrays.fill(window, at, at + identity.featureCount(), 1f);
            }
            at += encoding.featureCount();
        }
    }

    private static float open(double progress) {
        double clipped = Math.min(1, Math.max(0, progress));
        return (float) (0.5 * (1 + Math.cos(Math.PI * clipped + Math.PI)));
    }
}
