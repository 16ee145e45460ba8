package dev.nstm.apps.io;

import static dev.nstm.apps.io.HandmadeTiff.tags;
import static dev.nstm.apps.io.HandmadeTiff.words;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.nstm.Seeds;
import dev.nstm.apps.io.HandmadeTiff.Tag;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kinds of TIFF that cameras, microscopes and programs write, each with the same 16-bit numbers. */
class TiffKindsTest {
    private static final int HEIGHT = 37;
    private static final int WIDTH = 53;
    private static final int DEFLATE = 8;
    private static final int ZSTD = 50000;

    @TempDir
    private Path directory;

    private final SplittableRandom random = Seeds.random();
    private final int[] pixels = smooth();

    /** Smooth enough that predictors and dictionaries have work, with noise so that every code length comes. */
    private int[] smooth() {
        return IntStream.range(0, HEIGHT * WIDTH)
                .map(i -> 20000
                        + (int) (6000 * Math.sin(i % WIDTH / 5.0) + 5000 * Math.cos(i / WIDTH / 7.0))
                        + random.nextInt(400))
                .toArray();
    }

    private Path write(ByteOrder order, List<byte[]> data, Function<Integer, List<Tag>> tags) throws IOException {
        return HandmadeTiff.write(directory.resolve("kind.tif"), order, data, tags);
    }

    private byte[] plain(ByteOrder order) {
        return words(pixels, order);
    }

