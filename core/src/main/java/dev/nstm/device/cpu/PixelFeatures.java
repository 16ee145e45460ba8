package dev.nstm.device.cpu;

import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.PixelGrid;
import dev.nstm.tensor.Sizes;
import dev.nstm.tensor.Tensor;
import dev.nstm.tensor.TensorArena;
import java.lang.foreign.MemorySegment;

/** The encodings of a network that is evaluated at the samples of a pixel grid, one time per picture. */
final class PixelFeatures {
    private final NetworkLayout layout;
    private final PixelGrid grid;
    private final int pictures;
    /** Per encoding; null where it is not a hash grid. */
    private final SeparableGrid[] grids;
    /**
     * First vertex value of each encoding in a strip's gradients, at the start of a cache line; the last element is the
     * number of all values.
     */
    private final int[] start;

    private Tensor times;

    PixelFeatures(NetworkLayout layout, PixelGrid grid, int pictures, TensorArena arena) {
        this.layout = layout;
        this.grid = grid;
        this.pictures = pictures;
        int encodings = layout.encodings().size();
        grids = new SeparableGrid[encodings];
        start = new int[encodings + 1];
        for (int e = 0; e < encodings; e++) {
            if (layout.encodings().get(e) instanceof Encoding.HashGrid hashGrid)
                grids[e] = new SeparableGrid(hashGrid, grid, pictures, arena);
            int values = grids[e] == null ? 0 : Sizes.product("vertices of all pictures", pictures, grids[e].values());
            start[e + 1] = TensorArena.paddedRow(Math.addExact(start[e], values));
        }
    }

    PixelGrid grid() {
        return grid;
    }

    /** Whether any encoding looks at coordinates themselves instead of through a hash grid. */
    boolean wantsCoordinates() {
        for (SeparableGrid separable : grids) if (separable == null) return true;
        return false;
    }

    /** Null where the encoding is not a hash grid. */
    SeparableGrid separable(int encoding) {
        return grids[encoding];
    }

    /** Length of a strip's gradients of the vertices. */
    int gradientValues() {
        return start[grids.length];
    }

    /** Where the gradients of an encoding's vertices begin. */
    int gradientStart(int encoding) {
        return start[encoding];
    }

    float time(int picture) {
        return times.get(picture);
    }

    /** Prepares the hash grids for these parameters and times. */
    void fold(Tensor parameters, Tensor times) {
        this.times = times;
        for (int e = 0; e < grids.length; e++) {
            if (grids[e] == null) continue;
            for (int level = 0; level < levels(e); level++)
                grids[e].fold(level, parameters, layout.tableOffset(e, level), times, pictures);
        }
    }

    /** Sums the strips' gradients in order and adds them to the tables'. */
    void unfold(MemorySegment gradients, int strips, Tensor parameterGradient) {
        for (int e = 0; e < grids.length; e++) {
            if (grids[e] == null) continue;
            for (int level = 0; level < levels(e); level++) {
                grids[e].unfold(
                        level,
                        gradients,
                        start[e],
                        strips,
                        gradientValues(),
                        parameterGradient,
                        layout.tableOffset(e, level),
                        times,
                        pictures);
            }
        }
    }

    private int levels(int encoding) {
        return ((Encoding.HashGrid) layout.encodings().get(encoding)).levels();
    }
}
