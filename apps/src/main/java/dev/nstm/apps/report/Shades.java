package dev.nstm.apps.report;

import java.util.Arrays;
import java.util.List;

/**
 * Which values are shown black and which white.
 *
 * @param dark value of the darkest shade
 * @param bright value of the brightest
 */
public record Shades(float dark, float bright) {
    private static final double TAIL = 0.001;
    private static final int MOST_SAMPLES = 500_000;

    /** From the darkest to the brightest values of some pictures, but for a thousandth on either side. */
    public static Shades of(List<float[]> pictures) {
        int size = pictures.getFirst().length;
        long total = (long) pictures.size() * size;
        int step = (int) Math.max(1, total / MOST_SAMPLES);
        float[] sample = new float[(int) Math.ceilDiv(total, step)];
        int at = 0;
        for (int index = 0; index < pictures.size(); index++) {
            float[] picture = pictures.get(index);
            for (long i = (long) at * step - (long) index * size; i < size; i += step) sample[at++] = picture[(int) i];
        }
        Arrays.sort(sample);
        float dark = sample[(int) (TAIL * (sample.length - 1))];
        float bright = sample[(int) ((1 - TAIL) * (sample.length - 1))];
        return new Shades(dark, bright > dark ? bright : dark + 1e-6f);
    }

    /** The same for what cannot be negative: black is 0 at the darkest. */
    public Shades fromBlack() {
        float black = Math.max(0, dark);
        return new Shades(black, Math.max(bright, black + 1e-6f));
    }

    /** A picture's values as bytes. */
    public byte[] bytes(float[] picture) {
        byte[] bytes = new byte[picture.length];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = (byte) Math.clamp(Math.round(255 * (picture[i] - dark) / (bright - dark)), 0, 255);
        return bytes;
    }

    /** Pictures as bytes, each when it is asked for. */
    public List<byte[]> bytes(List<float[]> pictures) {
        return new LazyList<>(pictures.size(), i -> bytes(pictures.get(i)));
    }
}
