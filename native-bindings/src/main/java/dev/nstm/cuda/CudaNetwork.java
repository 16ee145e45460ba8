package dev.nstm.cuda;

import dev.nstm.cuda.Matrices.Matrix;
import dev.nstm.device.Device;
import dev.nstm.device.NetworkLayout;
import dev.nstm.device.OperationChecks;
import dev.nstm.device.PixelGrid;
import dev.nstm.tensor.InvalidInputException;
import dev.nstm.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * An encoded network on the GPU: layers are matrix products over many points at once, everything between them our
 * kernels. All that lies between forward and backward pass is kept where memory allows; where not, points are worked
 * through in chunks and the backward pass computes it again. Arrays lie {@code [row][point]}.
 */
final class CudaNetwork implements Device.PixelEvaluator {
    /** Memory that a chunk may take where not everything can be kept. */
    private static final long CHUNK_BYTES = 1L << 30;
    /** So that the fixed-point sums of a chunk's table gradients cannot overflow. */
    private static final int MOST_POINTS = 1 << 22;
    private static final int LEAST_POINTS = 1024;
    private static final int SUM_BLOCKS = 64;

    private final CudaDevice device;
    private final CudaContext context;
    private final Kernels kernels;
    private final Matrices matrices;
    private final NetworkLayout layout;
    private final int points;
    private final boolean trained;
    private final CudaEncoding encoding;
    private final int features;
    private final int width;
    private final int stride;
    /** What the backward pass needs of the forward pass; null where it computes it again in scratch memory. */
    private final MemorySegment kept;
    /** Blocks' sums of the rows of a gradient. */
    private final MemorySegment sums;
    private int movedBy;

    /** @param grid null where coordinates are given point by point */
    CudaNetwork(CudaDevice device, NetworkLayout layout, int points, PixelGrid grid, boolean trained) {
        OperationChecks.points(points);
        this.device = device;
        this.context = device.context();
        this.kernels = device.kernels();
        this.matrices = device.matrices();
        this.layout = layout;
        this.points = points;
        this.trained = trained;
        features = layout.features();
        width = layout.width();
        encoding = new CudaEncoding(device, layout, points, grid);
        long available = context.available();
        boolean keeps = trained && points <= MOST_POINTS && 4L * points * (forwardRows() + backwardRows()) <= available / 2;
        long chunk = Math.min(CHUNK_BYTES, available / 2) / (4L * (forwardRows() + (trained ? backwardRows() : 0)));
        stride = keeps ? points : (int) Math.clamp(chunk, Math.min(points, LEAST_POINTS), Math.min(points, MOST_POINTS));
        kept = keeps ? context.allocate(4L * stride * forwardRows()) : null;
        sums = trained ? context.allocate(8L * SUM_BLOCKS * Math.max(width, layout.outputs())) : null;
        device.scratch().reserve(4L * stride * ((keeps ? 0 : forwardRows()) + (trained ? backwardRows() : 0)) + 4);
    }

    /** Rows of the forward pass, in the order in which they lie: coordinates, features, then pre-activations and values of every layer or, untrained, of two. */
    private long forwardRows() {
        return encoding.coordinateRows() + features + 2L * width * (trained ? layout.depth() : 1);
    }

    /** Rows of the backward pass: gradients of the features and of two layers. */
    private long backwardRows() {
        return features + 2L * width;
    }

    private MemorySegment forwardMemory() {
        return kept != null ? kept : device.scratch().memory();
    }

    private long encoded() {
        return encoding.coordinateRows() * (long) stride;
    }

    /** Pre-activations; those of an untrained network give way to the values. */
    private long before(int layer) {
        return trained ? encoded() + (features + (long) width * layer) * stride : after(layer);
    }

    private long after(int layer) {
        return encoded() + (features + (long) width * (trained ? layout.depth() + layer : layer % 2)) * stride;
    }

    private long featureGradient() {
        return kept != null ? 0 : forwardRows() * stride;
    }

    private long layerGradient(int which) {
        return featureGradient() + (features + (long) width * which) * stride;
    }

    @Override
    public void moveTo(int samples) {
        movedBy = OperationChecks.movedBy(encoding.grid(), samples, points);
    }

