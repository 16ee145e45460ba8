package dev.nstm.apps.io;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.files.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes grey and coloured movies as animated PNG, which browsers play and picture viewers show by its first frame. */
public final class AnimatedPng {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};

    private AnimatedPng() {}

    /**
     * @param frames values 0 to 255, row after row: grey, or red, green and blue of every pixel
     * @param framesPerSecond speed of the movie
     */
    public static void write(Path file, List<byte[]> frames, int height, int width, int framesPerSecond)
            throws IOException {
        require(!frames.isEmpty(), "a movie needs at least one frame");
        int samples = frames.getFirst().length / (height * width);
        require(samples == 1 || samples == 3, "a pixel has one value or three, got %d", samples);
        AtomicFile.write(file, out -> {
            out.write(SIGNATURE);
            chunk(
                    out,
                    "IHDR",
                    ByteBuffer.allocate(13)
                            .putInt(width)
                            .putInt(height)
                            .put((byte) 8)
                            .put((byte) (samples == 1 ? 0 : 2))
                            .array());
            chunk(
                    out,
                    "acTL",
                    ByteBuffer.allocate(8).putInt(frames.size()).putInt(0).array());
            int sequence = 0;
            for (int i = 0; i < frames.size(); i++) {
                chunk(
                        out,
                        "fcTL",
                        ByteBuffer.allocate(26)
                                .putInt(sequence++)
                                .putInt(width)
                                .putInt(height)
                                .putInt(0)
                                .putInt(0)
                                .putShort((short) 1)
                                .putShort((short) framesPerSecond)
                                .array());
                byte[] data = compress(frames.get(i), height, width * samples, samples);
                if (i == 0) chunk(out, "IDAT", data);
                else
                    chunk(
                            out,
                            "fdAT",
                            ByteBuffer.allocate(4 + data.length)
                                    .putInt(sequence++)
                                    .put(data)
                                    .array());
            }
            chunk(out, "IEND", new byte[0]);
        });
    }

    /** Rows with the difference filter (each pixel minus its left neighbour), deflated. */
    private static byte[] compress(byte[] pixels, int height, int width, int samples) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(6);
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            byte[] row = new byte[width + 1];
            row[0] = 1;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++)
                    row[x + 1] = (byte) (pixels[y * width + x] - (x < samples ? 0 : pixels[y * width + x - samples]));
                out.write(row);
            }
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static void chunk(OutputStream out, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(data);
        out.write(ByteBuffer.allocate(4).putInt(data.length).array());
        out.write(name);
        out.write(data);
        out.write(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }
}
