package dev.nstm.cuda;

import dev.nstm.device.NetworkLayout;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Layer after layer for all points: matrix products by cuBLAS, kernels of ours between them. For networks of any size.
 */
final class ChainedLayers implements Layers {
    private static final int SUM_BLOCKS = 64;

    private final Kernels kernels;
    private final Matrices matrices;
    private final NetworkLayout layout;
    private final boolean trained;
    private final int features;
    private final int width;
    /** Blocks' sums of the rows of a gradient. */
    private final MemorySegment sums;

    ChainedLayers(CudaDevice device, NetworkLayout layout, boolean trained) {
        kernels = device.kernels();
        matrices = device.matrices();
        this.layout = layout;
        this.trained = trained;
        features = layout.features();
        width = layout.width();
        sums = trained ? device.context().allocate(8L * SUM_BLOCKS * Math.max(width, layout.outputs())) : null;
    }

    /** For training, pre-activations and values of every layer; otherwise values of two layers, used in turn. */
    @Override
    public long forwardRows() {
        return 2L * width * (trained ? layout.depth() : 1);
    }

    /** Gradients of two layers in turn. */
    @Override
    public long backwardRows() {
        return 2L * width;
    }

    /** Pre-activations of a layer; in a network that is not trained, its values overwrite them. */
    private Rows before(Rows memory, int layer) {
        return trained ? memory.from((long) width * layer) : after(memory, layer);
    }

    private Rows after(Rows memory, int layer) {
        return memory.from((long) width * (trained ? layout.depth() + layer : layer % 2));
    }

    private Rows weights(Tensor parameters, long first) {
        return new Rows(parameters.data(), first, layout.paddedWidth());
    }

    @Override
    public void forward(Tensor parameters, Rows encoded, Rows memory, Rows output, int count) {
        for (int layer = 0; layer < layout.depth(); layer++) {
            Rows result = before(memory, layer);
            int weights = layout.weightsOffset(layer);
            if (layer == 0) {
                matrices.multiply(
                        false, true, count, width, features, encoded, weights(parameters, weights), false, result);
            } else {
                matrices.multiply(
                        false,
                        true,
                        count,
                        width,
                        width,
                        after(memory, layer - 1),
                        weights(parameters, weights),
                        false,
                        result);
                if (layout.joined(layer))
                    matrices.multiply(
                            false,
                            true,
                            count,
                            width,
                            features,
                            encoded,
                            weights(parameters, weights).from(width),
                            true,
                            result);
            }
            kernels.of(Kernel.ACTIVATE)
                    .integer(layout.activation().ordinal())
                    .pointer(parameters.data(), 4L * layout.biasOffset(layer))
                    .rows(result)
                    .rows(after(memory, layer))
                    .integer(result.step())
                    .integer(count)
                    .run(count, width);
        }
        if (output == null) return;
        int last = layout.depth();
        long weights = layout.weightsOffset(last);
        narrowLayer(parameters, weights, after(memory, last - 1), width, output, false, count);
        if (layout.joined(last))
            narrowLayer(parameters, weights + layout.paddedWidth(), encoded, features, output, true, count);
    }

    private void narrowLayer(
            Tensor parameters, long weights, Rows input, int inputs, Rows output, boolean add, int count) {
        kernels.of(Kernel.NARROW_LAYER)
                .pointer(parameters.data(), 4 * weights)
                .integer(layout.outputRow())
                .pointer(parameters.data(), 4L * layout.biasOffset(layout.depth()))
                .rows(input)
                .integer(inputs)
                .integer(input.step())
                .rows(output)
                .integer(output.step())
                .integer(add ? 1 : 0)
                .integer(count)
                .run(count, layout.outputs());
    }

    @Override
    public void backward(
            Tensor parameters,
            Rows encoded,
            Rows memory,
            Rows outputGradient,
            Tensor parameterGradient,
            Rows featureGradient,
            Rows work,
            int count) {
        outputLayerBackward(
                parameters, encoded, memory, outputGradient, parameterGradient, featureGradient, work, count);
        hiddenLayersBackward(parameters, encoded, memory, parameterGradient, featureGradient, work, count);
    }

