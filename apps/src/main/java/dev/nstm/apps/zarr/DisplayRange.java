package dev.nstm.apps.zarr;

import java.util.Arrays;

/** Values from which to which a channel is shown, found while it is written: but for a thousandth on either side. */
final class DisplayRange {
    private static final double TAIL = 0.001;
    private static final int MOST_SAMPLES = 500_000;

    private final long step;
    private final float[] samples;
    private int taken;
    /** Values until the next that is sampled. */
    private long skipped;

    private float least = Float.MAX_VALUE;
    private float largest = -Float.MAX_VALUE;

    /** @param total values that there will be */
    DisplayRange(long total) {
        step = Math.max(1, total / MOST_SAMPLES);
        samples = new float[(int) Math.ceilDiv(total, step)];
    }

    void add(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) continue;
            least = Math.min(least, value);
            largest = Math.max(largest, value);
        }
        long at = skipped;
        for (; at < values.length; at += step)
            samples[taken++] = Float.isFinite(values[(int) at]) ? values[(int) at] : 0;
        skipped = at - values.length;
        if (taken == samples.length) Arrays.sort(samples);
    }

    /** What was found; of values that are all the same {@code bright} is a little above {@code dark}. */
    Shown shown() {
        float dark = samples[(int) (TAIL * (samples.length - 1))];
        float bright = samples[(int) ((1 - TAIL) * (samples.length - 1))];
        return new Shown(least, largest, dark, bright > dark ? bright : Math.max(dark + 1e-6f, Math.nextUp(dark)));
    }
}
