package dev.nstm.optics;

import static dev.nstm.tensor.InvalidInputException.require;

/** Finer pixels for the same picture, by zeros around its spectrum, and back. */
public final class Oversampling {
    private Oversampling() {}

    /**
     * Every plane with {@code factor} times as many rows and columns; sample 0 stays where it is. The magnitude is
     * taken, as the reference does: counts of light are not negative.
     *
     * @param factor at least 1; the new sizes must be whole
     */
    public static Grid3D planes(Grid3D volume, double factor) {
        int height = whole(volume.height(), factor, "rows");
        int width = whole(volume.width(), factor, "columns");
        if (height == volume.height() && width == volume.width()) return volume;
        Grid3D fine = new Grid3D(volume.depth(), height, width);
        for (int z = 0; z < volume.depth(); z++) {
            ComplexGrid plane = Fourier.inverse(padded(Fourier.forward(volume.plane(z)), height, width));
            for (int i = 0; i < height * width; i++)
                fine.values()[z * height * width + i] = Math.hypot(plane.re()[i], plane.im()[i]);
        }
        return fine;
    }

    /** The low frequencies of a picture with fewer pixels; sample 0 stays where it is. */
    public static Grid2D undone(Grid2D picture, int height, int width) {
        if (height == picture.height() && width == picture.width()) return picture;
        double amplitude = (double) height * width / (picture.height() * picture.width());
        return Fourier.inverse(Fourier.forward(picture).lowFrequencies(height, width, amplitude))
                .real();
    }

    /** The new size along an axis. */
    public static int whole(int samples, double factor, String what) {
        require(factor >= 1 && Double.isFinite(factor), "the oversampling must be at least 1, got %s", factor);
        double size = samples * factor;
        require(
                Math.abs(size - Math.rint(size)) < 1e-6,
                "%d %s times an oversampling of %s is %s, which is not whole; crop the field or change the factor",
                samples,
                what,
                factor,
                size);
        return (int) Math.rint(size);
    }

    /** The spectrum of the larger picture with the same values; a Nyquist frequency is shared by its two signs. */
    private static ComplexGrid padded(ComplexGrid spectrum, int height, int width) {
        int oldHeight = spectrum.height();
        int oldWidth = spectrum.width();
        ComplexGrid padded = new ComplexGrid(height, width);
        double scale = (double) height * width / (oldHeight * oldWidth);
        for (int y = 0; y < oldHeight; y++) {
            for (int x = 0; x < oldWidth; x++) {
                boolean nyquistRow = 2 * y == oldHeight && height > oldHeight;
                boolean nyquistColumn = 2 * x == oldWidth && width > oldWidth;
                double share = scale * (nyquistRow ? 0.5 : 1) * (nyquistColumn ? 0.5 : 1);
                int row = 2 * y < oldHeight || height == oldHeight ? y : height - oldHeight + y;
                int column = 2 * x < oldWidth || width == oldWidth ? x : width - oldWidth + x;
                add(padded, row, column, spectrum, y * oldWidth + x, share);
                if (nyquistRow) add(padded, oldHeight / 2, column, spectrum, y * oldWidth + x, share);
                if (nyquistColumn) add(padded, row, oldWidth / 2, spectrum, y * oldWidth + x, share);
                if (nyquistRow && nyquistColumn)
                    add(padded, oldHeight / 2, oldWidth / 2, spectrum, y * oldWidth + x, share);
            }
        }
        return padded;
    }

    private static void add(ComplexGrid padded, int row, int column, ComplexGrid spectrum, int from, double share) {
        int to = row * padded.width() + column;
        padded.re()[to] += share * spectrum.re()[from];
        padded.im()[to] += share * spectrum.im()[from];
    }
}
