package dev.nstm.field;

import dev.nstm.device.Encoding;
import dev.nstm.device.NetworkLayout;
import java.util.SplittableRandom;

/**
 * First values of a network's parameters: tables uniform in [0, 1e-4), weights Glorot uniform, biases and padding zero.
 */
public final class NetworkInitializer {
    private static final double TABLE_RANGE = 1e-4;

    private NetworkInitializer() {}

    public static float[] initialize(NetworkLayout layout, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] parameters = new float[layout.parameterCount()];
        for (int e = 0; e < layout.encodings().size(); e++) {
            if (!(layout.encodings().get(e) instanceof Encoding.HashGrid grid)) continue;
            int first = layout.encodingOffset(e);
            for (int i = 0; i < grid.parameterCount(); i++)
                parameters[first + i] = (float) (TABLE_RANGE * random.nextDouble());
        }
        for (int layer = 0; layer < layout.depth(); layer++) {
            int inputs = layout.inputs(layer);
            double limit = Math.sqrt(6.0 / (inputs + layout.width()));
            for (int i = 0; i < inputs; i++) {
                for (int j = 0; j < layout.width(); j++) {
                    parameters[layout.weightsOffset(layer) + i * layout.paddedWidth() + j] =
                            (float) (limit * (2 * random.nextDouble() - 1));
                }
            }
        }
        int last = layout.depth();
        int extra = layout.joined(last) ? layout.features() : 0;
        double limit = Math.sqrt(6.0 / (layout.width() + extra + layout.outputs()));
        for (int o = 0; o < layout.outputs(); o++) {
            int row = layout.weightsOffset(last) + o * layout.outputRow();
            for (int i = 0; i < layout.width(); i++)
                parameters[row + i] = (float) (limit * (2 * random.nextDouble() - 1));
            for (int i = 0; i < extra; i++)
                parameters[row + layout.paddedWidth() + i] = (float) (limit * (2 * random.nextDouble() - 1));
        }
        return parameters;
    }
}
