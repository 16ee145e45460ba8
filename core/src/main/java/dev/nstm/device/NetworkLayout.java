package dev.nstm.device;

import static dev.nstm.tensor.InvalidInputException.require;

import dev.nstm.tensor.TensorArena;
import java.util.List;

/**
 * Shape of an encoded multilayer perceptron and the place of every parameter in its flat vector: the tables of the hash
 * grids in order, {@code [level][entry][feature]}, then layer after layer its weights and its biases. Hidden weights
 * are {@code [input][width]}, the output layer's are {@code [output][input]}; rows are padded with zeros to
 * {@link TensorArena#ROW_MULTIPLE}. Where a layer's input is joined by the encoding (skip connection), the rows for the
 * encoding follow those for the layer before. Kernels ask for these numbers tile by tile, so they are computed without
 * allocating.
 *
 * @param encodings parts of the encoding, concatenated
 * @param width neurons per hidden layer
 * @param depth hidden layers, at least 1
 * @param skipLayer the output of hidden layer i is joined by the encoding where i &gt; 0 and i % skipLayer == 0
 * @param activation function of the hidden layers
 * @param outputs channels of the result
 */
public record NetworkLayout(
        List<Encoding> encodings, int width, int depth, int skipLayer, Activation activation, int outputs) {
    private static final int MOST_PARAMETERS = 1 << 29;

    public NetworkLayout {
        encodings = List.copyOf(encodings);
        require(!encodings.isEmpty(), "a network needs an encoding");
        require(
                width >= 1 && depth >= 1 && skipLayer >= 1 && outputs >= 1,
                "width, depth, skipLayer and outputs must be positive, got %d, %d, %d, %d",
                width,
                depth,
                skipLayer,
                outputs);
        double tables = 0;
        for (Encoding encoding : encodings)
            if (encoding instanceof Encoding.HashGrid grid)
                for (int level = 0; level < grid.levels(); level++)
                    tables += (double) grid.entries(level) * grid.features();
        require(
                tables + (double) width * (width + 1) * depth < MOST_PARAMETERS,
                "a network of %.3g parameters is too large; %d are possible (smaller tables, fewer levels or features, a narrower network)",
                tables,
                MOST_PARAMETERS);
    }

    /** Number of coordinate axes. */
    public int axes() {
        int axes = 0;
        for (int i = 0; i < encodings.size(); i++)
            axes = Math.max(
                    axes, encodings.get(i).firstAxis() + encodings.get(i).axes());
        return axes;
    }

    /** Number of encoded features, the input of the first layer. */
    public int features() {
        int features = 0;
        for (int i = 0; i < encodings.size(); i++) features += encodings.get(i).featureCount();
        return features;
    }

    /** Length of a hidden row in memory. */
    public int paddedWidth() {
        return TensorArena.paddedRow(width);
    }

    /** Length of a row of encoded features in memory. */
    public int paddedFeatures() {
        return TensorArena.paddedRow(features());
    }

    /** First parameter of an encoding. */
    public int encodingOffset(int encoding) {
        int offset = 0;
        for (int i = 0; i < encoding; i++) offset += encodings.get(i).parameterCount();
        return offset;
    }

    /** First parameter of the table of one level of a hash grid. */
    public int tableOffset(int encoding, int level) {
        Encoding.HashGrid grid = (Encoding.HashGrid) encodings.get(encoding);
        return encodingOffset(encoding) + grid.firstEntry(level) * grid.features();
    }

    /** First parameter of the layers: the number of encoding parameters. */
    public int layersOffset() {
        return encodingOffset(encodings.size());
    }

    /** Whether the input of this layer (the output layer has index {@code depth}) is joined by the encoding. */
    public boolean joined(int layer) {
        return layer > 1 && (layer - 1) % skipLayer == 0;
    }

    /** Rows of weights of a hidden layer. */
    public int inputs(int layer) {
        return layer == 0 ? features() : width + (joined(layer) ? features() : 0);
    }

    /** First weight of a layer; the output layer has index {@code depth}. */
    public int weightsOffset(int layer) {
        int offset = layersOffset();
        for (int i = 0; i < layer; i++) offset += (inputs(i) + 1) * paddedWidth();
        return offset;
    }

    /** First bias of a layer. */
    public int biasOffset(int layer) {
        return weightsOffset(layer) + (layer < depth ? inputs(layer) * paddedWidth() : outputs * outputRow());
    }

    /** Length of a row of the output layer's weights: the last hidden layer, then the encoding if joined. */
    public int outputRow() {
        return paddedWidth() + (joined(depth) ? paddedFeatures() : 0);
    }

    /** Number of parameters, padding included. */
    public int parameterCount() {
        return TensorArena.paddedRow(biasOffset(depth) + outputs);
    }
}