    private void outputLayerBackward(
            Tensor parameters,
            Rows encoded,
            Rows memory,
            Rows outputGradient,
            Tensor parameterGradient,
            Rows featureGradient,
            Rows work,
            int count) {
        int last = layout.depth();
        int row = layout.outputRow();
        long weights = layout.weightsOffset(last);
        matrices.multiply(
                true,
                false,
                width,
                layout.outputs(),
                count,
                after(memory, last - 1),
                outputGradient,
                true,
                new Rows(parameterGradient.data(), weights, row));
        int blocks = Kernels.sumBlocks(count, SUM_BLOCKS);
        kernels.of(Kernel.SUM_ROWS)
                .rows(outputGradient)
                .integer(outputGradient.step())
                .integer(count)
                .pointer(sums, 0)
                .runBlocks(blocks, layout.outputs());
        addSumsOfRows(blocks, layout.outputs(), parameterGradient, layout.biasOffset(last));
        kernels.of(Kernel.OUTPUT_SLOPE)
                .integer(layout.activation().ordinal())
                .pointer(parameters.data(), 4L * layout.biasOffset(last - 1))
                .rows(before(memory, last - 1))
                .pointer(parameters.data(), 4 * weights)
                .integer(row)
                .rows(outputGradient)
                .integer(layout.outputs())
                .integer(outputGradient.step())
                .rows(work)
                .integer(work.step())
                .integer(count)
                .pointer(sums, 0)
                .runBlocks(blocks, width);
        addSumsOfRows(blocks, width, parameterGradient, layout.biasOffset(last - 1));
        if (layout.joined(last)) {
            long joined = weights + layout.paddedWidth();
            matrices.multiply(
                    true,
                    false,
                    features,
                    layout.outputs(),
                    count,
                    encoded,
                    outputGradient,
                    true,
                    new Rows(parameterGradient.data(), joined, row));
            kernels.of(Kernel.NARROW_LAYER_INPUTS)
                    .pointer(parameters.data(), 4 * joined)
                    .integer(row)
                    .rows(outputGradient)
                    .integer(layout.outputs())
                    .integer(outputGradient.step())
                    .rows(featureGradient)
                    .integer(featureGradient.step())
                    .integer(count)
                    .run(count, features);
        }
    }

    private void addSumsOfRows(int blocks, int rows, Tensor parameterGradient, int target) {
        kernels.of(Kernel.ADD_SUMS_OF_ROWS)
                .pointer(sums, 0)
                .integer(blocks)
                .pointer(parameterGradient.data(), 4L * target)
                .integer(rows)
                .run(rows);
    }

    /**
     * From the gradient with respect to the last hidden layer's pre-activations down to that with respect to the
     * features.
     */
    private void hiddenLayersBackward(
            Tensor parameters,
            Rows encoded,
            Rows memory,
            Tensor parameterGradient,
            Rows featureGradient,
            Rows work,
            int count) {
        boolean featuresBegun = layout.joined(layout.depth());
        for (int layer = layout.depth() - 1, side = 0; layer >= 0; layer--, side ^= 1) {
            Rows gradient = work.from((long) width * side);
            if (layer < layout.depth() - 1) {
                int blocks = Kernels.sumBlocks(count, SUM_BLOCKS);
                kernels.of(Kernel.MULTIPLY_SLOPE)
                        .integer(layout.activation().ordinal())
                        .pointer(parameters.data(), 4L * layout.biasOffset(layer))
                        .rows(before(memory, layer))
                        .rows(gradient)
                        .integer(gradient.step())
                        .integer(count)
                        .pointer(sums, 0)
                        .runBlocks(blocks, width);
                addSumsOfRows(blocks, width, parameterGradient, layout.biasOffset(layer));
            }
            Rows weights = weights(parameters, layout.weightsOffset(layer));
            Rows weightsGradient = weights(parameterGradient, layout.weightsOffset(layer));
            if (layer > 0) {
                matrices.multiply(
                        true, false, width, width, count, gradient, after(memory, layer - 1), true, weightsGradient);
                matrices.multiply(
                        false,
                        false,
                        count,
                        width,
                        width,
                        gradient,
                        weights,
                        false,
                        work.from((long) width * (side ^ 1)));
                weights = weights.from(width);
                weightsGradient = weightsGradient.from(width);
            }
            if (layer == 0 || layout.joined(layer)) {
                matrices.multiply(true, false, width, features, count, gradient, encoded, true, weightsGradient);
                matrices.multiply(
                        false, false, count, features, width, gradient, weights, featuresBegun, featureGradient);
                featuresBegun = true;
            }
        }
    }
}
