package dev.nstm.device;

import dev.nstm.simd.ActivationKernel;
import dev.nstm.simd.ElementwiseKernel;
import dev.nstm.simd.MatrixKernel;
import dev.nstm.simd.Simd;
import dev.nstm.tensor.Tensor;
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

    TileEvaluator(NetworkLayout layout, Workspace workspace) {
        this.layout = layout;
        features = layout.features();
        row = layout.paddedWidth();
        featureRow = layout.paddedFeatures();
        long needed = (long) POINTS * (2 * featureRow + (2L * layout.depth() + 2) * row + layout.outputs()) + (2L * layout.depth() + 6) * Simd.ROW_MULTIPLE;
        workspace.reserve(4 * (needed + TileEncoder.workspaceValues(layout)));
        encoder = new TileEncoder(layout, workspace);
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

    /** Takes the coordinates of {@code count} points from {@code [axis][point]}. */
    void load(Tensor source, int first, int count, int stride) {
        encoder.load(source, first, count, stride);
        padded = encoder.padded();
    }

    void forward(Tensor parameters, Tensor window) {
        encoder.encode(parameters, window);
        hiddenLayers(parameters, false);
        outputLayer(parameters);
    }

    /** Copies the outputs to their place in {@code [channel][point]}. */
    void saveOutput(Tensor target, int first, int stride) {
        for (int channel = 0; channel < layout.outputs(); channel++) {
            MemorySegment.copy(outputs, 4L * channel * POINTS, target.data(), 4L * ((long) channel * stride + first), 4L * encoder.count());
        }
    }

    /** Takes the gradient with respect to the outputs; zero beyond the tile's points. */
    void loadOutputGradient(Tensor source, int first, int stride) {
        for (int channel = 0; channel < layout.outputs(); channel++) {
            MemorySegment.copy(source.data(), 4L * ((long) channel * stride + first), outputs, 4L * channel * POINTS, 4L * encoder.count());
            if (encoder.count() < POINTS) ElementwiseKernel.fill(outputs, (long) channel * POINTS + encoder.count(), 0, POINTS - encoder.count());
        }
    }

    private void hiddenLayers(Tensor parameters, boolean slopes) {
        for (int layer = 0; layer < layout.depth(); layer++) {
            MemorySegment z = hidden[layer];
            long weights = layout.weightsOffset(layer);
            ElementwiseKernel.fill(z, 0, 0, padded * row);
            if (layer > 0) {
                MatrixKernel.multiplyAdd(hidden[layer - 1], 0, row, 1, parameters.data(), weights, row, z, 0, row, padded, row, layout.width());
                weights += (long) layout.width() * row;
            }
            if (layer == 0 || layout.joined(layer)) {
                MatrixKernel.multiplyAdd(encoded, 0, 1, POINTS, parameters.data(), weights, row, z, 0, row, padded, row, features);
            }
            activate(layer, parameters, slopes);
        }
    }

    private void activate(int layer, Tensor parameters, boolean wantSlope) {
        switch (layout.activation()) {
            case GELU -> ActivationKernel.gelu(hidden[layer], parameters.data(), layout.biasOffset(layer), slope[layer], padded, row, wantSlope);
            case ELU -> ActivationKernel.elu(hidden[layer], parameters.data(), layout.biasOffset(layer), slope[layer], padded, row);
        }
    }

    private void outputLayer(Tensor parameters) {
        int last = layout.depth();
        long weights = layout.weightsOffset(last);
        int outputRow = layout.outputRow();
        MatrixKernel.narrowLayer(hidden[last - 1], row, parameters.data(), weights, outputRow, layout.biasOffset(last),
                outputs, 0, POINTS, padded, row, layout.outputs());
        if (layout.joined(last)) {
            MatrixKernel.multiplyAdd(parameters.data(), weights + row, outputRow, 1, encoded, 0, POINTS, outputs, 0, POINTS, layout.outputs(), padded, features);
        }
    }

    /** Needs {@link #load} and {@link #loadOutputGradient}; adds layer gradients from {@code offset} on. */
    void backward(Tensor parameters, Tensor window, LayerTransposes transposes, MemorySegment gradients, long offset) {
        encoder.encode(parameters, window);
        hiddenLayers(parameters, true);
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
                MatrixKernel.multiplyAdd(hidden[layer - 1], 0, 1, row, gradient, 0, row, gradients, weights, row, layout.width(), row, padded);
                ElementwiseKernel.fill(other, 0, 0, padded * row);
                MatrixKernel.multiplyAdd(gradient, 0, row, 1, transposes.hidden(layer), 0, row, other, 0, row, padded, row, layout.width());
                weights += (long) layout.width() * row;
            }
            if (layer == 0 || layout.joined(layer)) {
                MatrixKernel.multiplyAdd(encoded, 0, POINTS, 1, gradient, 0, row, gradients, weights, row, features, row, padded);
                MatrixKernel.multiplyAdd(gradient, 0, row, 1, transposes.encoding(layer), 0, featureRow,
                        featureGradientRows, 0, featureRow, padded, featureRow, layout.width());
            }
            MemorySegment swap = gradient;
            gradient = other;
            other = swap;
        }
        MatrixKernel.transpose(featureGradientRows, 0, featureRow, encoder.featureGradient(), 0, POINTS, padded, features);
        encoder.closeGradient(window);
    }

    private void outputLayerBackward(Tensor parameters, MemorySegment gradients, long base) {
        int last = layout.depth();
        int outputRow = layout.outputRow();
        long weights = layout.weightsOffset(last);
        MatrixKernel.multiplyAdd(outputs, 0, POINTS, 1, hidden[last - 1], 0, row, gradients, base + weights, outputRow, layout.outputs(), row, padded);
        MatrixKernel.addRowSums(outputs, POINTS, gradients, base + layout.biasOffset(last), layout.outputs(), padded);
        MatrixKernel.multiplyAdd(outputs, 0, 1, POINTS, parameters.data(), weights, outputRow, hiddenGradient, 0, row, padded, row, layout.outputs());
        if (layout.joined(last)) {
            MatrixKernel.transpose(encoded, 0, POINTS, encodedRows, 0, featureRow, features, padded);
            MatrixKernel.multiplyAdd(outputs, 0, POINTS, 1, encodedRows, 0, featureRow, gradients, base + weights + row, outputRow, layout.outputs(), featureRow, padded);
            MatrixKernel.multiplyAdd(outputs, 0, 1, POINTS, parameters.data(), weights + row, outputRow, featureGradientRows, 0, featureRow, padded, featureRow, layout.outputs());
        }
    }

}
