package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
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
     * One picture with its colours apart: one grid where it is grey, else red, green and blue.
     *
     * @throws InvalidInputException naming the file where it is missing, cut off, no picture or more than one
     */
    public static List<Grid2D> readColours(Path file) throws IOException {
        require(Files.isRegularFile(file), "%s: no such file", file);
        Optional<List<Grid2D>> grey = TiffReader.read(file, MOST_PAGES);
        if (grey.isPresent()) {
            require(grey.get().size() == 1 || grey.get().size() == 3, "%s holds %d pictures; one is needed, or three for red, green and blue", file, grey.get().size());
            return grey.get();
        }
        List<List<Grid2D>> pictures = decoded(file);
        require(pictures.size() == 1, "%s holds %d pictures; one is needed", file, pictures.size());
        return pictures.getFirst();
    }

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
            for (List<Grid2D> colours : decoded(file)) pages.add(Grid2D.mean(colours));
        }
        return pages;
    }

    /** The pictures of a TIFF or PNG file, colours apart, as the JDK's readers see them. */
    private static List<List<Grid2D>> decoded(Path file) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            require(readers.hasNext(), "%s is neither TIFF, MRC, DV, CZI nor PNG", file);
            ImageReader reader = readers.next();
            String format = reader.getFormatName().toLowerCase(Locale.ROOT);
            require(format.equals("png") || format.startsWith("tif"), "%s is a %s picture; TIFF and PNG keep what the camera saw", file, format);
            reader.setInput(in);
            int count = reader.getNumImages(true);
            require(count <= MOST_PAGES, "%s claims %d pages; at most %d are read", file, count, MOST_PAGES);
            List<List<Grid2D>> pages = new ArrayList<>();
            for (int i = 0; i < count; i++) pages.add(colours(reader.read(i)));
            reader.dispose();
            return pages;
        } catch (IIOException | IndexOutOfBoundsException | IllegalArgumentException broken) {
            if (broken instanceof InvalidInputException) throw (InvalidInputException) broken;
            throw new InvalidInputException(file + " is cut off or damaged: " + broken.getMessage(), broken);
        }
    }

    /** One grid per colour, transparency left out. */
    private static List<Grid2D> colours(BufferedImage image) {
        Raster raster = image.getColorModel() instanceof IndexColorModel palette ? palette.convertToIntDiscrete(image.getRaster(), false).getRaster() : image.getRaster();
        int bands = raster.getNumBands() == 4 ? 3 : raster.getNumBands() == 2 ? 1 : raster.getNumBands();
        List<Grid2D> colours = new ArrayList<>();
        for (int band = 0; band < bands; band++) {
            double[] values = raster.getSamples(raster.getMinX(), raster.getMinY(), raster.getWidth(), raster.getHeight(), band, (double[]) null);
            colours.add(new Grid2D(raster.getHeight(), raster.getWidth(), values));
        }
        return colours;
    }
}
