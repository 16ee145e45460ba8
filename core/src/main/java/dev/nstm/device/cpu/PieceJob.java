package dev.nstm.device.cpu;

/**
 * Work on a range that is done piece by piece. An object serves all calls of its operation, one at a time, so that
 * calls allocate nothing.
 */
abstract class PieceJob implements ThreadTeam.Task {
    /** Elements per task; fixed, so that sums are formed in the same order whatever the number of threads. */
    private static final int PIECE = 1 << 15;

    private final ThreadTeam team;
    private int count;
    private int piece;

    PieceJob(ThreadTeam team) {
        this.team = team;
    }

    /** Shares out so many rows of so many elements each; rows are kept whole. */
    final void share(int rows, int rowLength) {
        count = rows;
        piece = Math.max(1, PIECE / rowLength);
        team.run(pieces(rows, rowLength), this);
    }

    /** Number of pieces into which {@code rows} rows of {@code rowLength} elements are divided. */
    static int pieces(int rows, int rowLength) {
        return Math.ceilDiv(rows, Math.max(1, PIECE / rowLength));
    }

    @Override
    public final void run(int index, int worker) {
        int first = index * piece;
        work(index, first, Math.min(piece, count - first));
    }

    /**
     * Does one piece.
     *
     * @param index of the piece
     * @param first row of it
     * @param n rows
     */
    abstract void work(int index, int first, int n);
}
