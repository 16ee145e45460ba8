package dev.nstm.apps.run;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.optics.EdgeTaper;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.HotPixels;
import java.util.function.UnaryOperator;

/** What is done to raw pictures of every system before anything else. */
public final class RawPictures {
    private RawPictures() {}

    /** With opposite borders brought together. */
    public static Grid2D tapered(Configuration c, Grid2D picture) {
        int taper = c.get(Keys.TAPER);
        return taper == 0 ? picture : EdgeTaper.apply(picture, taper);
    }

    /** Without hot pixels. */
    public static Grid2D cleaned(Configuration c, Grid2D picture) {
        double threshold = c.get(Keys.HOT_PIXELS);
        return threshold == 0 ? picture : HotPixels.removed(picture, threshold);
    }

    /** Every plane {@link #cleaned}. */
    public static Grid3D cleaned(Configuration c, Grid3D volume) {
        return c.get(Keys.HOT_PIXELS) == 0 ? volume : planes(volume, plane -> cleaned(c, plane));
    }

    /** Every plane {@link #tapered}. */
    public static Grid3D tapered(Configuration c, Grid3D volume) {
        return c.get(Keys.TAPER) == 0 ? volume : planes(volume, plane -> tapered(c, plane));
    }

    private static Grid3D planes(Grid3D volume, UnaryOperator<Grid2D> change) {
        Grid3D changed = new Grid3D(volume.depth(), volume.height(), volume.width());
        int pixels = volume.height() * volume.width();
        for (int z = 0; z < volume.depth(); z++) System.arraycopy(change.apply(volume.plane(z)).values(), 0, changed.values(), z * pixels, pixels);
        return changed;
    }
}
