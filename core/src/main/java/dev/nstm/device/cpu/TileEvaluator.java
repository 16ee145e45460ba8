package dev.nstm.device.cpu;

import dev.nstm.device.NetworkLayout;
import dev.nstm.simd.ActivationKernel;
import dev.nstm.simd.ElementwiseKernel;
import dev.nstm.simd.MatrixKernel;
import dev.nstm.tensor.Tensor;
import dev.nstm.tensor.TensorArena;
import dev.nstm.tensor.Workspace;
import java.lang.foreign.MemorySegment;

/**
 * One tile of points on its way through an encoded network, forward and backward, in the scratch memory of one thread.
 * Encoded features lie {@code [feature][point]}, hidden rows {@code [point][neuron]}.
 */
final class TileEvaluator {
    static final int POINTS = TileEncoder.POINTS;

    private final NetworkLayout layout;
    private final int features;
    private final int row;
    private final int featureRow;
    private final TileEncoder encoder;
    private final MemorySegment encoded;
    private final MemorySegment encodedRows;
    private final MemorySegment featureGradientRows;
    private final MemorySegment[] hidden;
    private final MemorySegment[] slope;
    private final MemorySegment hiddenGradient;
    private final MemorySegment previousGradient;
    private final MemorySegment outputs;
    private int padded;

    /** @param pixels null where the coordinates are given point by point */
    TileEvaluator(NetworkLayout layout, Workspace workspace, PixelFeatures pixels) {
        this.layout = layout;
        features = layout.features();
        row = layout.paddedWidth();
        featureRow = layout.paddedFeatures();
        long needed = (long) POINTS * (2 * featureRow + (2L * layout.depth() + 2) * row + layout.outputs())
                + (2L * layout.depth() + 6) * TensorArena.ROW_MULTIPLE;
        workspace.reserve(4 * (needed + TileEncoder.workspaceValues(layout)));
        encoder = new TileEncoder(layout, workspace, pixels);
        encoded = encoder.encoded();
        encodedRows = workspace.take((long) featureRow * POINTS);
        featureGradientRows = workspace.take((long) featureRow * POINTS);
        hidden = new MemorySegment[layout.depth()];
        slope = new MemorySegment[layout.depth()];
        for (int i = 0; i < layout.depth(); i++) {
            hidden[i] = workspace.take((long) row * POINTS);
            slope[i] = workspace.take((long) row * POINTS);
        }
        hiddenGradient = workspace.take((long) row * POINTS);
        previousGradient = workspace.take((long) row * POINTS);
        outputs = workspace.take((long) layout.outputs() * POINTS);
        workspace.release(0);
    }

    TileEncoder encoder() {
        return encoder;
    }

    /**
     * Values of pre-activations of a tile that are worth keeping: those of all hidden layers but the first, cheap one.
     */
    static long keptValues(NetworkLayout layout) {
        return (layout.depth() - 1L) * POINTS * layout.paddedWidth();
    }

    /**
     * Needs the encoder to be loaded.
     *
     * @param kept receives {@link #keptValues} pre-activations for the backward pass, from {@code keptOffset} on; null
     *     to keep none
     */
    void forward(Tensor parameters, Tensor window, MemorySegment kept, long keptOffset) {
        padded = encoder.padded();
        encoder.encode(parameters, window);
        hiddenLayers(parameters, false, kept, keptOffset, false);
        outputLayer(parameters);
    }

    /** Copies the outputs to their place in {@code [channel][point]}. */
    void saveOutput(Tensor target, int first, int stride) {
        for (int channel = 0; channel < layout.outputs(); channel++) {
            MemorySegment.copy(
                    outputs,
                    4L * channel * POINTS,
                    target.data(),
                    4L * ((long) channel * stride + first),
                    4L * encoder.count());
        }
    }

    /** Takes the gradient with respect to the outputs; zero beyond the tile's points. */
    void loadOutputGradient(Tensor source, int first, int stride) {
        for (int channel = 0; channel < layout.outputs(); channel++) {
            MemorySegment.copy(
                    source.data(),
                    4L * ((long) channel * stride + first),
                    outputs,
                    4L * channel * POINTS,
                    4L * encoder.count());
            if (encoder.count() < POINTS)
                ElementwiseKernel.fill(outputs, (long) channel * POINTS + encoder.count(), 0, POINTS - encoder.count());
        }
    }

    /** @param known whether {@code kept} holds the pre-activations already */
    private void hiddenLayers(Tensor parameters, boolean slopes, MemorySegment kept, long keptOffset, boolean known) {
        for (int layer = 0; layer < layout.depth(); layer++) {
            boolean keep = kept != null && layer > 0;
            MemorySegment z = keep ? kept : hidden[layer];
            long at = keep ? keptOffset + (layer - 1L) * POINTS * row : 0;
            if (!(keep && known)) preactivations(layer, parameters, z, at);
            switch (layout.activation()) {
                case GELU -> {
                    if (slopes) ActivationKernel.geluWithSlope(z, at, hidden[layer], slope[layer], padded * row);
                    else ActivationKernel.gelu(z, at, hidden[layer], padded * row);
                }
                case ELU -> ActivationKernel.elu(z, at, hidden[layer], slope[layer], padded * row);
            }
        }
    }