    @Override
    public void forward(Tensor coordinates, Tensor parameters, Tensor window, Tensor output) {
        OperationChecks.network(layout, points, encoding.atPoints(), coordinates, parameters, window, output);
        for (int first = 0; first < points; first += stride) {
            int count = Math.min(stride, points - first);
            hiddenLayers(coordinates, parameters, window, first, count);
            outputLayer(parameters, output, first, count);
        }
    }

    private void hiddenLayers(Tensor coordinates, Tensor parameters, Tensor window, int first, int count) {
        MemorySegment memory = forwardMemory();
        encoding.place(coordinates, movedBy, first, count, memory, 0, stride);
        encoding.encode(parameters, window, memory, encoded(), stride, count);
        int row = layout.paddedWidth();
        for (int layer = 0; layer < layout.depth(); layer++) {
            Matrix result = new Matrix(memory, before(layer), stride);
            int weights = layout.weightsOffset(layer);
            if (layer == 0) {
                matrices.multiply(false, true, count, width, features, new Matrix(memory, encoded(), stride), new Matrix(parameters.data(), weights, row), false, result);
            } else {
                matrices.multiply(false, true, count, width, width, new Matrix(memory, after(layer - 1), stride), new Matrix(parameters.data(), weights, row), false, result);
                if (layout.joined(layer)) {
                    matrices.multiply(false, true, count, width, features, new Matrix(memory, encoded(), stride), new Matrix(parameters.data(), weights + (long) width * row, row), true, result);
                }
            }
            kernels.of(Kernel.ACTIVATE).integer(layout.activation().ordinal()).pointer(parameters.data(), 4L * layout.biasOffset(layer))
                    .pointer(memory, 4 * before(layer)).pointer(memory, 4 * after(layer)).integer(stride).integer(count).run(count, width);
        }
    }

    private void outputLayer(Tensor parameters, Tensor output, int first, int count) {
        MemorySegment memory = forwardMemory();
        int last = layout.depth();
        long weights = layout.weightsOffset(last);
        narrowLayer(parameters, weights, memory, after(last - 1), width, output, first, false, count);
        if (layout.joined(last)) narrowLayer(parameters, weights + layout.paddedWidth(), memory, encoded(), features, output, first, true, count);
    }

    private void narrowLayer(Tensor parameters, long weights, MemorySegment memory, long input, int inputs, Tensor output, int first, boolean add, int count) {
        kernels.of(Kernel.NARROW_LAYER).pointer(parameters.data(), 4 * weights).integer(layout.outputRow()).pointer(parameters.data(), 4L * layout.biasOffset(layout.depth()))
                .pointer(memory, 4 * input).integer(inputs).integer(stride).pointer(output.data(), 4L * first).integer(points).integer(add ? 1 : 0).integer(count).run(count, layout.outputs());
    }

    @Override
    public void backward(Tensor coordinates, Tensor parameters, Tensor window, Tensor outputGradient, Tensor parameterGradient, Tensor coordinateGradient) {
        OperationChecks.network(layout, points, encoding.atPoints(), coordinates, parameters, window, outputGradient);
        OperationChecks.networkGradients(layout, points, encoding.atPoints(), parameterGradient, coordinateGradient);
        if (!trained) throw InvalidInputException.of("the network was prepared for evaluation only");
        for (int first = 0; first < points; first += stride) {
            int count = Math.min(stride, points - first);
            if (kept == null) hiddenLayers(coordinates, parameters, window, first, count);
            else if (encoding.atPoints()) encoding.readAt(coordinates, first);
            outputLayerBackward(parameters, outputGradient, parameterGradient, first, count);
            hiddenLayersBackward(parameters, parameterGradient, count);
            encoding.backward(parameters, window, device.scratch().memory(), featureGradient(), stride, parameterGradient, coordinateGradient, first, count);
        }
    }

