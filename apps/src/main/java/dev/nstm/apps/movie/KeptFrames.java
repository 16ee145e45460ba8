package dev.nstm.apps.movie;

import java.util.Arrays;

/**
 * Frames in memory.
 *
 * @param scenes {@code [time][channel][voxel]}
 * @param motions {@code [time][axis][voxel]}; empty where no motion is known
 */
public record KeptFrames(float[][][] scenes, float[][][] motions) implements Frames {
    /** A scene that does not move, the same at all of some times. */
    public static KeptFrames still(float[][] channels, int times) {
        float[][][] scenes = new float[times][][];
        Arrays.fill(scenes, channels);
        return new KeptFrames(scenes, new float[0][][]);
    }

    @Override
    public float[] scene(int time, int channel, int first, int count) {
        return Arrays.copyOfRange(scenes[time][channel], first, first + count);
    }

    @Override
    public float[] motion(int time, int axis, int first, int count) {
        return Arrays.copyOfRange(motions[time][axis], first, first + count);
    }

    @Override
    public int motionAxes() {
        return motions.length == 0 ? 0 : motions[0].length;
    }
}