    private void preactivations(int layer, Tensor parameters, MemorySegment z, long at) {
        MemorySegment data = parameters.data();
        long weights = layout.weightsOffset(layer);
        long bias = layout.biasOffset(layer);
        if (layer == 0) {
            MatrixKernel.multiply(
                    encoded, 0, 1, POINTS, data, weights, row, data, bias, 0, z, at, row, padded, row, features);
            return;
        }
        MatrixKernel.multiply(
                hidden[layer - 1],
                0,
                row,
                1,
                data,
                weights,
                row,
                data,
                bias,
                0,
                z,
                at,
                row,
                padded,
                row,
                layout.width());
        if (layout.joined(layer)) {
            MatrixKernel.multiplyAdd(
                    encoded,
                    0,
                    1,
                    POINTS,
                    data,
                    weights + (long) layout.width() * row,
                    row,
                    z,
                    at,
                    row,
                    padded,
                    row,
                    features);
        }
    }

    private void outputLayer(Tensor parameters) {
        int last = layout.depth();
        long weights = layout.weightsOffset(last);
        int outputRow = layout.outputRow();
        MatrixKernel.narrowLayer(
                hidden[last - 1],
                row,
                parameters.data(),
                weights,
                outputRow,
                layout.biasOffset(last),
                outputs,
                0,
                POINTS,
                padded,
                row,
                layout.outputs());
        if (layout.joined(last)) {
            MatrixKernel.multiplyAdd(
                    parameters.data(),
                    weights + row,
                    outputRow,
                    1,
                    encoded,
                    0,
                    POINTS,
                    outputs,
                    0,
                    POINTS,
                    layout.outputs(),
                    padded,
                    features);
        }
    }

    /**
     * Needs the encoder to be loaded and {@link #loadOutputGradient}; adds layer gradients from {@code offset} on.
     *
     * @param kept what {@link #forward} kept; null to compute the pre-activations again
     */
    void backward(
            Tensor parameters,
            Tensor window,
            MemorySegment kept,
            long keptOffset,
            LayerTransposes transposes,
            MemorySegment gradients,
            long offset) {
        padded = encoder.padded();
        encoder.encode(parameters, window);
        hiddenLayers(parameters, true, kept, keptOffset, true);
        long base = offset - layout.layersOffset();
        ElementwiseKernel.fill(featureGradientRows, 0, 0, padded * featureRow);
        ElementwiseKernel.fill(hiddenGradient, 0, 0, padded * row);
        outputLayerBackward(parameters, gradients, base);
        MemorySegment gradient = hiddenGradient;
        MemorySegment other = previousGradient;
        for (int layer = layout.depth() - 1; layer >= 0; layer--) {
            ElementwiseKernel.multiply(slope[layer], 0, gradient, 0, padded * row);
            MatrixKernel.addColumnSums(gradient, row, gradients, base + layout.biasOffset(layer), padded, row);
            long weights = base + layout.weightsOffset(layer);
            if (layer > 0) {
                MatrixKernel.multiplyAdd(
                        hidden[layer - 1],
                        0,
                        1,
                        row,
                        gradient,
                        0,
                        row,
                        gradients,
                        weights,
                        row,
                        layout.width(),
                        row,
                        padded);
                ElementwiseKernel.fill(other, 0, 0, padded * row);
                MatrixKernel.multiplyAdd(
                        gradient,
                        0,
                        row,
                        1,
                        transposes.hidden(layer),
                        0,
                        row,
                        other,
                        0,
                        row,
                        padded,
                        row,
                        layout.width());
                weights += (long) layout.width() * row;
            }
            if (layer == 0 || layout.joined(layer)) {
                MatrixKernel.multiplyAdd(
                        encoded, 0, POINTS, 1, gradient, 0, row, gradients, weights, row, features, row, padded);
                MatrixKernel.multiplyAdd(
                        gradient,
                        0,
                        row,
                        1,
                        transposes.encoding(layer),
                        0,
                        featureRow,
                        featureGradientRows,
                        0,
                        featureRow,
                        padded,
                        featureRow,
                        layout.width());
            }
            MemorySegment swap = gradient;
            gradient = other;
            other = swap;
        }
        MatrixKernel.transpose(
                featureGradientRows, 0, featureRow, encoder.featureGradient(), 0, POINTS, padded, features);
        encoder.closeGradient(window);
    }

    private void outputLayerBackward(Tensor parameters, MemorySegment gradients, long base) {
        int last = layout.depth();
        int outputRow = layout.outputRow();
        long weights = layout.weightsOffset(last);
        MatrixKernel.multiplyAdd(
                outputs,
                0,
                POINTS,
                1,
                hidden[last - 1],
                0,
                row,
                gradients,
                base + weights,
                outputRow,
                layout.outputs(),
                row,
                padded);
        MatrixKernel.addRowSums(outputs, POINTS, gradients, base + layout.biasOffset(last), layout.outputs(), padded);
        MatrixKernel.multiplyAdd(
                outputs,
                0,
                1,
                POINTS,
                parameters.data(),
                weights,
                outputRow,
                hiddenGradient,
                0,
                row,
                padded,
                row,
                layout.outputs());
        if (layout.joined(last)) {
            MatrixKernel.transpose(encoded, 0, POINTS, encodedRows, 0, featureRow, features, padded);
            MatrixKernel.multiplyAdd(
                    outputs,
                    0,
                    POINTS,
                    1,
                    encodedRows,
                    0,
                    featureRow,
                    gradients,
                    base + weights + row,
                    outputRow,
                    layout.outputs(),
                    featureRow,
                    padded);
            MatrixKernel.multiplyAdd(
                    outputs,
                    0,
                    1,
                    POINTS,
                    parameters.data(),
                    weights + row,
                    outputRow,
                    featureGradientRows,
                    0,
                    featureRow,
                    padded,
                    featureRow,
                    layout.outputs());
        }
    }
}
