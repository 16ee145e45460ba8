package dev.nstm.device.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

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
 * Features, neurons and outputs lie {@code [neuron][point]}: a layer is the product of its few weights with rows that
 * are as long as the tile, so narrow layers fill the registers as well as wide ones.
 */
final class TileEvaluator {
    static final int POINTS = TileEncoder.POINTS;
    /** Narrower layers are computed again in less time than it takes to bring them back from memory. */
    private static final int KEPT_WIDTH = 64;

    private final NetworkLayout layout;
    private final LayerTransposes transposes;
    private final int features;
    private final int width;
    /** Length of a row of weights in memory. */
    private final int row;

    private final TileEncoder encoder;
    private final MemorySegment encoded;
    private final MemorySegment[] hidden;
    private final MemorySegment[] slope;
    private final MemorySegment hiddenGradient;
    private final MemorySegment previousGradient;
    /** Gradient of a layer, {@code [point][neuron]}. */
    private final MemorySegment gradientRows;

    private final MemorySegment transposeScratch;
    private final MemorySegment outputs;
    private int padded;

    /**
     * @param transposes of the parameters that the passes are given
     * @param pixels null where the coordinates are given point by point
     */
    TileEvaluator(NetworkLayout layout, LayerTransposes transposes, Workspace workspace, PixelFeatures pixels) {
        this.layout = layout;
        this.transposes = transposes;
        features = layout.features();
        width = layout.width();
        row = layout.paddedWidth();
        long needed = (long) POINTS * ((2L * layout.depth() + 2) * width + row + layout.outputs())
                + MatrixKernel.TRANSPOSE_SCRATCH
                + (2L * layout.depth() + 6) * TensorArena.ROW_MULTIPLE;
        workspace.reserve(4 * (needed + TileEncoder.workspaceValues(layout)));
        encoder = new TileEncoder(layout, workspace, pixels);
        encoded = encoder.encoded();
        hidden = new MemorySegment[layout.depth()];
        slope = new MemorySegment[layout.depth()];
        for (int i = 0; i < layout.depth(); i++) {
            hidden[i] = workspace.take((long) width * POINTS);
            slope[i] = workspace.take((long) width * POINTS);
        }
        hiddenGradient = workspace.take((long) width * POINTS);
        previousGradient = workspace.take((long) width * POINTS);
        gradientRows = workspace.take((long) row * POINTS);
        transposeScratch = workspace.take(MatrixKernel.TRANSPOSE_SCRATCH);
        outputs = workspace.take((long) layout.outputs() * POINTS);
        workspace.release(0);
    }

    TileEncoder encoder() {
        return encoder;
    }

    /**
     * Values of a tile that are worth keeping: its features and, of wide networks, the pre-activations of all hidden
     * layers but the first, cheap one.
     */
    static long keptValues(NetworkLayout layout) {
        long preactivations = keepsPreactivations(layout) ? (layout.depth() - 1L) * layout.width() : 0;
        return POINTS * (layout.features() + preactivations);
    }

    private static boolean keepsPreactivations(NetworkLayout layout) {
        return layout.width() >= KEPT_WIDTH;
    }

