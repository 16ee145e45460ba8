package dev.nstm.apps.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Movies in shades of grey. */
public final class Shades {
    private static final double SHADE = 0.002;

    private Shades() {}

    /** Grey values between the 0.2 % darkest and the 0.2 % brightest pixels of the whole movie. */
    public static List<byte[]> of(List<float[]> frames) {
        int step = Math.max(1, frames.size() * frames.getFirst().length / 1_000_000);
        float[] sample = new float[(frames.size() * frames.getFirst().length + step - 1) / step];
        int at = 0;
        for (int i = 0; i < frames.size() * frames.getFirst().length; i += step) sample[at++] = frames.get(i / frames.getFirst().length)[i % frames.getFirst().length];
        Arrays.sort(sample);
        float dark = sample[(int) (SHADE * (sample.length - 1))];
        float bright = sample[(int) ((1 - SHADE) * (sample.length - 1))];
        List<byte[]> shades = new ArrayList<>();
        for (float[] frame : frames) {
            byte[] grey = new byte[frame.length];
            for (int i = 0; i < frame.length; i++) grey[i] = (byte) Math.clamp(Math.round(255 * (frame[i] - dark) / Math.max(1e-20f, bright - dark)), 0, 255);
            shades.add(grey);
        }
        return shades;
    }
}
