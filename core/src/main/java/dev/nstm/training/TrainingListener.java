package dev.nstm.training;

/** Told of every finished epoch. */
public interface TrainingListener {
    /**
     * @param epoch epochs done
     * @param loss mean over the epoch's steps
     * @param terms mean of each loss term, unweighted
     */
    void epochDone(int epoch, double loss, double[] terms);
}