    /**
     * Needs the encoder to be loaded.
     *
     * @param kept receives {@link #keptValues} values for the backward pass, from {@code keptOffset} on; null to keep
     *     none
     */
    void forward(Tensor parameters, Tensor window, MemorySegment kept, long keptOffset) {
        padded = encoder.padded();
        encoder.bindTables(parameters);
        encoder.encode(window);
        if (kept != null) copy(encoded, 0, kept, keptOffset, features * POINTS);
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

    private static void copy(MemorySegment from, long first, MemorySegment to, long target, int count) {
        MemorySegment.copy(from, 4 * first, to, 4 * target, 4L * count);
    }

    /** @param known whether {@code kept} holds the pre-activations already */
    private void hiddenLayers(Tensor parameters, boolean slopes, MemorySegment kept, long keptOffset, boolean known) {
        for (int layer = 0; layer < layout.depth(); layer++) {
            boolean keep = kept != null && layer > 0 && keepsPreactivations(layout);
            MemorySegment z = keep ? kept : hidden[layer];
            long at = keep ? keptOffset + POINTS * (features + (layer - 1L) * width) : 0;
            if (!(keep && known)) preactivations(layer, parameters, z, at);
            switch (layout.activation()) {
                case GELU -> {
                    if (slopes) ActivationKernel.geluWithSlope(z, at, hidden[layer], slope[layer], width * POINTS);
                    else ActivationKernel.gelu(z, at, hidden[layer], width * POINTS);
                }
                case ELU -> ActivationKernel.elu(z, at, hidden[layer], slope[layer], width * POINTS);
            }
        }
    }

    private void preactivations(int layer, Tensor parameters, MemorySegment z, long at) {
        MemorySegment weights = transposes.layer(layer);
        int inputs = layout.inputs(layer);
        startFromBias(parameters, layout.biasOffset(layer), z, at, width);
        if (layer > 0) addLayer(weights, 0, inputs, 1, hidden[layer - 1], z, at, width, width);
        if (layer == 0 || layout.joined(layer))
            addLayer(weights, layer > 0 ? width : 0, inputs, 1, encoded, z, at, width, features);
    }

    private void outputLayer(Tensor parameters) {
        int last = layout.depth();
        long weights = layout.weightsOffset(last);
        int outputRow = layout.outputRow();
        startFromBias(parameters, layout.biasOffset(last), outputs, 0, layout.outputs());
        addLayer(parameters.data(), weights, outputRow, 1, hidden[last - 1], outputs, 0, layout.outputs(), width);
        if (layout.joined(last))
            addLayer(parameters.data(), weights + row, outputRow, 1, encoded, outputs, 0, layout.outputs(), features);
    }

    private void startFromBias(Tensor parameters, long bias, MemorySegment z, long at, int neurons) {
        for (int i = 0; i < neurons; i++)
            ElementwiseKernel.fill(
                    z, at + (long) i * POINTS, parameters.data().getAtIndex(JAVA_FLOAT, bias + i), padded);
    }

    /**
     * z[i][p] += sum over l of w[i][l] x[l][p].
     *
     * @param weights w[i][l] lies at {@code offset + i*neuronStride + l*inputStride}
     */
    private void addLayer(
            MemorySegment weights,
            long offset,
            long neuronStride,
            long inputStride,
            MemorySegment x,
            MemorySegment z,
            long at,
            int neurons,
            int inputs) {
        MatrixKernel.multiplyAdd(
                weights, offset, neuronStride, inputStride, x, 0, POINTS, z, at, POINTS, neurons, padded, inputs);
    }

    /**
     * Needs the encoder to be loaded and {@link #loadOutputGradient}; adds layer gradients from {@code offset} on.
     *
     * @param kept what {@link #forward} kept; null to compute all of it again
     */
    void backward(
            Tensor parameters,
            Tensor window,
            MemorySegment kept,
            long keptOffset,
            MemorySegment gradients,
            long offset) {
        padded = encoder.padded();
        encoder.bindTables(parameters);
        if (kept == null) encoder.encode(window);
        else copy(kept, keptOffset, encoded, 0, features * POINTS);
        hiddenLayers(parameters, true, kept, keptOffset, true);
        long base = offset - layout.layersOffset();
        MemorySegment featureGradient = encoder.featureGradient();
        ElementwiseKernel.fill(featureGradient, 0, 0, features * POINTS);
        ElementwiseKernel.fill(hiddenGradient, 0, 0, width * POINTS);
        if (row > width) ElementwiseKernel.fill(gradientRows, 0, 0, row * POINTS);
        outputLayerBackward(parameters, gradients, base);
        MemorySegment gradient = hiddenGradient;
        MemorySegment other = previousGradient;
        for (int layer = layout.depth() - 1; layer >= 0; layer--) {
            ElementwiseKernel.multiply(slope[layer], 0, gradient, 0, width * POINTS);
            MatrixKernel.addRowSums(gradient, POINTS, gradients, base + layout.biasOffset(layer), width, padded);
            MatrixKernel.transpose(gradient, 0, POINTS, gradientRows, 0, row, width, padded, transposeScratch);
            long weights = layout.weightsOffset(layer);
            if (layer > 0) {
                addWeightGradient(hidden[layer - 1], width, gradients, base + weights);
                ElementwiseKernel.fill(other, 0, 0, width * POINTS);
                addLayer(parameters.data(), weights, row, 1, gradient, other, 0, width, width);
                weights += (long) width * row;
            }
            if (layer == 0 || layout.joined(layer)) {
                addWeightGradient(encoded, features, gradients, base + weights);
                addLayer(parameters.data(), weights, row, 1, gradient, featureGradient, 0, features, width);
            }
            MemorySegment swap = gradient;
            gradient = other;
            other = swap;
        }
        encoder.closeGradient(window);
    }

    /** gradients[l][i] += sum over p of x[l][p] {@link #gradientRows}[p][i]. */
    private void addWeightGradient(MemorySegment x, int inputs, MemorySegment gradients, long offset) {
        MatrixKernel.multiplyAdd(x, 0, POINTS, 1, gradientRows, 0, row, gradients, offset, row, inputs, row, padded);
    }

    private void outputLayerBackward(Tensor parameters, MemorySegment gradients, long base) {
        int last = layout.depth();
        int count = layout.outputs();
        int outputRow = layout.outputRow();
        long weights = layout.weightsOffset(last);
        MatrixKernel.addRowSums(outputs, POINTS, gradients, base + layout.biasOffset(last), count, padded);
        MatrixKernel.addRowProducts(
                outputs,
                0,
                POINTS,
                hidden[last - 1],
                0,
                POINTS,
                gradients,
                base + weights,
                outputRow,
                count,
                width,
                padded);
        addLayer(parameters.data(), weights, 1, outputRow, outputs, hiddenGradient, 0, width, count);
        if (!layout.joined(last)) return;
        MatrixKernel.addRowProducts(
                outputs,
                0,
                POINTS,
                encoded,
                0,
                POINTS,
                gradients,
                base + weights + row,
                outputRow,
                count,
                features,
                padded);
        addLayer(
                parameters.data(), weights + row, 1, outputRow, outputs, encoder.featureGradient(), 0, features, count);
    }
}
