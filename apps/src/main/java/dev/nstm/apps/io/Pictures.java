package dev.nstm.apps.io;

import dev.nstm.optics.Grid2D;
import java.util.List;

/**
 * What was read from picture files.
 *
 * @param pages colours apart: one grid where a page is grey
 * @param calibration what the first file says of itself
 */
public record Pictures(List<List<Grid2D>> pages, Calibration calibration) {
    /** Pages with their colours averaged. */
    public List<Grid2D> grey() {
        return pages.stream().map(Grid2D::mean).toList();
    }
}
