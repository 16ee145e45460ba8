package dev.nstm.autodiff;

import static dev.nstm.tensor.InvalidInputException.require;

/** A matrix as a linear operator; sums are formed in double precision. */
record MatrixMap(int outputs, int inputs, float[] values) implements LinearMap {
    MatrixMap {
        require(
                outputs >= 1 && inputs >= 1 && values.length == (long) outputs * inputs,
                "a matrix of %dx%d needs %d values, got %d",
                outputs,
                inputs,
                (long) outputs * inputs,
                values.length);
    }

    @Override
    public void apply(float[] x, float[] y) {
        for (int row = 0; row < outputs; row++) {
            double sum = 0;
            for (int column = 0; column < inputs; column++) sum += (double) values[row * inputs + column] * x[column];
            y[row] = (float) sum;
        }
    }

    @Override
    public void adjoint(float[] y, float[] x) {
        double[] sums = new double[inputs];
        for (int row = 0; row < outputs; row++) {
            for (int column = 0; column < inputs; column++)
                sums[column] += (double) values[row * inputs + column] * y[row];
        }
        for (int column = 0; column < inputs; column++) x[column] = (float) sums[column];
    }
}
