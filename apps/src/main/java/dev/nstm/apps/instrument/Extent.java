package dev.nstm.apps.instrument;

import dev.nstm.apps.config.Configuration;
import dev.nstm.apps.io.Pictures;
import dev.nstm.optics.Grid2D;
import java.io.IOException;
import java.util.List;

/**
 * What there is to cut of a recording.
 *
 * @param shots of the recording (SIM: images; lensless camera: photographs)
 * @param together shots that stay together: windows begin and end between such groups
 * @param planes of a shot
 * @param rows of the camera
 * @param columns of the camera
 */
public record Extent(int shots, int together, int planes, int rows, int columns) {
    /** That of the picture files that a configuration names, a page for every shot; one of them is read. */
    public static Extent ofPictures(Configuration c, boolean channelsArePages, int together) throws IOException {
        List<Integer> pages = RawPictures.pages(c, channelsArePages);
        Pictures first = RawPictures.read(c, channelsArePages, pages.subList(0, 1));
        Grid2D page = first.grey().getFirst();
        return new Extent(pages.size(), together, 1, page.height(), page.width());
    }
}
