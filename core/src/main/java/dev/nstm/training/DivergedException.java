package dev.nstm.training;

/** The loss became NaN or infinite; the message names the epoch. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DivergedException(int epoch, double loss) {
        super("the loss became " + loss + " in epoch " + epoch + "; try a smaller learning rate");
    }
}
