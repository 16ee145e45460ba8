package dev.nstm.apps.batch;

import dev.nstm.apps.instrument.ShotWindow;
import dev.nstm.apps.io.Region;
import java.util.Locale;

/**
 * A part of a recording that is reconstructed by itself.
 *
 * @param window number of its window in time, from 0
 * @param patch number of its patch in space, from 0
 * @param shots of the recording
 * @param region of the field, in pixels of the camera
 */
public record Piece(int window, int patch, ShotWindow shots, Region region) {
    /** For people, and as its directory is called. */
    public String name() {
        return String.format(Locale.ROOT, "w%05d/p%05d", window, patch);
    }
}
