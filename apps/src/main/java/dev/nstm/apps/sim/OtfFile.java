package dev.nstm.apps.sim;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.apps.io.ImageFiles;
import dev.nstm.optics.Grid2D;
import dev.nstm.optics.RadialOtf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads radially averaged transfer functions as the common reconstruction packages write them. */
final class OtfFile {
    private OtfFile() {}

    /**
     * A TIFF with a page per band, a row per radius, and in each row the axial frequencies as interleaved real and
     * imaginary parts.
     */
    static RadialOtf read(Path file, double pixelSize, double zStep) throws IOException {
        List<Grid2D> bands = ImageFiles.read(List.of(file));
        Grid2D first = bands.getFirst();
        require(first.width() % 2 == 0, "%s: rows of %d values are not interleaved real and imaginary parts", file, first.width());
        int radii = first.height();
        int axial = first.width() / 2;
        double[] re = new double[bands.size() * radii * axial];
        double[] im = new double[re.length];
        for (int band = 0; band < bands.size(); band++) {
            Grid2D page = bands.get(band);
            require(page.height() == radii && page.width() == 2 * axial, "%s: band %d is %s but band 0 is %s", file, band, page.size(), first.size());
            for (int i = 0; i < radii * axial; i++) {
                re[band * radii * axial + i] = page.values()[2 * i];
                im[band * radii * axial + i] = page.values()[2 * i + 1];
            }
        }
        return new RadialOtf(bands.size(), radii, axial, re, im, pixelSize, zStep);
    }
}
