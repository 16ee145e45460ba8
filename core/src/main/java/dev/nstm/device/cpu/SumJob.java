package dev.nstm.device.cpu;

import dev.nstm.simd.ReductionKernel;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Sums over ranges: of every piece, then of the pieces in order. */
final class SumJob extends PieceJob {
    /** What is added up. */
    enum Operation {
        SQUARES,
        NEGATIVES,
        DOT,
        HALF_SPECTRUM_DOT
    }

    private Operation operation;
    private MemorySegment x;
    private long xFirst;
    private MemorySegment y;
    private long yFirst;
    private int rowLength;
    private double[] sums = new double[64];

    SumJob(ThreadTeam team) {
        super(team);
    }

    double of(Operation what, Tensor values, int first, int count) {
        operation = what;
        x = values.data();
        xFirst = first;
        return sum(count, 1);
    }

    double dot(Tensor left, int leftFirst, Tensor right, int rightFirst, int count) {
        operation = Operation.DOT;
        x = left.data();
        xFirst = leftFirst;
        y = right.data();
        yFirst = rightFirst;
        return sum(count, 1);
    }

    /** See {@link dev.nstm.device.Device#halfSpectrumDot}. */
    double halfSpectrumDot(Tensor left, int leftFirst, Tensor right, int rightFirst, int rows, int width) {
        operation = Operation.HALF_SPECTRUM_DOT;
        x = left.data();
        xFirst = 2L * leftFirst;
        y = right.data();
        yFirst = 2L * rightFirst;
        rowLength = width;
        return sum(rows, width);
    }

    private double sum(int rows, int length) {
        int pieces = pieces(rows, length);
        if (sums.length < pieces) sums = new double[pieces];
        share(rows, length);
        double total = 0;
        for (int i = 0; i < pieces; i++) total += sums[i];
        return total;
    }

    @Override
    void work(int index, int first, int n) {
        sums[index] = switch (operation) {
            case SQUARES -> ReductionKernel.sumOfSquares(x, xFirst + first, n);
            case NEGATIVES -> ReductionKernel.negativeSum(x, xFirst + first, n);
            case DOT -> ReductionKernel.dot(x, xFirst + first, y, yFirst + first, n);
            case HALF_SPECTRUM_DOT -> halfSpectrumRows(first, n);
        };
    }

    /**
     * All frequencies count twice but those that are their own mirror images along the row: zero and, for even widths,
     * the last.
     */
    private double halfSpectrumRows(int firstRow, int rowCount) {
        int half = rowLength / 2 + 1;
        int doubled = (rowLength - 1) / 2;
        double sum = 0;
        for (int row = firstRow; row < firstRow + rowCount; row++) {
            long left = xFirst + 2L * row * half;
            long right = yFirst + 2L * row * half;
            sum += 2 * ReductionKernel.dot(x, left + 2, y, right + 2, 2 * doubled)
                    + ReductionKernel.dot(x, left, y, right, 2);
            if (rowLength % 2 == 0) sum += ReductionKernel.dot(x, left + rowLength, y, right + rowLength, 2);
        }
        return sum;
    }
}
