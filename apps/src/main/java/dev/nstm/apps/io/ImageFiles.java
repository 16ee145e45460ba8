package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Reads pictures: uncompressed TIFF stacks by {@link TiffReader}, MRC and DV files by {@link MrcReader}, CZI files by {@link CziReader}, other TIFF and PNG files through the JDK's own readers. */
public final class ImageFiles {
    private static final int MOST_PAGES = 100_000;

    private ImageFiles() {}

    /**
     * All pages of all files, in order; colours are averaged to grey.
     *
     * @throws InvalidInputException naming the file where it is missing, cut off or no picture
     */
    public static List<Grid2D> read(List<Path> files) throws IOException {
        List<Grid2D> pages = new ArrayList<>();
        for (Path file : files) {
            require(Files.isRegularFile(file), "%s: no such file", file);
            Optional<List<Grid2D>> plain = TiffReader.read(file, MOST_PAGES);
            if (plain.isEmpty()) plain = MrcReader.read(file, MOST_PAGES);
            if (plain.isEmpty()) plain = CziReader.read(file, MOST_PAGES);
            if (plain.isPresent()) {
                pages.addAll(plain.get());
                continue;
            }
            try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
                Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
                require(readers.hasNext(), "%s is neither TIFF, MRC, DV, CZI nor PNG", file);
                ImageReader reader = readers.next();
                reader.setInput(in);
                int count = reader.getNumImages(true);
                require(count <= MOST_PAGES, "%s claims %d pages; at most %d are read", file, count, MOST_PAGES);
                for (int page = 0; page < count; page++) pages.add(page(reader, page));
                reader.dispose();
            } catch (IIOException | IndexOutOfBoundsException | IllegalArgumentException broken) {
                if (broken instanceof InvalidInputException) throw (InvalidInputException) broken;
                throw new InvalidInputException(file + " is cut off or damaged: " + broken.getMessage(), broken);
            }
        }
        return pages;
    }

    private static Grid2D page(ImageReader reader, int page) throws IOException {
        Raster raster = reader.canReadRaster() ? reader.readRaster(page, null) : reader.read(page).getRaster();
        int bands = raster.getNumBands() == 4 ? 3 : raster.getNumBands() == 2 ? 1 : raster.getNumBands();
        Grid2D grid = new Grid2D(raster.getHeight(), raster.getWidth());
        for (int y = 0; y < grid.height(); y++) {
            for (int x = 0; x < grid.width(); x++) {
                double sum = 0;
                for (int band = 0; band < bands; band++) sum += raster.getSampleDouble(x + raster.getMinX(), y + raster.getMinY(), band);
                grid.values()[y * grid.width() + x] = sum / bands;
            }
        }
        return grid;
    }
}
