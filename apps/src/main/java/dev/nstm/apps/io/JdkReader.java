package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads PNG and BMP pictures through the JDK's readers, which trust their input: sizes and checksums are looked at
 * before.
 */
final class JdkReader {
    private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
    /** Pixels that a byte of a packed picture stands for at most: deflate's ratio at one bit a pixel. */
    private static final long LARGEST_RATIO = 8 * 1032;

    private JdkReader() {}

    /** Empty where no reader knows the file. */
    static Optional<Pictures> read(Path file) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) return Optional.empty();
            ImageReader reader = readers.next();
            String format = reader.getFormatName().toLowerCase(Locale.ROOT);
            require(
                    format.equals("png") || format.equals("bmp"),
                    "%s is a %s picture, which has lost what the camera saw; TIFF, PNG, BMP and PGM keep it",
                    file,
                    format.toUpperCase(Locale.ROOT));
            if (format.equals("png")) checkSums(file);
            reader.setInput(in);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            require(
                    pixels <= Files.size(file) * LARGEST_RATIO,
                    "%s is damaged: it claims %dx%d pixels in %d bytes",
                    file,
                    reader.getHeight(0),
                    reader.getWidth(0),
                    Files.size(file));
            Room.forValues(3 * pixels, file.toString());
            List<Grid2D> colours = colours(reader.read(0));
            reader.dispose();
            return Optional.of(new Pictures(List.of(colours), Calibration.NONE));
        } catch (InvalidInputException told) {
            throw told;
        } catch (IOException | RuntimeException broken) {
            throw new InvalidInputException(
                    file + " is cut off or damaged: "
                            + (broken.getMessage() == null ? "it cannot be decoded" : broken.getMessage()),
                    broken);
        }
    }

    /** Every chunk of a PNG file ends with a checksum, which the JDK does not compare. */
    private static void checkSums(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        require(
                bytes.remaining() >= 8 && bytes.getLong() == PNG_SIGNATURE,
                "%s is damaged: it does not begin like a PNG file",
                file);
        for (boolean last = false; !last; ) {
            require(bytes.remaining() >= 12, "%s is cut off at byte %d", file, bytes.limit());
            int length = bytes.getInt();
            require(
                    length >= 0 && length <= bytes.remaining() - 8,
                    "%s is cut off or damaged: a chunk at byte %d claims %d bytes",
                    file,
                    bytes.position() - 4,
                    Integer.toUnsignedLong(length));
            CRC32 checksum = new CRC32();
            checksum.update(bytes.slice(bytes.position(), length + 4));
            last = bytes.getInt(bytes.position()) == 0x49454E44;
            bytes.position(bytes.position() + length + 4);
            require(
                    bytes.getInt() == (int) checksum.getValue(),
                    "%s is damaged: the chunk before byte %d does not agree with its checksum",
                    file,
                    bytes.position());
        }
    }

    /** One grid per colour, transparency left out. */
    private static List<Grid2D> colours(BufferedImage image) {
        Raster raster = image.getColorModel() instanceof IndexColorModel palette
                ? palette.convertToIntDiscrete(image.getRaster(), false).getRaster()
                : image.getRaster();
        int bands = raster.getNumBands() == 4 ? 3 : raster.getNumBands() == 2 ? 1 : raster.getNumBands();
        List<Grid2D> colours = new ArrayList<>();
        for (int band = 0; band < bands; band++) {
            double[] values = raster.getSamples(
                    raster.getMinX(), raster.getMinY(), raster.getWidth(), raster.getHeight(), band, (double[]) null);
            colours.add(new Grid2D(raster.getHeight(), raster.getWidth(), values));
        }
        return colours;
    }
}
