package dev.nstm.apps.io;

import dev.nstm.tensor.InvalidInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/** Writes movies as MP4 (H.264) through ffmpeg, where it is installed. */
public final class Mp4 {
    private Mp4() {}

    /**
     * @param frames red, green and blue of every pixel
     * @return whether ffmpeg was there
     * @throws InvalidInputException if ffmpeg fails
     */
    public static boolean write(Path file, List<byte[]> frames, int height, int width, int framesPerSecond) throws IOException {
        Path unfinished = Files.createTempFile(file.toAbsolutePath().getParent(), ".nstm", ".mp4");
        try {
            // Odd sizes are padded by one: H.264 shares colours between pairs of pixels. Small movies are enlarged.
            int zoom = Math.max(1, 480 / Math.max(height, width));
            Process process = new ProcessBuilder("ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", width + "x" + height, "-r", Integer.toString(framesPerSecond), "-i", "-",
                    "-vf", String.format(Locale.ROOT, "scale=%d:%d:flags=neighbor,pad=ceil(iw/2)*2:ceil(ih/2)*2", width * zoom, height * zoom), "-pix_fmt", "yuv420p", "-movflags", "+faststart", unfinished.toString())
                    .redirectErrorStream(true).start();
            try (OutputStream pixels = process.getOutputStream()) {
                for (byte[] frame : frames) pixels.write(frame);
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            if (status != 0) throw new InvalidInputException("ffmpeg could not write " + file + ": " + said.lines().findFirst().orElse("status " + status));
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (IOException missing) {
            if (missing.getMessage() == null || !missing.getMessage().contains("Cannot run program")) throw missing;
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ffmpeg wrote " + file, interrupted);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
