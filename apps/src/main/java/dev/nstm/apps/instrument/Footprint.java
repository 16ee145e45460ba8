package dev.nstm.apps.instrument;

/**
 * What a reconstruction takes, as measured (docs/scaling.md): memory = fixed + samples (perSample + shots
 * perSampleShot), processor time = start + samples shots epochs perSampleShotEpoch.
 *
 * @param fixed bytes of memory whatever the size
 * @param perSample bytes of memory for a sample of the scene
 * @param perSampleShot bytes of memory for a sample and shot
 * @param perSampleShotEpoch seconds of one processor for a sample, shot and epoch
 */
public record Footprint(double fixed, double perSample, double perSampleShot, double perSampleShotEpoch) {
    private static final double START_SECONDS = 20;

    /** Bytes of memory, the Java heap and what lies beside it together. */
    public long bytes(double samples, int shots) {
        return (long) (fixed + samples * (perSample + shots * perSampleShot));
    }

    /** Seconds on so many processors. */
    public double seconds(double samples, int shots, int epochs, int processors) {
        return START_SECONDS + samples * shots * epochs * perSampleShotEpoch / processors;
    }
}