    private void outputLayerBackward(Tensor parameters, Tensor outputGradient, Tensor parameterGradient, int first, int count) {
        MemorySegment memory = forwardMemory();
        MemorySegment gradients = device.scratch().memory();
        int last = layout.depth();
        int row = layout.outputRow();
        long weights = layout.weightsOffset(last);
        Matrix gradient = new Matrix(outputGradient.data(), first, points);
        matrices.multiply(true, false, width, layout.outputs(), count, new Matrix(memory, after(last - 1), stride), gradient, true, new Matrix(parameterGradient.data(), weights, row));
        int blocks = Kernels.sumBlocks(count, SUM_BLOCKS);
        kernels.of(Kernel.SUM_ROWS).pointer(outputGradient.data(), 4L * first).integer(points).integer(count).pointer(sums, 0).runBlocks(blocks, layout.outputs());
        addSumsOfRows(blocks, layout.outputs(), parameterGradient, layout.biasOffset(last));
        kernels.of(Kernel.OUTPUT_SLOPE).integer(layout.activation().ordinal()).pointer(parameters.data(), 4L * layout.biasOffset(last - 1)).pointer(memory, 4 * before(last - 1))
                .pointer(parameters.data(), 4 * weights).integer(row).pointer(outputGradient.data(), 4L * first).integer(layout.outputs()).integer(points)
                .pointer(gradients, 4 * layerGradient(0)).integer(stride).integer(count).pointer(sums, 0).runBlocks(blocks, width);
        addSumsOfRows(blocks, width, parameterGradient, layout.biasOffset(last - 1));
        if (layout.joined(last)) {
            long joined = weights + layout.paddedWidth();
            matrices.multiply(true, false, features, layout.outputs(), count, new Matrix(memory, encoded(), stride), gradient, true, new Matrix(parameterGradient.data(), joined, row));
            kernels.of(Kernel.NARROW_LAYER_INPUTS).pointer(parameters.data(), 4 * joined).integer(row).pointer(outputGradient.data(), 4L * first).integer(layout.outputs()).integer(points)
                    .pointer(gradients, 4 * featureGradient()).integer(stride).integer(count).run(count, features);
        }
    }

    private void addSumsOfRows(int blocks, int rows, Tensor parameterGradient, int target) {
        kernels.of(Kernel.ADD_SUMS_OF_ROWS).pointer(sums, 0).integer(blocks).pointer(parameterGradient.data(), 4L * target).integer(rows).run(rows);
    }

    /** From the gradient with respect to the last hidden layer's pre-activations down to that with respect to the features. */
    private void hiddenLayersBackward(Tensor parameters, Tensor parameterGradient, int count) {
        MemorySegment memory = forwardMemory();
        MemorySegment gradients = device.scratch().memory();
        int row = layout.paddedWidth();
        boolean featuresBegun = layout.joined(layout.depth());
        Matrix encodedRows = new Matrix(memory, encoded(), stride);
        for (int layer = layout.depth() - 1, side = 0; layer >= 0; layer--, side ^= 1) {
            long at = layerGradient(side);
            if (layer < layout.depth() - 1) {
                int blocks = Kernels.sumBlocks(count, SUM_BLOCKS);
                kernels.of(Kernel.MULTIPLY_SLOPE).integer(layout.activation().ordinal()).pointer(parameters.data(), 4L * layout.biasOffset(layer)).pointer(memory, 4 * before(layer))
                        .pointer(gradients, 4 * at).integer(stride).integer(count).pointer(sums, 0).runBlocks(blocks, width);
                addSumsOfRows(blocks, width, parameterGradient, layout.biasOffset(layer));
            }
            Matrix gradient = new Matrix(gradients, at, stride);
            long weights = layout.weightsOffset(layer);
            if (layer > 0) {
                matrices.multiply(true, false, width, width, count, gradient, new Matrix(memory, after(layer - 1), stride), true, new Matrix(parameterGradient.data(), weights, row));
                matrices.multiply(false, false, count, width, width, gradient, new Matrix(parameters.data(), weights, row), false, new Matrix(gradients, layerGradient(side ^ 1), stride));
                weights += (long) width * row;
            }
            if (layer == 0 || layout.joined(layer)) {
                matrices.multiply(true, false, width, features, count, gradient, encodedRows, true, new Matrix(parameterGradient.data(), weights, row));
                matrices.multiply(false, false, count, features, width, gradient, new Matrix(parameters.data(), weights, row), featuresBegun, new Matrix(gradients, featureGradient(), stride));
                featuresBegun = true;
            }
        }
    }
}
