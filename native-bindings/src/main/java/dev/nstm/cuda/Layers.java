package dev.nstm.cuda;

import dev.nstm.tensor.Tensor;

/**
 * The layers of a network, after its encoding. What lies {@code [row][point]} begins at the first of {@code count}
 * points.
 */
sealed interface Layers permits ChainedLayers, FusedLayers {
    /** Rows that the forward pass leaves for the backward pass, or needs itself. */
    long forwardRows();

    /** Rows that the backward pass needs beside the gradient of the features. */
    long backwardRows();

    /**
     * @param features {@code [feature][point]}
     * @param memory {@link #forwardRows} rows
     * @param output {@code [output][point]}; null where only {@code memory} is wanted
     */
    void forward(Tensor parameters, Rows features, Rows memory, Rows output, int count);

    /**
     * @param memory as the forward pass left it
     * @param parameterGradient += that with respect to the layers' parameters
     * @param featureGradient {@code [feature][point]}, becomes that with respect to the features
     * @param work {@link #backwardRows} rows
     */
    void backward(
            Tensor parameters,
            Rows features,
            Rows memory,
            Rows outputGradient,
            Tensor parameterGradient,
            Rows featureGradient,
            Rows work,
            int count);
}
