package dev.nstm.apps.movie;

/**
 * Some of the frames that another holds, who closes them.
 *
 * @param all frames
 * @param times indices of those that are chosen, in their order
 * @param channels likewise
 * @param motionAxes those of the others, or 0 without their motion
 */
record ChosenFrames(Frames all, int[] times, int[] channels, int motionAxes) implements Frames {
    @Override
    public float[] scene(int time, int channel, int first, int count) {
        return all.scene(times[time], channels[channel], first, count);
    }

    @Override
    public float[] motion(int time, int axis, int first, int count) {
        return all.motion(times[time], axis, first, count);
    }
}
