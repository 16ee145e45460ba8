package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

/** Brings opposite borders of a picture together, so that its periodic continuation has no step. */
public final class EdgeTaper {
    private EdgeTaper() {}

    /**
     * Adds half the difference of opposite borders to one side and takes it from the other, weighted 1 - sin((i + 1/2)
     * / n pi / 2) at distance i from the border: first across rows, then across columns.
     *
     * @param pixels n, how far the change reaches
     */
    public static Grid2D apply(Grid2D image, int pixels) {
        int height = image.height();
        int width = image.width();
        require(
                pixels >= 1 && 2 * pixels <= Math.min(height, width),
                "a taper of %d pixels does not fit a %s picture",
                pixels,
                image.size());
        Grid2D out = new Grid2D(height, width, image.values().clone());
        for (int i = 0; i < pixels; i++) {
            double weight = 1 - Math.sin((i + 0.5) / pixels * Math.PI / 2);
            for (int x = 0; x < width; x++) {
                double half = (image.get(height - 1, x) - image.get(0, x)) / 2;
                out.values()[i * width + x] += half * weight;
                out.values()[(height - 1 - i) * width + x] -= half * weight;
            }
            for (int y = 0; y < height; y++) {
                double half = (image.get(y, width - 1) - image.get(y, 0)) / 2;
                out.values()[y * width + i] += half * weight;
                out.values()[y * width + width - 1 - i] -= half * weight;
            }
        }
        return out;
    }
}