    private static byte[] deflated(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private void assertPixels(Path file, double tolerance) throws IOException {
        Grid2D whole = ImageFiles.read(file).getFirst();
        assertPixels(whole, tolerance);
        assertRegion(file, whole);
    }

    /** A part that is read alone is what it is in the whole. */
    private void assertRegion(Path file, Grid2D whole) throws IOException {
        int row = random.nextInt(HEIGHT);
        int column = random.nextInt(WIDTH);
        Region region = new Region(row, column, 1 + random.nextInt(HEIGHT - row), 1 + random.nextInt(WIDTH - column));
        Selection part = new Selection(Optional.empty(), Optional.empty(), true, Optional.empty(), Optional.of(region));
        assertArrayEquals(
                region.of(whole).values(),
                ImageFiles.read(List.of(file), part).grey().getFirst().values(),
                region.toString());
    }

    private void assertPixels(Grid2D page, double tolerance) {
        assertEquals(HEIGHT + "x" + WIDTH, page.size());
        assertArrayEquals(IntStream.of(pixels).asDoubleStream().toArray(), page.values(), tolerance);
    }

    @ParameterizedTest
    @CsvSource({"LZW", "ZLib", "Deflate", "PackBits"})
    void whatAnotherWriterCompressesIsRead(String compression) throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
        for (int i = 0; i < pixels.length; i++) image.getRaster().setSample(i % WIDTH, i / WIDTH, 0, pixels[i]);
        Path file = directory.resolve("jdk.tif");
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionType(compression);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        }
        writer.dispose();
        assertPixels(file, 0);
    }

    @ParameterizedTest
    @CsvSource({"LITTLE", "BIG"})
    void differencesAreAddedUp(String endian) throws IOException {
        ByteOrder order = endian.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int[] differences = IntStream.range(0, pixels.length)
                .map(i -> i % WIDTH == 0 ? pixels[i] : pixels[i] - pixels[i - 1])
                .toArray();
        assertPixels(
                write(
                        order,
                        List.of(deflated(words(differences, order))),
                        page -> tags(HEIGHT, WIDTH, 16, 1, DEFLATE, new Tag(317, 3, 2))),
                0);
    }

    @Test
    void differencesOfFloatsAreJoined() throws IOException {
        byte[] rows = new byte[4 * pixels.length];
        for (int y = 0; y < HEIGHT; y++) {
            byte[] row = new byte[4 * WIDTH];
            for (int x = 0; x < WIDTH; x++) {
                int bits = Float.floatToIntBits(pixels[y * WIDTH + x]);
                for (int b = 0; b < 4; b++) row[b * WIDTH + x] = (byte) (bits >> 24 - 8 * b);
            }
            for (int i = 0; i < row.length; i++) rows[y * row.length + i] = (byte) (row[i] - (i == 0 ? 0 : row[i - 1]));
        }
        assertPixels(
                write(
                        ByteOrder.LITTLE_ENDIAN,
                        List.of(deflated(rows)),
                        page -> tags(HEIGHT, WIDTH, 32, 3, DEFLATE, new Tag(317, 3, 3))),
                0);
    }

    @ParameterizedTest
    @CsvSource({"16,1,0", "32,1,0", "32,2,0", "64,1,0", "64,2,0", "16,3,16", "32,3,0", "64,3,0"})
    void everyTypeOfSampleIsRead(int bits, int format, double tolerance) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 * pixels.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int pixel : pixels) {
            if (format == 3 && bits == 16) bytes.putShort(Float.floatToFloat16(pixel));
            else if (format == 3 && bits == 32) bytes.putFloat(pixel);
            else if (format == 3) bytes.putDouble(pixel);
            else if (bits == 16) bytes.putShort((short) pixel);
            else if (bits == 32) bytes.putInt(pixel);
            else bytes.putLong(pixel);
        }
        assertPixels(
                write(
                        ByteOrder.LITTLE_ENDIAN,
                        List.of(Zstd.compress(Arrays.copyOf(bytes.array(), bytes.position()))),
                        page -> tags(HEIGHT, WIDTH, bits, format, ZSTD)),
                tolerance);
    }

    /** High-speed cameras pack 10 or 12 bits a pixel, the highest first, rows padded to bytes. */
    @ParameterizedTest
    @CsvSource({"10", "12"})
    void packedBitsAreRead(int bits) throws IOException {
        int rowBytes = (WIDTH * bits + 7) / 8;
        byte[] packed = new byte[HEIGHT * rowBytes];
        for (int i = 0; i < pixels.length; i++) {
            for (int b = 0; b < bits; b++) {
                int place = i / WIDTH * rowBytes * 8 + i % WIDTH * bits + b;
                packed[place / 8] |= (byte) ((pixels[i] >> 15 - b & 1) << 7 - place % 8);
            }
        }
        Grid2D page = ImageFiles.read(
                        write(ByteOrder.LITTLE_ENDIAN, List.of(packed), p -> tags(HEIGHT, WIDTH, bits, 1, 1)))
                .getFirst();
        for (int i = 0; i < pixels.length; i++) assertEquals(pixels[i] >> 16 - bits, page.values()[i]);
    }

    @Test
    void tilesAreJoined() throws IOException {
        int tile = 16;
        int across = Math.ceilDiv(WIDTH, tile);
        int down = Math.ceilDiv(HEIGHT, tile);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int[] offsets = new int[across * down];
        int[] lengths = new int[offsets.length];
        for (int t = 0; t < offsets.length; t++) {
            int[] part = new int[tile * tile];
            for (int i = 0; i < part.length; i++) {
                int y = t / across * tile + i / tile;
                int x = t % across * tile + i % tile;
                part[i] = y < HEIGHT && x < WIDTH ? pixels[y * WIDTH + x] : 7;
            }
            byte[] packed = deflated(words(part, ByteOrder.LITTLE_ENDIAN));
            // Negative values count from where the page's data begin.
            offsets[t] = ~all.size();
            lengths[t] = packed.length;
            all.write(packed);
        }
        assertPixels(
                write(
                        ByteOrder.LITTLE_ENDIAN,
                        List.of(all.toByteArray()),
                        page -> tags(
                                HEIGHT,
                                WIDTH,
                                16,
                                1,
                                DEFLATE,
                                new Tag(322, 4, tile),
                                new Tag(323, 4, tile),
                                new Tag(324, 4, offsets),
                                new Tag(325, 4, lengths))),
                0);
    }

    /** Where a pixel of the picture is kept in a file of each orientation. */
    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8"})
    void picturesStandUpright(int orientation) throws IOException {
        boolean exchanged = orientation >= 5;
        int rows = exchanged ? WIDTH : HEIGHT;
        int columns = exchanged ? HEIGHT : WIDTH;
        int[] stored = new int[pixels.length];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int top = List.of(3, 4, 7, 8).contains(orientation) ? HEIGHT - 1 - y : y;
                int left = List.of(2, 3, 6, 7).contains(orientation) ? WIDTH - 1 - x : x;
                stored[exchanged ? left * columns + top : top * columns + left] = pixels[y * WIDTH + x];
            }
        }
        assertPixels(
                write(
                        ByteOrder.BIG_ENDIAN,
                        List.of(words(stored, ByteOrder.BIG_ENDIAN)),
                        page -> tags(rows, columns, 16, 1, 1, new Tag(274, 3, orientation))),
                0);
    }

    @Test
    void inkCountsFromWhite() throws IOException {
        int[] ink = IntStream.of(pixels).map(pixel -> 65535 - pixel).toArray();
        assertPixels(
                write(
                        ByteOrder.LITTLE_ENDIAN,
                        List.of(words(ink, ByteOrder.LITTLE_ENDIAN)),
                        page -> tags(HEIGHT, WIDTH, 16, 1, 1, new Tag(262, 3, 0))),
                0);
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void coloursAreApart(int planar) throws IOException {
        int[] colours = new int[3 * pixels.length];
        for (int i = 0; i < colours.length; i++) {
            int pixel = planar == 1 ? i / 3 : i % pixels.length;
            colours[i] = pixels[pixel] >> (planar == 1 ? i % 3 : i / pixels.length);
        }
        int size = 2 * pixels.length;
        List<Tag> strips = planar == 1
                ? List.of()
                : List.of(new Tag(273, 4, ~0, ~size, ~(2 * size)), new Tag(279, 4, size, size, size));
        Path file = write(ByteOrder.LITTLE_ENDIAN, List.of(words(colours, ByteOrder.LITTLE_ENDIAN)), page -> {
            List<Tag> tags = tags(
                    HEIGHT,
                    WIDTH,
                    16,
                    1,
                    1,
                    new Tag(262, 3, 2),
                    new Tag(277, 3, 3),
                    new Tag(258, 3, 16, 16, 16),
                    new Tag(284, 3, planar));
            tags.addAll(strips);
            return tags;
        });
        List<Grid2D> read = ImageFiles.readColours(file, Selection.ALL);
        assertEquals(3, read.size());
        for (int c = 0; c < 3; c++)
            for (int i = 0; i < pixels.length; i++)
                assertEquals(pixels[i] >> c, read.get(c).values()[i]);
    }

    @Test
    void reducedCopiesArePassedOver() throws IOException {
        reducedCopiesArePassedOver(new Tag(254, 4, 1));
        reducedCopiesArePassedOver(new Tag(255, 3, 2));
    }

    private void reducedCopiesArePassedOver(Tag reduced) throws IOException {
        byte[] small = words(new int[20 * 20], ByteOrder.LITTLE_ENDIAN);
        Path file = write(
                ByteOrder.LITTLE_ENDIAN,
                List.of(plain(ByteOrder.LITTLE_ENDIAN), small, plain(ByteOrder.LITTLE_ENDIAN), small),
                page -> page % 2 == 0 ? tags(HEIGHT, WIDTH, 16, 1, 1) : tags(20, 20, 16, 1, 1, reduced));
        List<Grid2D> pages = ImageFiles.read(file);
        assertEquals(2, pages.size());
        for (Grid2D page : pages) assertPixels(page, 0);
    }

    @Test
    void oneOfSeveralSeriesIsChosen() throws IOException {
        Path file = write(
                ByteOrder.LITTLE_ENDIAN,
                List.of(words(new int[20 * 20], ByteOrder.LITTLE_ENDIAN), plain(ByteOrder.LITTLE_ENDIAN)),
                page -> page == 1 ? tags(HEIGHT, WIDTH, 16, 1, 1) : tags(20, 20, 16, 1, 1));
        String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file))
                .getMessage();
        assertTrue(
                message.contains("2 series (1: 1 page of 20x20, 2: 1 page of 37x53); choose one with data.series"),
                message);
        assertPixels(
                ImageFiles.read(List.of(file), new Selection(Optional.of(2), Optional.empty(), true))
                        .grey()
                        .getFirst(),
                0);
    }

    /** Two channels at two times; ImageJ counts channels fastest, this OME file times. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ImageJ=1.54f\\nimages=4\\nchannels=2\\nframes=2\\nhyperstack=true\\nunit=um\\n | 0,1",
                "<OME><Image><Pixels DimensionOrder=\"XYZTC\" SizeC=\"2\" SizeT=\"2\" SizeZ=\"1\" PhysicalSizeX=\"80\" PhysicalSizeXUnit=\"nm\"><Channel SamplesPerPixel=\"1\"/></Pixels></Image></OME> | 0,0"
            })
    void oneOfSeveralChannelsIsChosen(String description, String marks) throws IOException {
        boolean fastest = marks.equals("0,1");
        byte[] other = words(new int[HEIGHT * WIDTH], ByteOrder.LITTLE_ENDIAN);
        byte[] own = plain(ByteOrder.LITTLE_ENDIAN);
        Path file = write(
                ByteOrder.LITTLE_ENDIAN,
                fastest ? List.of(other, own, other, own) : List.of(other, other, own, own),
                page -> tags(HEIGHT, WIDTH, 16, 1, 1, HandmadeTiff.description(description.replace("\\n", "\n"))));
        String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file))
                .getMessage();
        assertTrue(message.contains("holds 2 channels; choose one with data.channel (1 to 2)"), message);
        Pictures second = ImageFiles.read(List.of(file), new Selection(Optional.empty(), Optional.of(2), false));
        assertEquals(2, second.pages().size());
        for (Grid2D page : second.grey()) assertPixels(page, 0);
        if (!fastest) assertEquals(0.08, second.calibration().pixelSize().orElseThrow(), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"34925,LZMA", "7,JPEG", "34712,JPEG 2000", "12345,method 12345"})
    void whatIsOnlyUnknownIsNotCalledDamaged(int compression, String name) throws IOException {
        Path file = write(
                ByteOrder.LITTLE_ENDIAN,
                List.of(plain(ByteOrder.LITTLE_ENDIAN)),
                page -> tags(HEIGHT, WIDTH, 16, 1, compression));
        String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file))
                .getMessage();
        assertTrue(
                message.contains("page 1")
                        && message.contains("compressed with " + name + ", which is not read")
                        && !message.contains("damaged"),
                message);
    }

    /** Programs leave the tag behind when they save a page uncompressed; differences exist only where they help. */
    @ParameterizedTest
    @CsvSource({"1", "32773"})
    void aPredictorThatIsLeftOverIsIgnored(int compression) throws IOException {
        byte[] plain = plain(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream literal = new ByteArrayOutputStream();
        for (int at = 0; at < plain.length; at += 128) {
            int length = Math.min(128, plain.length - at);
            literal.write(length - 1);
            literal.write(plain, at, length);
        }
        byte[] stored = compression == 1 ? plain : literal.toByteArray();
        assertPixels(
                write(
                        ByteOrder.LITTLE_ENDIAN,
                        List.of(stored),
                        page -> tags(HEIGHT, WIDTH, 16, 1, compression, new Tag(317, 3, 2))),
                0);
    }

    @ParameterizedTest
    @CsvSource({"LITTLE", "BIG"})
    void threeBytesAPixelComeInTheOrderOfTheFile(String endian) throws IOException {
        boolean big = endian.equals("BIG");
        byte[] bytes = new byte[3 * pixels.length];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = (byte) (256 * pixels[i / 3] + 7 >> 8 * (big ? 2 - i % 3 : i % 3));
        Grid2D page = ImageFiles.read(write(
                        big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                        List.of(bytes),
                        p -> tags(HEIGHT, WIDTH, 24, 1, 1)))
                .getFirst();
        for (int i = 0; i < pixels.length; i++) assertEquals(256 * pixels[i] + 7, page.values()[i]);
    }

    /** Samples beyond the first that are of no named kind are pictures of their own; transparency is none. */
    @ParameterizedTest
    @CsvSource({"0,2", "1,1", "2,1"})
    void samplesOfNoNamedKindArePictures(int kind, int pictures) throws IOException {
        int[] both = IntStream.range(0, 2 * pixels.length)
                .map(i -> i % 2 == 0 ? pixels[i / 2] : 9)
                .toArray();
        Path file = write(
                ByteOrder.LITTLE_ENDIAN,
                List.of(words(both, ByteOrder.LITTLE_ENDIAN)),
                page -> tags(
                        HEIGHT, WIDTH, 16, 1, 1, new Tag(277, 3, 2), new Tag(258, 3, 16, 16), new Tag(338, 3, kind)));
        List<Grid2D> read = ImageFiles.readColours(file, Selection.ALL);
        assertEquals(pictures, read.size());
        assertPixels(read.getFirst(), 0);
    }

    /** Python's tifffile makes red, green, blue and transparency of a stack of four shots, and notes the shape. */
    @Test
    void aStackThatWasTakenForColoursIsAStack() throws IOException {
        int[] all = IntStream.range(0, 4 * pixels.length)
                .map(i -> pixels[i % pixels.length] / (1 + i / pixels.length))
                .toArray();
        int size = 2 * pixels.length;
        Path file = write(
                ByteOrder.LITTLE_ENDIAN,
                List.of(words(all, ByteOrder.LITTLE_ENDIAN)),
                page -> tags(
                        HEIGHT,
                        WIDTH,
                        16,
                        1,
                        1,
                        new Tag(262, 3, 2),
                        new Tag(277, 3, 4),
                        new Tag(258, 3, 16, 16, 16, 16),
                        new Tag(284, 3, 2),
                        new Tag(338, 3, 2),
                        new Tag(273, 4, ~0, ~size, ~(2 * size), ~(3 * size)),
                        new Tag(279, 4, size, size, size, size),
                        HandmadeTiff.description("{\"shape\": [4, " + HEIGHT + ", " + WIDTH + "]}")));
        List<Grid2D> shots = ImageFiles.read(file);
        assertEquals(4, shots.size());
        for (int shot = 0; shot < 4; shot++)
            for (int i = 0; i < pixels.length; i++)
                assertEquals(pixels[i] / (1 + shot), shots.get(shot).values()[i]);
        Selection some = new Selection(Optional.empty(), Optional.empty(), true, Optional.of("2-3"), Optional.empty());
        List<Grid2D> chosen = ImageFiles.read(List.of(file), some).grey();
        assertEquals(2, chosen.size());
        assertArrayEquals(shots.get(1).values(), chosen.getFirst().values());
    }

    @Test
    void reversedBitsAreRefused() throws IOException {
        Path file = write(
                ByteOrder.LITTLE_ENDIAN,
                List.of(plain(ByteOrder.LITTLE_ENDIAN)),
                page -> tags(HEIGHT, WIDTH, 16, 1, 1, new Tag(266, 3, 2)));
        String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file))
                .getMessage();
        assertTrue(
                message.contains("page 1 has the bits of every byte reversed (fill order 2), which is not read"),
                message);
    }

    @Test
    void sizesThatOverflowAreRefused() throws IOException {
        Path file = write(
                ByteOrder.LITTLE_ENDIAN,
                List.of(plain(ByteOrder.LITTLE_ENDIAN)),
                page -> tags(0x7fffffff, 0x7fffffff, 64, 1, 1, new Tag(277, 3, 64)));
        String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file))
                .getMessage();
        assertTrue(message.contains("kind.tif") && !message.contains("Exception"), message);
    }

    @Test
    void thePrivateTagsOfOthersMayBeWrong() throws IOException {
        Path file = write(
                ByteOrder.LITTLE_ENDIAN,
                List.of(plain(ByteOrder.LITTLE_ENDIAN)),
                page -> tags(HEIGHT, WIDTH, 16, 1, 1, new Tag(65000, 4, 0x7fffffff)));
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer whole = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int entry = IntStream.range(0, bytes.length - 12)
                .filter(i -> whole.getShort(i) == (short) 65000 && whole.getInt(i + 8) == 0x7fffffff)
                .findFirst()
                .orElseThrow();
        whole.putInt(entry + 4, 1000);
        assertPixels(Files.write(file, bytes), 0);
    }

    @Test
    void metaMorphDescribesOnlyTheFirstPlane() throws IOException {
        ByteArrayOutputStream planes = new ByteArrayOutputStream();
        for (int plane = 0; plane < 3; plane++)
            planes.write(
                    words(IntStream.of(pixels).map(pixel -> pixel / 2).toArray(), ByteOrder.LITTLE_ENDIAN),
                    0,
                    plane == 2 ? 0 : 2 * pixels.length);
        planes.write(plain(ByteOrder.LITTLE_ENDIAN));
        Path file = write(
                ByteOrder.LITTLE_ENDIAN,
                List.of(planes.toByteArray()),
                page -> tags(HEIGHT, WIDTH, 16, 1, 1, new Tag(33629, 5, new int[6])));
        List<Grid2D> pages = ImageFiles.read(file);
        assertEquals(3, pages.size());
        assertPixels(pages.get(2), 0);
        assertEquals(pixels[5] / 2, pages.get(1).values()[5]);
    }
}
