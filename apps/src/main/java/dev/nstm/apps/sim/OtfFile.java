package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.ImageFiles;
import dev.nstm.apps.io.NpyArray;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.RadialOtf;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Sizes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Reads radially averaged transfer functions as the common reconstruction packages write them. */
final class OtfFile {
    private OtfFile() {}

    /**
     * A TIFF with a page per band, a row per radius, and in each row the axial frequencies as interleaved real and
     * imaginary parts.
     */
    static RadialOtf read(Path file, double pixelSize, double zStep) throws IOException {
        List<Grid2D> bands = ImageFiles.read(file);
        Grid2D first = bands.getFirst();
        require(
                first.width() % 2 == 0,
                "%s: rows of %d values are not interleaved real and imaginary parts",
                file,
                first.width());
        int radii = first.height();
        int axial = first.width() / 2;
        double[] re = new double[Sizes.product("a transfer function", bands.size(), radii, axial)];
        double[] im = new double[re.length];
        for (int band = 0; band < bands.size(); band++) {
            Grid2D page = bands.get(band);
            require(
                    page.height() == radii && page.width() == 2 * axial,
                    "%s: band %d is %s but band 0 is %s",
                    file,
                    band,
                    page.size(),
                    first.size());
            for (int i = 0; i < radii * axial; i++) {
                re[band * radii * axial + i] = page.values()[2 * i];
                im[band * radii * axial + i] = page.values()[2 * i + 1];
            }
        }
        return named(file.toString(), () -> new RadialOtf(bands.size(), radii, axial, re, im, pixelSize, zStep));
    }

    /** What is wrong with a transfer function, with the name of where it stands. */
    private static RadialOtf named(String where, Supplier<RadialOtf> otf) {
        try {
            return otf.get();
        } catch (InvalidInputException wrong) {
            throw new InvalidInputException(where + ": " + wrong.getMessage(), wrong);
        }
    }

    /** One direction of an array {@code [direction, radius, z, band, re and im]}. */
    static RadialOtf ofArray(String where, NpyArray array, int direction, double pixelSize, double zStep) {
        int radii = array.shape()[1];
        int axial = array.shape()[2];
        int bands = array.shape()[3];
        double[] re = new double[Sizes.product("a transfer function", bands, radii, axial)];
        double[] im = new double[re.length];
        for (int i = 0; i < re.length; i++) {
            int to = (i % bands * radii + i / bands / axial) * axial + i / bands % axial;
            re[to] = array.values()[2 * (direction * re.length + i)];
            im[to] = array.values()[2 * (direction * re.length + i) + 1];
        }
        return named(where, () -> new RadialOtf(bands, radii, axial, re, im, pixelSize, zStep));
    }

    /** The reverse, for directions that share one transfer function. */
    static NpyArray toArray(RadialOtf otf, int directions) {
        int values = otf.re().length;
        double[] all = new double[Sizes.product("transfer functions", 2, directions, values)];
        for (int i = 0; i < directions * values; i++) {
            int within = i % values;
            int from = (within % otf.bands() * otf.radii() + within / otf.bands() / otf.axial()) * otf.axial()
                    + within / otf.bands() % otf.axial();
            all[2 * i] = otf.re()[from];
            all[2 * i + 1] = otf.im()[from];
        }
        return new NpyArray(new int[] {directions, otf.radii(), otf.axial(), otf.bands(), 2}, all);
    }
}
