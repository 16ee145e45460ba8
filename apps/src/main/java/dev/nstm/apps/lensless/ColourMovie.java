package dev.nstm.apps.lensless;

import dev.nstm.apps.instrument.SceneMovie;
import dev.nstm.apps.io.TiffStack;
import dev.nstm.apps.report.Film;
import dev.nstm.apps.report.ReportPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Movies whose channels are colours, as screens show them. */
final class ColourMovie {
    private ColourMovie() {}

    /** Black for 0, white for the brightest value but a thousandth; the square root in between, as screens show light. */
    static List<byte[]> shown(float[][][] frames) {
        float white = white(Arrays.stream(frames).flatMap(Arrays::stream).toList());
        return Arrays.stream(frames).map(frame -> shown(frame, white)).toList();
    }

    /** Brightest value but for a thousandth. */
    static float white(List<float[]> pictures) {
        return ReportPage.range(pictures)[1];
    }

    /** Red, green and blue of every pixel; grey where there is one colour. */
    static byte[] shown(float[][] colours, float white) {
        byte[] bytes = new byte[3 * colours[0].length];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) Math.clamp(Math.round(255 * Math.sqrt(Math.max(0, colours[i % 3 % colours.length][i / 3] / white))), 0, 255);
        return bytes;
    }

    /**
     * Writes {@code name.npz}, {@code name.tif}, {@code name.png} and, where ffmpeg is installed, {@code name.mp4}.
     *
     * @param shown what {@link #shown(float[][][])} makes of its frames
     * @return what was written
     */
    static String write(SceneMovie movie, List<byte[]> shown, Path directory, String name, int framesPerSecond) throws IOException {
        movie.write(directory.resolve(name + ".npz"));
        List<float[]> pages = new ArrayList<>();
        for (float[][] frame : movie.frames()) pages.addAll(Arrays.asList(frame));
        TiffStack.writeInPixels(directory.resolve(name + ".tif"), pages, movie.height(), movie.width(), movie.channels());
        return name + ".npz, " + name + ".tif and " + new Film(movie.height(), movie.width(), 1, Film.PIXELS, movie.times(), movie.clock()).write(directory, name, shown, framesPerSecond);
    }
}
