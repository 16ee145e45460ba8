package dev.nstm.optics;

/** Discrete Fourier transforms in double precision, of any length, for setting up instruments. */
public final class Fourier {
    private Fourier() {}

    /** Two-dimensional transform, unnormalised, exp(-2 pi i k x / n). */
    public static ComplexGrid forward(ComplexGrid grid) {
        return transform(grid, false);
    }

    /** The spectrum of a picture. */
    public static ComplexGrid forward(Grid2D picture) {
        return forward(ComplexGrid.ofReal(picture));
    }

    /** The inverse of {@link #forward(ComplexGrid)}, normalised. */
    public static ComplexGrid inverse(ComplexGrid grid) {
        return transform(grid, true);
    }

    private static ComplexGrid transform(ComplexGrid grid, boolean inverse) {
        int height = grid.height();
        int width = grid.width();
        ComplexGrid out =
                new ComplexGrid(height, width, grid.re().clone(), grid.im().clone());
        lines(out.re(), out.im(), inverse, 1, height, width);
        lines(out.re(), out.im(), inverse, height, width, 1);
        return out;
    }

    /** Three-dimensional transform, unnormalised, exp(-2 pi i k x / n). */
    public static ComplexGrid3D forward(ComplexGrid3D grid) {
        return transform(grid, false);
    }

    /** The inverse of {@link #forward(ComplexGrid3D)}, normalised. */
    public static ComplexGrid3D inverse(ComplexGrid3D grid) {
        return transform(grid, true);
    }

    /** A volume whose spectrum is multiplied by {@code window}, zero frequency first and as large as the volume. */
    public static Grid3D filtered(Grid3D volume, Grid3D window) {
        ComplexGrid3D spectrum = forward(ComplexGrid3D.ofReal(volume));
        for (int i = 0; i < window.values().length; i++) {
            spectrum.re()[i] *= window.values()[i];
            spectrum.im()[i] *= window.values()[i];
        }
        return inverse(spectrum).real();
    }

    private static ComplexGrid3D transform(ComplexGrid3D grid, boolean inverse) {
        int depth = grid.depth();
        int height = grid.height();
        int width = grid.width();
        ComplexGrid3D out = new ComplexGrid3D(
                depth, height, width, grid.re().clone(), grid.im().clone());
        lines(out.re(), out.im(), inverse, 1, depth, height * width);
        lines(out.re(), out.im(), inverse, depth, height, width);
        lines(out.re(), out.im(), inverse, depth * height, width, 1);
        return out;
    }

    /**
     * Transforms the middle axis of {@code [outer][n][inner]}. The inverse is the forward transform with real and
     * imaginary parts exchanged before and after, divided by n.
     */
    private static void lines(double[] re, double[] im, boolean inverse, int outer, int n, int inner) {
        if (n == 1) return;
        FourierLine line = FourierLine.of(n, inner);
        for (int block = 0; block < outer; block++) {
            if (inverse) line.transform(im, re, block * n * inner);
            else line.transform(re, im, block * n * inner);
        }
        if (!inverse) return;
        for (int i = 0; i < re.length; i++) {
            re[i] /= n;
            im[i] /= n;
        }
    }
}
