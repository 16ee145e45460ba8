package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.files.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/** Writes grey and coloured movies as animated GIF, for slides; colours are cut to 256 a frame. */
public final class AnimatedGif {
    private static final String FORMAT = "javax_imageio_gif_image_1.0";
    /** GIF counts time in hundredths of a second. */
    private static final double HUNDREDTHS = 100;
    /** Programs play frames of less time slowly. */
    private static final int SHORTEST = 2;

    private AnimatedGif() {}

    /**
     * @param frames values 0 to 255, row after row: grey, or red, green and blue of every pixel
     * @param framesPerSecond speed of the movie, at most 50
     */
    public static void write(Path file, List<byte[]> frames, int height, int width, int framesPerSecond)
            throws IOException {
        require(!frames.isEmpty(), "a movie needs at least one frame");
        int delay = Math.max(SHORTEST, (int) Math.round(HUNDREDTHS / framesPerSecond));
        AtomicFile.write(file, out -> {
            ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
            try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
                writer.setOutput(stream);
                writer.prepareWriteSequence(null);
                for (int frame = 0; frame < frames.size(); frame++) {
                    BufferedImage image = image(frames.get(frame), height, width);
                    IIOMetadata timing = timing(writer, image, delay, frame == 0);
                    writer.writeToSequence(new IIOImage(image, null, timing), null);
                }
                writer.endWriteSequence();
            } finally {
                writer.dispose();
            }
        });
    }

    private static BufferedImage image(byte[] frame, int height, int width) {
        boolean grey = frame.length == height * width;
        BufferedImage image =
                new BufferedImage(width, height, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < height * width; i++) {
            if (grey) image.getRaster().setSample(i % width, i / width, 0, frame[i]);
            else
                for (int colour = 0; colour < 3; colour++)
                    image.getRaster().setSample(i % width, i / width, colour, frame[3 * i + colour] & 0xff);
        }
        return image;
    }

    /** The first frame also says that the movie begins anew when it is over. */
    private static IIOMetadata timing(ImageWriter writer, BufferedImage image, int delay, boolean first) {
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
        IIOMetadataNode root = new IIOMetadataNode(FORMAT);
        IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("delayTime", Integer.toString(delay));
        control.setAttribute("transparentColorIndex", "0");
        root.appendChild(control);
        if (first) {
            IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
            IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
            loop.setAttribute("applicationID", "NETSCAPE");
            loop.setAttribute("authenticationCode", "2.0");
            loop.setUserObject(new byte[] {1, 0, 0});
            extensions.appendChild(loop);
            root.appendChild(extensions);
        }
        try {
            metadata.mergeTree(FORMAT, root);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return metadata;
    }
}
