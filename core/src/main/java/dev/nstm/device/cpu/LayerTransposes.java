package dev.nstm.device.cpu;

import dev.nstm.device.NetworkLayout;
import dev.nstm.simd.MatrixKernel;
import dev.nstm.tensor.Tensor;
import dev.nstm.tensor.TensorArena;
import java.lang.foreign.MemorySegment;

/**
 * Transposed hidden weights, so that input gradients run through the same kernel as outputs: for every hidden layer the
 * part that sees the layer before, {@code [width][padded width]}, and the part that sees the encoding,
 * {@code [width][padded features]}.
 */
final class LayerTransposes {
    private final NetworkLayout layout;
    private final MemorySegment[] hidden;
    private final MemorySegment[] encoding;

    LayerTransposes(NetworkLayout layout, TensorArena arena) {
        this.layout = layout;
        hidden = new MemorySegment[layout.depth()];
        encoding = new MemorySegment[layout.depth()];
        for (int layer = 0; layer < layout.depth(); layer++) {
            if (layer > 0) hidden[layer] = arena.allocateBytes(4L * layout.width() * layout.paddedWidth());
            if (layer == 0 || layout.joined(layer))
                encoding[layer] = arena.allocateBytes(4L * layout.width() * layout.paddedFeatures());
        }
    }

    void update(Tensor parameters) {
        int row = layout.paddedWidth();
        for (int layer = 0; layer < layout.depth(); layer++) {
            int weights = layout.weightsOffset(layer);
            if (layer > 0) {
                MatrixKernel.transpose(
                        parameters.data(), weights, row, hidden[layer], 0, row, layout.width(), layout.width());
                weights += layout.width() * row;
            }
            if (encoding[layer] != null) {
                MatrixKernel.transpose(
                        parameters.data(),
                        weights,
                        row,
                        encoding[layer],
                        0,
                        layout.paddedFeatures(),
                        layout.features(),
                        layout.width());
            }
        }
    }

    MemorySegment hidden(int layer) {
        return hidden[layer];
    }

    MemorySegment encoding(int layer) {
        return encoding[layer];
    }
}
