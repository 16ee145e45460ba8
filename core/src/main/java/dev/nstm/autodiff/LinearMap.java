package dev.nstm.autodiff;

/**
 * A linear operator y = A x with its adjoint x = A' y, in ordinary arrays. Both must belong together: &lt;A x, y&gt; =
 * &lt;x, A' y&gt; for all x and y ({@link AdjointCheck}).
 */
public interface LinearMap {
    /** Length of x. */
    int inputs();

    /** Length of y. */
    int outputs();

    /** y = A x; y is zero before. */
    void apply(float[] x, float[] y);

    /** x = A' y; x is zero before. */
    void adjoint(float[] y, float[] x);

    /**
     * A matrix.
     *
     * @param values {@code [output][input]}
     */
    static LinearMap ofMatrix(int outputs, int inputs, float[] values) {
        return new MatrixMap(outputs, inputs, values);
    }
}
