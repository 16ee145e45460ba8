package dev.nstm.apps.movie;

/** Scene and motion at the times of a movie, a part at a time: nobody need hold all of them. */
public interface Frames extends AutoCloseable {
    /**
     * Some of a channel's values at a time, in physical units.
     *
     * @param first index of the first; rows, columns and planes are counted with the columns fastest
     */
    float[] scene(int time, int channel, int first, int count);

    /**
     * Some displacements of the specimen along an axis since the first time (see
     * {@link dev.nstm.metrics.Displacements}), in pixels or voxels.
     *
     * @param axis counted among those of the motion, outermost first
     * @param first as for {@link #scene}
     */
    float[] motion(int time, int axis, int first, int count);

    /** Axes along which things move; 0 where no motion is known. */
    int motionAxes();

    /** Gives back what holds the frames. */
    @Override
    default void close() {}
}
