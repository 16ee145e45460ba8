package dev.nstm.apps.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** Writes movies as MP4 (H.264) through ffmpeg, where it is installed. */
public final class Mp4 {
    private Mp4() {}

    /**
     * @param frames grey, or red, green and blue of every pixel
     * @return why nothing was written, in a few words; empty where the file was
     */
    public static Optional<String> write(Path file, List<byte[]> frames, int height, int width, int framesPerSecond)
            throws IOException {
        Path unfinished = file.resolveSibling("." + file.getFileName() + ".part.mp4");
        int samples = frames.getFirst().length / (height * width);
        Process process;
        try {
            process = new ProcessBuilder(
                            "ffmpeg",
                            "-loglevel",
                            "error",
                            "-y",
                            "-f",
                            "rawvideo",
                            "-pix_fmt",
                            samples == 1 ? "gray" : "rgb24",
                            "-s",
                            width + "x" + height,
                            "-r",
                            Integer.toString(framesPerSecond),
                            "-i",
                            "-",
                            // Odd sizes are padded by one: H.264 shares colours between pairs of pixels.
                            "-vf",
                            "pad=ceil(iw/2)*2:ceil(ih/2)*2",
                            "-pix_fmt",
                            "yuv420p",
                            "-movflags",
                            "+faststart",
                            unfinished.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException missing) {
            return Optional.of("ffmpeg is not installed");
        }
        try {
            feed(process, frames);
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            if (status != 0)
                return Optional.of("ffmpeg failed: " + said.lines().findFirst().orElse("status " + status));
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        } finally {
            process.destroy();
            Files.deleteIfExists(unfinished);
        }
    }

    /** An ffmpeg that gives up early closes its end; what it says then tells more than the broken pipe. */
    private static void feed(Process process, List<byte[]> frames) {
        try (OutputStream pixels = process.getOutputStream()) {
            for (byte[] frame : frames) pixels.write(frame);
        } catch (IOException closed) {
            // Its status and message are looked at next.
        }
    }
}
