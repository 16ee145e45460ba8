package dev.nstm.device.cpu;

import dev.nstm.device.NetworkLayout;
import dev.nstm.simd.MatrixKernel;
import dev.nstm.tensor.Tensor;
import dev.nstm.tensor.TensorArena;
import java.lang.foreign.MemorySegment;

/**
 * Transposed weights of the hidden layers, {@code [neuron][input]}: a product reads the weights of a neuron one after
 * another, and wide layers as they are would put them all into the same few lines of the cache.
 */
final class LayerTransposes {
    private final NetworkLayout layout;
    private final MemorySegment[] layers;
    private final MemorySegment scratch;

    LayerTransposes(NetworkLayout layout, TensorArena arena) {
        this.layout = layout;
        layers = new MemorySegment[layout.depth()];
        for (int layer = 0; layer < layers.length; layer++)
            layers[layer] = arena.allocateBytes(4L * layout.width() * layout.inputs(layer));
        scratch = arena.allocateBytes(4L * MatrixKernel.TRANSPOSE_SCRATCH);
    }

    void update(Tensor parameters) {
        for (int layer = 0; layer < layers.length; layer++) {
            int inputs = layout.inputs(layer);
            MatrixKernel.transpose(
                    parameters.data(),
                    layout.weightsOffset(layer),
                    layout.paddedWidth(),
                    layers[layer],
                    0,
                    inputs,
                    inputs,
                    layout.width(),
                    scratch);
        }
    }

    MemorySegment layer(int layer) {
        return layers[layer];
    }
}
