package dev.nstm.apps.report;

import dev.nstm.tensor.Sizes;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A movie for people: pictures with a scale bar and the time. Small pictures are enlarged.
 *
 * @param pixelSize in {@code lengthUnit}
 * @param lengthUnit such as px
 * @param times of the frames, -1 to 1
 * @param clock what they are in the data, where that is known
 */
public record Film(int height, int width, double pixelSize, String lengthUnit, double[] times, Optional<Clock> clock) {
    private static final int LEAST_SIDE = 480;
    /** Share of the picture's width that a scale bar has at most. */
    private static final double LONGEST_BAR = 0.2;

    private static final double SMALLEST = 1e-3;
    /** A dot of a letter is one pixel for every so many of the shorter side. */
    private static final int PIXELS_PER_DOT = 180;

    /** Rows of a frame. */
    public int shownHeight() {
        return zoom() * height;
    }

    /** Columns of a frame. */
    public int shownWidth() {
        return zoom() * width;
    }

    private int zoom() {
        return Math.max(1, LEAST_SIDE / Math.max(height, width));
    }

    /**
     * Pictures with scale bar and time, each drawn when it is asked for: enlarged, all of them may be more than there
     * is room for.
     *
     * @param pictures grey, or red, green and blue of every pixel
     */
    public List<byte[]> frames(List<byte[]> pictures) {
        return new LazyList<>(pictures.size(), index -> labelled(pictures.get(index), zoom(), index));
    }

    private byte[] labelled(byte[] frame, int zoom, int index) {
        int samples = frame.length / (height * width);
        Canvas canvas = new Canvas(enlarged(frame, zoom, samples), zoom * height, zoom * width, samples);
        int size = Math.max(1, Math.min(canvas.height, canvas.width) / PIXELS_PER_DOT);
        double length = barLength();
        int bar = (int) Math.rint(length / pixelSize * zoom);
        int left = 4 * size;
        int bottom = canvas.height - 4 * size;
        String label = plain(length) + " " + lengthUnit;
        canvas.fill(
                bottom - 14 * size,
                left - 2 * size,
                16 * size,
                Math.max(bar, size * PixelFont.width(label)) + 4 * size,
                0);
        canvas.fill(bottom - 2 * size, left, 2 * size, bar, 255);
        canvas.text(label, bottom - 11 * size, left, size);
        if (times.length > 1) {
            String time = time(times[index]);
            canvas.fill(2 * size, left - 2 * size, 11 * size, size * PixelFont.width(time) + 4 * size, 0);
            canvas.text(time, 4 * size, left, size);
        }
        return canvas.values;
    }

    /** 1, 2 or 5 times a power of ten. */
    double barLength() {
        double most = LONGEST_BAR * width * pixelSize;
        double power = Math.pow(10, Math.floor(Math.log10(most)));
        return most >= 5 * power ? 5 * power : most >= 2 * power ? 2 * power : power;
    }

    /** As the report says it. */
    String time(double time) {
        if (clock.isEmpty()) return String.format(Locale.ROOT, "t = %.2f", Math.abs(time) < 0.005 ? 0 : time);
        double span = clock.get().last() - clock.get().first();
        double read = clock.get().read(time);
        // As many digits as tell neighbouring frames apart.
        int digits = Math.clamp((int) Math.ceil(-Math.log10(Math.max(SMALLEST, span / times.length))), 0, 3);
        return (String.format(Locale.ROOT, "%." + digits + "f", read) + " "
                        + clock.get().unit())
                .strip();
    }

    private static String plain(double value) {
        return value == Math.rint(value)
                ? Long.toString(Math.round(value))
                : Double.toString(Math.rint(value * 1e6) / 1e6);
    }

    private byte[] enlarged(byte[] frame, int zoom, int samples) {
        byte[] enlarged = new byte[Sizes.product("an enlarged picture", frame.length, zoom, zoom)];
        for (int y = 0; y < height * zoom; y++) {
            for (int x = 0; x < width * zoom; x++)
                System.arraycopy(
                        frame,
                        (y / zoom * width + x / zoom) * samples,
                        enlarged,
                        (y * width * zoom + x) * samples,
                        samples);
        }
        return enlarged;
    }

    /** A picture that is drawn on, in black and white. */
    private record Canvas(byte[] values, int height, int width, int samples) {
        void fill(int top, int left, int rows, int columns, int shade) {
            for (int y = Math.max(0, top); y < Math.min(height, top + rows); y++) {
                Arrays.fill(
                        values,
                        (y * width + Math.clamp(left, 0, width)) * samples,
                        (y * width + Math.clamp(left + columns, 0, width)) * samples,
                        (byte) shade);
            }
        }

        void text(String text, int top, int left, int size) {
            for (int row = 0; row < PixelFont.HEIGHT; row++) {
                for (int column = 0; column < PixelFont.width(text); column++) {
                    if (PixelFont.inked(text, row, column))
                        fill(top + row * size, left + column * size, size, size, 255);
                }
            }
        }
    }
}
