package dev.nstm.simulate;

/**
 * How a specimen moves: a point at p shows at time t what lies at p + motion(p, t) of the specimen at rest, as in the
 * model, so the motion is known everywhere.
 */
public interface Motion {
    /** Displacement along y and x at a pixel and a time in [-1, 1], in pixels. */
    double[] at(double y, double x, double time);
}
