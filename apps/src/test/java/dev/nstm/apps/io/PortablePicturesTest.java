package dev.nstm.apps.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nstm.Seeds;
import dev.nstm.optics.Grid2D;
import dev.nstm.tensor.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of other kinds, and the names under which they are given. */
class PortablePicturesTest {
    private static final int HEIGHT = 37;
    private static final int WIDTH = 53;

    @TempDir
    private Path directory;

    @Test
    void bitmapsAndGraymapsAndPortableNamesAreRead() throws IOException {
        SplittableRandom random = Seeds.random();
        int[] bytes = IntStream.generate(() -> random.nextInt(256))
                .limit(HEIGHT * WIDTH)
                .toArray();
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < bytes.length; i++) image.getRaster().setSample(i % WIDTH, i / WIDTH, 0, bytes[i]);
        Path folder = Files.createDirectory(directory.resolve("cells, 20x \u00e9"));
        for (String name : List.of("shot_2.png", "shot_10.bmp"))
            ImageIO.write(
                    image,
                    name.substring(name.indexOf('.') + 1),
                    folder.resolve(name).toFile());
        ByteArrayOutputStream graymap = new ByteArrayOutputStream();
        graymap.write(("P5 # grey\n" + WIDTH + " " + HEIGHT + "\n255\n").getBytes(StandardCharsets.US_ASCII));
        for (int value : bytes) graymap.write(value);
        Files.write(folder.resolve("shot_1.pgm"), graymap.toByteArray());
        Files.write(folder.resolve("._shot_1.pgm"), new byte[] {0, 5, 22, 7});
        Files.writeString(
                folder.resolve("shot_3.pgm"),
                "P2 " + WIDTH + " " + HEIGHT + " 255 "
                        + String.join(
                                "\n",
                                IntStream.of(bytes).mapToObj(Integer::toString).toList()) + "\n");
        List<Path> files = ImageFiles.named(folder.toString());
        assertEquals(
                List.of("shot_1.pgm", "shot_2.png", "shot_3.pgm", "shot_10.bmp"),
                files.stream().map(file -> file.getFileName().toString()).toList());
        for (Grid2D page : ImageFiles.read(files, Selection.ALL).grey())
            assertArrayEquals(IntStream.of(bytes).asDoubleStream().toArray(), page.values());
        graymap.write(graymap.toByteArray());
        List<Grid2D> following = ImageFiles.read(Files.write(directory.resolve("two.pgm"), graymap.toByteArray()));
        assertEquals(2, following.size());
        assertArrayEquals(following.getFirst().values(), following.getLast().values());
        assertEquals(
                files.subList(0, 3),
                ImageFiles.named(folder.resolve("shot_?.p*").toString()));
        assertEquals(
                List.of(folder.resolve("shot_2.png")),
                ImageFiles.named(folder.resolve("shot_2.png").toString()),
                "a name with a comma");
        assertEquals(
                ImageFiles.named(folder.toString()),
                ImageFiles.named(ImageFiles.absolute(
                        Path.of("").toAbsolutePath().relativize(folder).toString())));
        assertTrue(assertThrows(
                        InvalidInputException.class,
                        () -> ImageFiles.named(directory.resolve("none_*.png").toString()))
                .getMessage()
                .contains("holds no files named none_*.png"));
        assertEquals(List.of("b", "c", "e"), Selection.pages(List.of("a", "b", "c", "d", "e"), "2-3, 5", "x"));
        assertTrue(assertThrows(InvalidInputException.class, () -> Selection.pages(List.of("a"), "1-2", "x.tif"))
                .getMessage()
                .contains("data.pages: 1-2 is not a range of the 1 pages of x.tif"));
    }
}
