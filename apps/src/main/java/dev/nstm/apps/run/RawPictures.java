package dev.nstm.apps.run;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.config.Keys;
import dev.nstm.optics.EdgeTaper;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.Grid3D;
import dev.nstm.optics.HotPixels;

/** What is done to raw pictures of every system before anything else. */
public final class RawPictures {
    private RawPictures() {}

    /** Without hot pixels and with borders brought together, as the configuration wants it. */
    public static Grid2D prepared(Configuration c, Grid2D picture) {
        Grid2D cleaned = cleaned(c, picture);
        int taper = c.get(Keys.TAPER);
        return taper == 0 ? cleaned : EdgeTaper.apply(cleaned, taper);
    }

    /** Without hot pixels. */
    public static Grid2D cleaned(Configuration c, Grid2D picture) {
        double threshold = c.get(Keys.HOT_PIXELS);
        return threshold == 0 ? picture : HotPixels.removed(picture, threshold);
    }

    /** {@link #prepared} for every plane. */
    public static Grid3D prepared(Configuration c, Grid3D volume) {
        if (c.get(Keys.HOT_PIXELS) == 0 && c.get(Keys.TAPER) == 0) return volume;
        Grid3D prepared = new Grid3D(volume.depth(), volume.height(), volume.width());
        int pixels = volume.height() * volume.width();
        for (int z = 0; z < volume.depth(); z++) System.arraycopy(prepared(c, volume.plane(z)).values(), 0, prepared.values(), z * pixels, pixels);
        return prepared;
    }
}
